//! Where the app is mounted, as the browser sees it.

use std::borrow::Cow;

use axum::extract::OriginalUri;
use http::request::Parts;

use crate::app::App;

/// The relative path from a page's address to the app's root: `./`, `../`, `./dash/`. The addresses in the page begin with it.
///
/// A relative path is right even behind a proxy that strips a prefix, which the request does not show. A router nested below a path strips
/// that path too, but keeps the original address.
pub(crate) fn root<'a>(app: &'a App, parts: &Parts) -> Cow<'a, str> {
    if let Some(prefix) = &app.requests_pathname_prefix {
        return Cow::Borrowed(prefix);
    }
    let original = parts.extensions.get::<OriginalUri>();
    let asked = original.map_or(parts.uri.path(), |original| original.path());
    let folders = parts.uri.path().matches('/').count();
    match folders {
        // The root itself, nested and requested without the slash at its end: the path leads into the last part of the address.
        0 | 1 if !asked.ends_with('/') && parts.uri.path() == "/" => {
            let (_, last) = asked.rsplit_once('/').unwrap_or_default();
            Cow::Owned(format!("./{last}/"))
        }
        0 | 1 => Cow::Borrowed("./"),
        _ => Cow::Owned("../".repeat(folders - 1)),
    }
}

/// Whether a prefix can be used in the addresses of a page.
pub(crate) fn is_prefix(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '"' | '\\');
    text.starts_with('/')
        && text.ends_with('/')
        && !text.starts_with("//")
        && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn root_of(inner: &str, asked: &str) -> String {
        let mut request = Request::get(inner).body(()).unwrap();
        let asked = OriginalUri(asked.parse().unwrap());
        request.extensions_mut().insert(asked);
        let (parts, ()) = request.into_parts();
        root(&App::new(""), &parts).into_owned()
    }

    #[test]
    fn the_way_to_the_root_is_relative_to_the_address_that_was_asked_for() {
        for (inner, asked, root) in [
            ("/", "/", "./"),
            ("/", "/dash/", "./"),
            ("/", "/dash", "./dash/"),
            ("/", "/tools/dash", "./dash/"),
            ("/page", "/dash/page", "./"),
            ("/book/screens/a", "/dash/book/screens/a", "../../"),
            ("/book/", "/book/", "../"),
        ] {
            assert_eq!(root_of(inner, asked), root, "{inner} of {asked}");
        }
    }

    #[test]
    fn a_prefix_is_a_path_between_slashes() {
        for (text, valid) in [
            ("/", true),
            ("/dash/", true),
            ("/a/b/", true),
            ("dash/", false),
            ("/dash", false),
            ("", false),
            ("//example.org/", false),
            ("/a?b/", false),
            ("/a\"/", false),
            ("/a b/", false),
        ] {
            assert_eq!(is_prefix(text), valid, "{text}");
        }
    }
}
