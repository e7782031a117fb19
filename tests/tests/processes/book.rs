//! The book below `/book/`, as each worker serves it.

use std::{collections::BTreeSet, fs};

use harness::App;
use hyper::{Method, StatusCode};
use tempfile::TempDir;

/// Where the page's link to its chapter leads.
fn link(page: &str) -> &str {
    let link = page.split_once("<a rel=\"help\" href=\"");
    let address = link.and_then(|(_, rest)| rest.split_once('"'));
    let address = address
        .unwrap_or_else(|| panic!("the page has no link to a chapter: {page}"))
        .0;
    // It is relative to the page, which is at the root.
    address.strip_prefix('.').unwrap_or(address)
}

#[tokio::test]
async fn without_a_book_the_link_of_a_page_says_how_to_build_it() {
    let nothing = TempDir::new().expect("the temporary folder can be written to");
    let folder = nothing.path().display().to_string();
    let app = App::start("global-variable")
        .options(["--book".to_owned(), folder])
        .await;
    let page = app.get("/").await;
    let answer = app.get(link(&String::from_utf8_lossy(&page.body))).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let text = String::from_utf8_lossy(&answer.body);
    assert!(text.contains("cargo xtask docs --serve"), "{text}");
}

#[tokio::test]
async fn every_worker_serves_the_book() {
    let book = TempDir::new().expect("the temporary folder can be written to");
    let written = fs::write(book.path().join("index.html"), "<h1>The book</h1>");
    written.expect("a file can be written");
    let folder = book.path().display().to_string();
    let app = App::start("global-variable")
        .workers(2)
        .options(["--book".to_owned(), folder])
        .await;
    let mut workers = BTreeSet::new();
    while workers.len() < 2 {
        let (worker, mut connection) = app.connect_to(|worker| !workers.contains(&worker)).await;
        let answer = connection.request(Method::GET, "/book/", None).await;
        let answer = answer.expect("the worker answers");
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "text/html");
        workers.insert(worker);
    }
}
