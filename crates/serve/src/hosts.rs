//! Which names a server answers to.
//!
//! A server on a loopback address is for this machine, and trusts that only its people can reach it. A page of any site
//! can make its own name mean 127.0.0.1, after it has been loaded, and then call the server as its own: DNS rebinding.
//! The name that the browser believes in is in the `Host` header, and so a foreign one is refused.

use std::{
    net::{IpAddr, Ipv6Addr},
    str,
};

use axum::{
    extract::Request,
    http::{StatusCode, Version, header},
    response::Response,
};

use crate::{Listener, sentence::sentence};

/// The check of a request's `Host`.
#[derive(Debug)]
pub(crate) enum Hosts {
    /// A Unix socket: no browser comes here, and a proxy may pass on any name.
    Any,
    /// An address that others can reach: some name, whichever.
    Named,
    /// A loopback address: its own names, and these.
    Local(Vec<String>),
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HostError {
    #[error("The request has no Host header or several, expected exactly one.")]
    NotOne,
    #[error(
        "This server answers to localhost and to loopback addresses alone, and the request is for {0}; `--allow-host` lets another name in."
    )]
    Foreign(String),
}

impl Hosts {
    pub(crate) fn of(listener: &Listener, allowed: Vec<String>) -> Self {
        match listener {
            Listener::Unix(_) => Self::Any,
            Listener::Tcp(listener) => match listener.local_addr() {
                Ok(address) if !address.ip().to_canonical().is_loopback() => Self::Named,
                _ => Self::Local(allowed),
            },
        }
    }

    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<(), HostError> {
        let allowed = match self {
            Self::Any => return Ok(()),
            Self::Named => None,
            Self::Local(allowed) => Some(allowed),
        };
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => Some(host.as_bytes()),
            (None, _) if request.version() < Version::HTTP_11 => None,
            _ => return Err(HostError::NotOne),
        };
        let Some(allowed) = allowed else {
            return Ok(());
        };
        // A request line may hold a whole address; then both are names that somebody may believe in.
        let authority = request.uri().authority();
        let authority = authority.map(|authority| authority.as_str().as_bytes());
        let names = [host, authority];
        let mut foreign = names
            .iter()
            .flatten()
            .filter(|name| !is_local(name, allowed));
        match foreign.next() {
            Some(name) => Err(HostError::Foreign(shown(name))),
            None => Ok(()),
        }
    }
}

/// Reads a name that a server answers to. It is compared without the port of a `Host`, so that a name with one would never match.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !text.is_empty() && text.chars().all(is_part) {
        Ok(text.to_owned())
    } else {
        Err("expected a name alone, such as app.example, without port or scheme".to_owned())
    }
}

/// Whether a name, with or without a port, means this machine and nothing else.
fn is_local(host: &[u8], allowed: &[String]) -> bool {
    let Ok(host) = str::from_utf8(host) else {
        return false;
    };
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            let address = address.parse::<Ipv6Addr>();
            is_port(port) && address.is_ok_and(|address| address.to_canonical().is_loopback())
        });
    }
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    let name = name.strip_suffix('.').unwrap_or(name);
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    let ends_with = |suffix: &str| {
        let start = name.len().checked_sub(suffix.len());
        start
            .and_then(|start| name.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    let is_loopback = || {
        name.parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
    };
    let is_known = is("localhost")
        || is_loopback()
        || ends_with(".localhost")
        || allowed.iter().any(|allowed| is(allowed));
    is_port(port) && is_known
}

/// Nothing, or a colon and digits.
fn is_port(text: &str) -> bool {
    text.strip_prefix(':')
        .map_or(text.is_empty(), |port| port.parse::<u16>().is_ok())
}

fn shown(host: &[u8]) -> String {
    let is_name = host.len() < 256 && host.iter().all(u8::is_ascii_graphic);
    match str::from_utf8(host) {
        Ok(host) if is_name => format!("`{host}`"),
        _ => "something that is no host".to_owned(),
    }
}

impl HostError {
    pub(crate) fn into_response(self) -> Response {
        let status = match self {
            Self::NotOne => StatusCode::BAD_REQUEST,
            Self::Foreign(_) => StatusCode::MISDIRECTED_REQUEST,
        };
        sentence(status, &self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(hosts: &[&str]) -> Request<()> {
        let request = Request::builder();
        hosts
            .iter()
            .fold(request, |request, host| request.header(header::HOST, *host))
            .body(())
            .unwrap()
    }

    fn local(host: &str) -> bool {
        Hosts::Local(vec!["app.example".to_owned()])
            .check(&request(&[host]))
            .is_ok()
    }

    #[test]
    fn names_of_this_machine_are_let_in() {
        for host in [
            "localhost",
            "LocalHost:8050",
            "localhost.",
            "option4.localhost:8050",
            "127.0.0.1:8050",
            "127.1.2.3",
            "[::1]:8050",
            "[::1]",
            "[::ffff:127.0.0.1]:1",
            "app.example:8050",
            "App.Example",
        ] {
            assert!(local(host), "{host}");
        }
    }

    #[test]
    fn all_other_names_are_refused() {
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:8050",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "127.0.0.1:8050:1",
            "localhost:http",
            "192.0.2.1:8050",
            "0.0.0.0:8050",
            "[2001:db8::1]",
            "[::1",
            "[::1]evil.example",
            "[localhost]",
            "user@localhost",
            "app.example.evil",
            "\u{e9}localhost",
        ] {
            assert!(!local(host), "{host:?}");
        }
    }

    #[test]
    fn the_name_in_a_request_line_counts_too() {
        let mut request = request(&["localhost"]);
        *request.uri_mut() = "http://evil.example/".parse().unwrap();
        let error = Hosts::Local(Vec::new()).check(&request).unwrap_err();
        assert_eq!(error, HostError::Foreign("`evil.example`".to_owned()));
    }

    #[test]
    fn a_request_has_exactly_one_host() {
        for hosts in [&[][..], &["localhost", "localhost"]] {
            let checked = Hosts::Named.check(&request(hosts));
            assert_eq!(checked, Err(HostError::NotOne), "{hosts:?}");
            assert_eq!(Hosts::Any.check(&request(hosts)), Ok(()));
        }
        assert_eq!(Hosts::Named.check(&request(&["evil.example"])), Ok(()));
    }

    #[test]
    fn http_1_0_knows_no_host() {
        let mut request = request(&[]);
        *request.version_mut() = Version::HTTP_10;
        assert_eq!(Hosts::Local(Vec::new()).check(&request), Ok(()));
    }
}
