//! `xtask run --watch`: the page that is open follows the program while it is worked on.

use std::time::Duration;

use harness::{App, Browser, Page};
use serde_json::json;

use crate::workspace_copy::WorkspaceCopy;

harness::tests! {
    One: an_open_page_follows_a_tutorial_that_is_edited_broken_and_mended,
}

const LISTING: &str = "tutorials/global-variable/src/lib.rs";

fn start(copy: &WorkspaceCopy) -> harness::Start {
    App::start("global-variable")
        .workspace(copy.folder())
        .workers(2)
        .flag("--watch")
}

/// Marks the document, so that a page that was loaded anew is told from one that stayed.
async fn mark(page: &Page) {
    page.execute("document.documentElement.dataset.stayed = 'yes'")
        .await;
}

async fn has_stayed(page: &Page) -> bool {
    page.attribute("html", "data-stayed").await == "yes"
}

async fn an_open_page_follows_a_tutorial_that_is_edited_broken_and_mended(
    browser: &Browser,
    _workers: usize,
) {
    let copy = WorkspaceCopy::new();
    let app = start(&copy).await;
    let page = browser.open(&app).await.within(Duration::from_secs(60));
    page.settled().await;

    // A change of the listing: the page is there again, with the new text, without a hand on it.
    mark(&page).await;
    copy.edit(LISTING, "\"Your text\"", "\"Your word\"");
    page.wait_until(
        "the new text",
        "document.body.textContent.includes('Your word')",
    )
    .await;
    assert!(!has_stayed(&page).await);

    // It does not compile: the page says where and why, and the old one is still there below.
    page.settled().await;
    mark(&page).await;
    copy.edit(LISTING, "pub fn app()", "fn broken( { pub fn app()");
    page.wait_until("the compiler's error", "document.querySelector('.reload-error pre')?.textContent.includes('global-variable/src/lib.rs')").await;
    assert!(
        page.text(".reload-error pre")
            .await
            .contains("unclosed delimiter")
    );
    copy.edit(LISTING, "fn broken( { pub fn app()", "pub fn app()");
    page.wait_until(
        "a page without the error",
        "document.documentElement.dataset.stayed === undefined && !document.querySelector('.reload-error')",
    )
    .await;
    assert!(page.text("body").await.contains("Your word"));

    // A style sheet alone: what was typed stays.
    page.wait_until(
        "an idle page",
        "document.documentElement.dataset.callbacks === 'idle'",
    )
    .await;
    page.type_text("#input", "kept").await;
    page.settled().await;
    mark(&page).await;
    copy.edit(
        "crates/callbacks/client/style.css",
        "color: var(--ink);",
        "color: rgb(1, 2, 3);",
    );
    page.wait_until(
        "the new style",
        "getComputedStyle(document.body).color === 'rgb(1, 2, 3)'",
    )
    .await;
    assert!(has_stayed(&page).await);
    assert_eq!(page.property("#input", "value").await, json!("kept"));

    // A callback that panics: the page says where and why, until it is mended.
    const SOUND: &str = "mem::replace(&mut *shared, value)";
    copy.edit(
        LISTING,
        SOUND,
        "mem::replace(&mut *shared, value.map(|_| -> String { panic!(\"no room\") }))",
    );
    page.wait_until(
        "a page of the new program",
        "document.documentElement.dataset.stayed === undefined",
    )
    .await;
    page.settled().await;
    page.type_text("#input", "x").await;
    page.settled().await;
    let detail = page.text(".error details[open] pre").await;
    assert!(detail.starts_with("It panicked: no room (at "), "{detail}");
    assert!(detail.contains(LISTING), "{detail}");
    mark(&page).await;
    copy.edit(
        LISTING,
        "value.map(|_| -> String { panic!(\"no room\") })",
        "value",
    );
    page.wait_until(
        "a page without the failure",
        "document.documentElement.dataset.stayed === undefined && !document.querySelector('.error')",
    )
    .await;
    page.settled().await;
    page.take_console_errors().await;

    // It compiles and cannot start.
    copy.edit(
        LISTING,
        "content,\n            html::p(NOTE)",
        "html::p(NOTE)",
    );
    page.wait_until(
        "that it does not start",
        "document.querySelector('.reload-error h2')?.textContent.includes('does not start')",
    )
    .await;
    copy.edit(
        LISTING,
        "html::p(NOTE)",
        "content,\n            html::p(NOTE)",
    );
    page.wait_until(
        "a page without the error",
        "document.documentElement.dataset.stayed === undefined && !document.querySelector('.reload-error')",
    )
    .await;

    // The server is away, and the page comes back with it.
    page.settled().await;
    mark(&page).await;
    let address = app.address();
    app.stop();
    page.wait_for_text(
        ".reload-away",
        "The server is away. This page comes back with it.",
    )
    .await;
    let again = start(&copy).at(address).await;
    page.wait_until(
        "the page of the new server",
        "document.documentElement.dataset.stayed === undefined && !document.querySelector('.reload-away')",
    )
    .await;
    page.settled().await;
    // The page stops asking, so that it asks no server that is gone.
    page.execute("void (window.fetch = () => new Promise(() => {}))")
        .await;
    page.take_console_errors().await;
    drop(again);
}
