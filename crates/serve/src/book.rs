//! The book below `/book/`, and the link from an app's page to its chapter.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    extract::State,
    middleware::map_response,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use callbacks::App;
use http::{
    HeaderValue, StatusCode, Uri,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use tower_http::services::ServeDir;

/// What the book's pages may do.
///
/// mdBook writes scripts and styles into its pages, and frames its table of contents where there is no script. An app's
/// own pages allow none of that.
const POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'";

/// An app whose page links to its chapter, and which serves the book in this folder.
pub(crate) fn add(app: App, chapter: &str, folder: &Path) -> App {
    let book = routes(folder);
    app.about(format!("/book/{chapter}"), "Read the chapter")
        .map_router(|router| router.merge(book))
}

fn routes(folder: &Path) -> Router {
    let folder: Arc<Path> = folder.into();
    let missing = Router::new()
        .fallback(missing)
        .with_state(Arc::clone(&folder));
    let files = ServeDir::new(&folder)
        .redirect_path_prefix("/book")
        .fallback(missing);
    let pages = Router::new()
        .fallback_service(files)
        .layer(map_response(protect));
    Router::new()
        .route("/book", get(Redirect::temporary("book/")))
        .nest_service("/book/", pages)
}

/// The answer where there is no file. The book may be built while the app runs, so that each request looks for it.
async fn missing(State(folder): State<Arc<Path>>, uri: Uri) -> Response {
    // The way back is relative: the app may be mounted anywhere. `uri` begins behind `/book`.
    let book = "../".repeat(uri.path().matches('/').count().saturating_sub(1));
    let index: PathBuf = folder.join("index.html");
    let sentence = if tokio::fs::try_exists(index).await.unwrap_or(false) {
        format!("The book has no such page: it begins at <a href=\"./{book}\">its first one</a>.")
    } else {
        "The book has not been built yet: run <code>cargo xtask docs --serve</code> in another terminal, then reload this page.".to_owned()
    };
    (
        StatusCode::NOT_FOUND,
        Html(page(&sentence, &format!("{book}../"))),
    )
        .into_response()
}

/// A page of one sentence, in the look of the app's, whose root is at the end of this way.
fn page(sentence: &str, root: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The book</title>
<link rel="stylesheet" href="{root}assets/style.css">
</head>
<body>
<p class="about"><a href="{root}">Back to the app</a></p>
<main class="container">
<h1>The book</h1>
<p>{sentence}</p>
</main>
</body>
</html>
"#
    )
}

/// Adds what every answer says: a browser asks again each time, as the next build may have changed the page.
async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::fs;

    use axum::body::{Body, to_bytes};
    use callbacks::html;
    use http::{Request, header::LOCATION};
    use tempfile::TempDir;
    use tower::ServiceExt;

    use super::*;

    /// A folder with a book of two pages and a picture, beside a file that is none of it.
    fn shelf() -> TempDir {
        let shelf = tempfile::tempdir().unwrap();
        let book = shelf.path().join("book");
        fs::create_dir_all(book.join("screens")).unwrap();
        fs::write(book.join("index.html"), "<h1>Sharing</h1>").unwrap();
        fs::write(book.join("option1.html"), "<h1>Option 1</h1>").unwrap();
        fs::write(book.join("screens/a.svg"), "<svg/>").unwrap();
        fs::write(shelf.path().join("secret"), "not for reading").unwrap();
        shelf
    }

    async fn get(folder: &Path, address: &str) -> (Response, String) {
        let app = App::new("Echo").layout(html::h1("The app"));
        let router = add(app, "option1.html", folder).into_router().unwrap();
        let request = Request::get(address).body(Body::empty()).unwrap();
        let Ok(mut response) = router.oneshot(request).await;
        let body = std::mem::take(response.body_mut());
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (response, String::from_utf8(body.to_vec()).unwrap())
    }

    fn header<'a>(response: &'a Response, name: &str) -> &'a str {
        let value = response.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn the_page_of_an_app_links_to_its_chapter_and_keeps_its_own_policy() {
        let shelf = shelf();
        let (page, text) = get(&shelf.path().join("book"), "/").await;
        let link = r#"<a rel="help" href="./book/option1.html">Read the chapter</a>"#;
        assert!(text.contains(link), "{text}");
        // Of inline styles plotly.js needs some, where there are graphs; of inline scripts nobody has any but the book.
        let policy = header(&page, "content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{policy}");
    }

    #[tokio::test]
    async fn files_of_the_book_have_their_types() {
        let shelf = shelf();
        for (address, content, kind) in [
            ("/book/", "<h1>Sharing</h1>", "text/html"),
            ("/book/option1.html", "<h1>Option 1</h1>", "text/html"),
            (
                "/book/option1.html?highlight=a",
                "<h1>Option 1</h1>",
                "text/html",
            ),
            ("/book/screens/a.svg", "<svg/>", "image/svg+xml"),
        ] {
            let (file, text) = get(&shelf.path().join("book"), address).await;
            assert_eq!((file.status(), text.as_str()), (StatusCode::OK, content));
            assert_eq!(header(&file, "content-type"), kind, "{address}");
            assert_eq!(header(&file, "cache-control"), "no-cache", "{address}");
            assert_eq!(header(&file, "content-security-policy"), POLICY);
        }
    }

    #[tokio::test]
    async fn a_folder_is_left_to_the_address_that_ends_with_a_slash() {
        let shelf = shelf();
        for (address, location) in [("/book", "book/"), ("/book/screens", "/book/screens/")] {
            let (answer, _) = get(&shelf.path().join("book"), address).await;
            assert!(answer.status().is_redirection(), "{address}");
            assert_eq!(answer.headers()[LOCATION], location);
        }
    }

    #[tokio::test]
    async fn no_address_leads_out_of_the_book() {
        let shelf = shelf();
        for address in [
            "/book/../secret",
            "/book/..%2fsecret",
            "/book/%2e%2e/secret",
            "/book/screens/../../secret",
            "/book/..%5csecret",
            "/book//etc/passwd",
            "/book/%2fetc%2fpasswd",
        ] {
            let (answer, text) = get(&shelf.path().join("book"), address).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{address}: {text}");
            assert!(!text.contains("not for reading"), "{address}");
        }
    }

    #[tokio::test]
    async fn a_book_that_is_not_built_says_how_to_build_it() {
        let empty = tempfile::tempdir().unwrap();
        for folder in [empty.path().to_owned(), empty.path().join("nowhere")] {
            let (answer, text) = get(&folder, "/book/option1.html").await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            assert!(
                text.contains("run <code>cargo xtask docs --serve</code>"),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn a_page_that_the_book_does_not_have_leads_to_its_beginning() {
        let shelf = shelf();
        let (answer, text) = get(&shelf.path().join("book"), "/book/option9.html").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(text.contains(r#"<a href="./">"#), "{text}");
        let (_, text) = get(&shelf.path().join("book"), "/book/a/b").await;
        assert!(text.contains(r#"<a href="./../">"#), "{text}");
        assert!(text.contains(r#"href="../../assets/style.css""#), "{text}");
    }
}
