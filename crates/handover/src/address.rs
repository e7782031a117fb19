//! Where to listen: an address and a port, or a path.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    path::PathBuf,
    str::FromStr,
};

/// Where to listen.
///
/// Written as `127.0.0.1:8050`, `[::1]:8050`, `localhost:8050` or `unix:/run/app.sock`. Port 0 asks the kernel for a
/// free one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bind {
    /// An IPv4 or IPv6 address with its port.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl Bind {
    /// Where an app listens unless told otherwise: Dash's port, on this machine alone.
    pub const DEFAULT: &'static str = "127.0.0.1:8050";

    /// Where it is, as the line that announces it has it: `http://127.0.0.1:8050`, or `unix:` and a path.
    pub fn announced(&self) -> String {
        match self {
            Self::Tcp(address) => format!("http://{address}"),
            Self::Unix(_) => self.to_string(),
        }
    }

    /// Where a browser on this machine finds it: `0.0.0.0` is an address to listen on, not one to open.
    pub fn url(&self) -> String {
        let mut own = self.clone();
        if let Self::Tcp(address) = &mut own
            && address.ip().is_unspecified()
        {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        own.announced()
    }

    /// Whether only this machine can reach it by an address.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix(_) => false,
        }
    }
}

impl From<SocketAddr> for Bind {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl FromStr for Bind {
    type Err = BindParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("unix:") {
            return match path {
                "" => Err(BindParseError(text.to_owned())),
                path => Ok(Self::Unix(PathBuf::from(path))),
            };
        }
        // A plain address needs no resolver; a name such as `localhost` does.
        text.parse()
            .ok()
            .or_else(|| text.to_socket_addrs().ok()?.next())
            .map(Self::Tcp)
            .ok_or_else(|| BindParseError(text.to_owned()))
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The text is not an address to listen on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no address to listen on: expected host and port as in `127.0.0.1:8050`, `[::1]:8050` or `localhost:8050`, or `unix:` and a path"
)]
pub struct BindParseError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_back_as_it_is_written() {
        for text in [
            "127.0.0.1:8050",
            "[::1]:8050",
            "0.0.0.0:0",
            "unix:/run/app.sock",
        ] {
            assert_eq!(text.parse::<Bind>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_browser_is_sent_where_it_can_go() {
        for (listens, url) in [
            ("127.0.0.1:8050", "http://127.0.0.1:8050"),
            ("0.0.0.0:8050", "http://127.0.0.1:8050"),
            ("[::]:8050", "http://[::1]:8050"),
            ("unix:/run/app.sock", "unix:/run/app.sock"),
        ] {
            assert_eq!(listens.parse::<Bind>().unwrap().url(), url);
        }
    }

    #[test]
    fn only_a_loopback_address_is_this_machine_s_alone() {
        let is_loopback = |text: &str| text.parse::<Bind>().unwrap().is_loopback();
        assert!(
            ["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"]
                .iter()
                .all(|text| is_loopback(text))
        );
        assert!(
            !["0.0.0.0:1", "192.0.2.1:1", "unix:/a"]
                .iter()
                .any(|text| is_loopback(text))
        );
    }

    #[test]
    fn a_name_is_looked_up() {
        assert!("localhost:8050".parse::<Bind>().unwrap().is_loopback());
    }

    #[test]
    fn a_port_alone_is_refused_with_an_example() {
        let error = "8050".parse::<Bind>().unwrap_err().to_string();
        assert!(
            error.contains("`8050`") && error.contains("127.0.0.1:8050"),
            "{error}"
        );
    }

    #[test]
    fn a_unix_socket_without_a_path_is_refused() {
        assert!("unix:".parse::<Bind>().is_err());
    }
}
