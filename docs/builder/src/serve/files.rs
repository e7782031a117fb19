//! The files of the built book over HTTP, each page with the script that keeps it up to date.

use std::path::Path;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::repository;

/// Listens for news, shows what is wrong, and loads the page again.
const SCRIPT: &str = include_str!("../../assets/live.js");

/// A page for an address that the book does not have, or does not have yet.
const MISSING: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No such page</title></head>\
    <body><p>The book has no such page. <a href=\"/\">To its first page</a></p></body></html>";

/// What stands at this path of the book.
pub(super) async fn answer(folder: &Path, path: &str) -> Response {
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    // Nothing outside the folder has an address.
    let file = repository::resolve("", path);
    let content = match &file {
        Some(file) => tokio::fs::read(folder.join(file)).await.ok(),
        None => None,
    };
    match content {
        Some(page) if path.ends_with(".html") => {
            page_with_script(StatusCode::OK, &String::from_utf8_lossy(&page))
        }
        Some(content) => with_type(StatusCode::OK, content_type(path), content),
        None => page_with_script(StatusCode::NOT_FOUND, MISSING),
    }
}

fn page_with_script(status: StatusCode, page: &str) -> Response {
    let (before, after) = page.rsplit_once("</body>").unwrap_or((page, ""));
    let page = format!("{before}<script>{SCRIPT}</script></body>{after}");
    with_type(status, "text/html; charset=utf-8", page.into_bytes())
}

fn with_type(status: StatusCode, content_type: &'static str, content: Vec<u8>) -> Response {
    // What is written at this moment is never the same a moment later.
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, content).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt" | "toml") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pages_get_the_script_and_nothing_outside_the_folder_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("book");
        std::fs::create_dir(&book).unwrap();
        std::fs::write(book.join("index.html"), "<body>one</body>").unwrap();
        std::fs::write(book.join("a.css"), "a {}").unwrap();
        std::fs::write(folder.path().join("secret.css"), "b {}").unwrap();

        let page = answer(&book, "/").await;
        assert_eq!(page.status(), StatusCode::OK);
        let body = axum::body::to_bytes(page.into_body(), usize::MAX)
            .await
            .unwrap();
        assert!(body.starts_with(b"<body>one<script>"));

        let style = answer(&book, "/a.css").await;
        assert_eq!(
            style.headers()[header::CONTENT_TYPE],
            "text/css; charset=utf-8"
        );
        for path in [
            "/../secret.css",
            "/%2e%2e/secret.css",
            "//etc/passwd",
            "/gone.html",
        ] {
            assert_eq!(
                answer(&book, path).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
}
