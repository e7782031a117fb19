//! The link from a page to its chapter.

use std::{fs, path::Path};

use harness::{App, Browser, TAB};
use serde_json::json;
use tempfile::TempDir;

harness::tests! {
    Any: the_link_of_a_page_leads_to_its_chapter,
    One: the_link_is_in_sight_and_is_the_first_that_the_tab_key_reaches,
}

/// A book of one chapter, whose script stands in the page, as mdBook's do.
const CHAPTER: &str = r#"<!doctype html>
<link rel="icon" href="data:,">
<h1>The script has not run</h1>
<script>document.querySelector("h1").textContent = "A global variable";</script>
"#;

fn book() -> TempDir {
    let book = TempDir::new().expect("the temporary folder can be written to");
    let page = book.path().join("global-variable.html");
    fs::write(page, CHAPTER).expect("a file can be written");
    book
}

fn options(book: &Path) -> [String; 2] {
    ["--book".to_owned(), book.display().to_string()]
}

async fn the_link_of_a_page_leads_to_its_chapter(browser: &Browser, workers: usize) {
    let book = book();
    let app = App::start("global-variable")
        .workers(workers)
        .options(options(book.path()))
        .await;
    let page = browser.open(&app).await;
    page.click("a[rel=help]").await;
    page.wait_for_text("h1", "A global variable").await;
    let path = page.execute("location.pathname").await;
    assert_eq!(path, json!("/book/global-variable.html"));
}

async fn the_link_is_in_sight_and_is_the_first_that_the_tab_key_reaches(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    let on_top = page
        .execute(
            "((link, {left, top, width, height}) => document.elementFromPoint(left + width / 2, top + height / 2) === link)(
                document.querySelector('a[rel=help]'), document.querySelector('a[rel=help]').getBoundingClientRect())",
        )
        .await;
    assert_eq!(on_top, json!(true));
    page.type_text("body", TAB).await;
    let first = page.execute("document.activeElement.rel").await;
    assert_eq!(first, json!("help"));
}
