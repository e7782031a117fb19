//! What keeps other sites out: the headers of pages, and the check of where a call comes from.

use http::header::{
    CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::app::App;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

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

/// Whether a call comes from a page of another site. Clients that are not browsers send neither header, and are let through.
///
/// `Sec-Fetch-Site` cannot be set by a page. `Origin` is for browsers that do not send it; its host is compared with `Host`.
pub(crate) fn is_cross_site(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return false;
    };
    let host = headers.get(HOST).map(HeaderValue::as_bytes);
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    origin.map(|(_, host)| host.as_bytes()) != host
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
        for (pairs, cross_site) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-site")], true),
            (
                &[
                    ("origin", "http://127.0.0.1:8050"),
                    ("host", "127.0.0.1:8050"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "http://127.0.0.1:8051"),
                    ("host", "127.0.0.1:8050"),
                ],
                true,
            ),
            (
                &[
                    ("origin", "https://example.org"),
                    ("host", "127.0.0.1:8050"),
                ],
                true,
            ),
            (&[("origin", "null"), ("host", "127.0.0.1:8050")], true),
            (&[("origin", "http://example.org")], true),
        ] {
            assert_eq!(is_cross_site(&headers(pairs)), cross_site, "{pairs:?}");
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
