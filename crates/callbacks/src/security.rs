//! What keeps other sites out: the headers of pages, and the check of where a call comes from.

use http::header::{
    CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::app::App;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The `Content-Security-Policy` of an app's pages: everything comes from the app itself, and no other page may frame it.
///
/// Style sheets of other hosts are allowed by their addresses. plotly.js writes style elements while it draws, so that a page with
/// plotly.js allows those; inline scripts and `eval` are never allowed.
pub(crate) fn policy(app: &App, plotly: bool) -> HeaderValue {
    let mut styles = String::from("'self'");
    if plotly {
        styles.push_str(" 'unsafe-inline'");
    }
    for address in &app.external_stylesheets {
        styles.push(' ');
        // What has a meaning in a policy, or none in a header, is no part of an address as it is written there.
        styles.extend(
            address
                .chars()
                .filter(|c| c.is_ascii_graphic() && !matches!(c, ';' | ',')),
        );
    }
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src {styles}; font-src 'self' data:; img-src 'self' data: blob:; \
         connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("the policy is made of visible ASCII alone")
}

/// Adds the headers that every page has.
pub(crate) fn protect(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// Why a call is not one of the app's own pages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// The browser says that another site's page makes it.
    Site,
    /// The page is at the first host, and the second one was asked. A proxy that rewrites `Host` looks like this too.
    Host { page: String, asked: String },
}

/// Makes sure that no page of another site makes a call. Clients that are not browsers send none of these headers, and are let through.
///
/// `Sec-Fetch-Site` cannot be set by a page. Browsers send it to `https` and to this machine alone, and for the rest there is `Origin`: its
/// host has to be the one that was asked, or the one that a proxy was asked. `X-Forwarded-Host` can be trusted with that: a page of
/// another site cannot send it unless this server agrees beforehand, which it never does.
pub(crate) fn check_site(headers: &HeaderMap) -> Result<(), Foreign> {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        let own = site == "same-origin" || site == "none";
        return if own { Ok(()) } else { Err(Foreign::Site) };
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(());
    };
    let Some((scheme, page)) = text(origin).split_once("://") else {
        return Err(Foreign::Site);
    };
    let asked = headers.get(HOST).map(text).unwrap_or_default();
    let forwarded = headers.get(X_FORWARDED_HOST).map(text).unwrap_or_default();
    // Each proxy of several adds the host that it was asked for: the browser's is the first.
    let forwarded = forwarded.split(',').next().unwrap_or_default().trim();
    let page = without_default_port(scheme, page);
    let is_page = |host: &str| {
        !host.is_empty() && without_default_port(scheme, host).eq_ignore_ascii_case(page)
    };
    if is_page(asked) || is_page(forwarded) {
        return Ok(());
    }
    Err(Foreign::Host {
        page: page.to_owned(),
        asked: asked.to_owned(),
    })
}

/// A header's text; what is no text equals no name.
fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or_default()
}

/// An origin leaves out the port that is its scheme's own, and a `Host` may have it.
fn without_default_port<'a>(scheme: &str, host: &'a str) -> &'a str {
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return host,
    };
    host.strip_suffix(port).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| (name.parse().unwrap(), value.parse().unwrap());
        pairs.iter().map(pair).collect::<HeaderMap>()
    }

    #[test]
    fn a_call_of_another_site_is_told_by_either_header() {
        let here = ("host", "127.0.0.1:8050");
        for (pairs, own) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://127.0.0.1:8050"), here], true),
            (&[("origin", "http://127.0.0.1:8051"), here], false),
            (&[("origin", "https://example.org"), here], false),
            (&[("origin", "null"), here], false),
            (&[("origin", "http://example.org")], false),
            (&[("origin", "http://")], false),
        ] {
            assert_eq!(check_site(&headers(pairs)).is_ok(), own, "{pairs:?}");
        }
    }

    #[test]
    fn a_host_may_have_the_port_that_an_origin_leaves_out() {
        for (origin, host, own) in [
            ("http://app.test", "app.test:80", true),
            ("https://app.test", "app.test:443", true),
            ("http://app.test", "APP.test", true),
            ("http://app.test", "app.test:443", false),
            ("https://app.test", "app.test:80", false),
            ("http://app.test:8050", "app.test", false),
        ] {
            let checked = check_site(&headers(&[("origin", origin), ("host", host)]));
            assert_eq!(checked.is_ok(), own, "{origin} {host}");
        }
    }

    #[test]
    fn a_proxy_may_say_which_host_the_browser_asked() {
        let through = |forwarded: &str| {
            check_site(&headers(&[
                ("origin", "http://app.test:8080"),
                ("host", "127.0.0.1:8050"),
                ("x-forwarded-host", forwarded),
            ]))
        };
        assert_eq!(through("app.test:8080"), Ok(()));
        assert_eq!(through("app.test:8080, inner.test"), Ok(()));
        let refused = Foreign::Host {
            page: "app.test:8080".to_owned(),
            asked: "127.0.0.1:8050".to_owned(),
        };
        for forwarded in ["", "app.test", "other.test:8080, app.test:8080"] {
            assert_eq!(through(forwarded).as_ref(), Err(&refused), "{forwarded}");
        }
    }

    #[test]
    fn an_address_cannot_add_a_directive_to_the_policy() {
        let app = App::new("").external_stylesheets(["https://example.org/a.css; script-src *\n"]);
        let policy = policy(&app, false);
        let policy = policy.to_str().unwrap();
        assert_eq!(policy.matches("script-src").count(), 2, "{policy}");
        assert_eq!(policy.matches(';').count(), 8, "{policy}");
    }
}
