//! The lens at the foot of each page: which worker answered, how often, and with what.

use std::collections::BTreeMap;

use harness::{App, Browser, Page};
use serde_json::{Value, json};

harness::tests! {
    Any: the_bar_counts_the_answers_of_each_worker,
    Any: opened_it_lists_each_call_with_its_worker_and_its_value,
}

/// How many answers of each worker the page was told of.
async fn answers(page: &Page) -> BTreeMap<String, u64> {
    let mut answers = BTreeMap::new();
    for call in page.calls().await {
        let worker = call
            .worker
            .unwrap_or_else(|| panic!("the answer does not name its worker: {call:?}"));
        *answers.entry(worker.to_string()).or_default() += 1;
    }
    answers
}

async fn press_keys(page: &Page, count: usize) {
    for _ in 0..count {
        page.type_text("#input", "x").await;
        page.settled().await;
    }
}

async fn the_bar_counts_the_answers_of_each_worker(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    press_keys(&page, 10).await;

    // The lens draws some times a second, so it may be behind the page: first the number of calls, then that of the answers.
    page.wait_for_text(".lens-count", "11 calls").await;
    let shown = page
        .wait_until(
            "eleven answers in the bar",
            "((shares) => Object.values(shares).reduce((sum, share) => sum + share, 0) === 11 && shares)(
                Object.fromEntries(Array.from(document.querySelectorAll('.lens-share-of'), (part) =>
                    [part.firstChild.textContent, Number(part.lastChild.textContent)])))",
        )
        .await;
    assert_eq!(shown, json!(answers(&page).await));
}

async fn opened_it_lists_each_call_with_its_worker_and_its_value(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    page.click(".lens-toggle").await;
    press_keys(&page, 3).await;

    let rows = page
        .wait_until(
            "four calls in the lens, all answered",
            "((rows) => rows.length === 4 && rows.every((row) => row.className === 'lens-done') && rows.map(
                (row) => [row.querySelector('.lens-worker').textContent, row.querySelector('.lens-value').textContent]
            ))(Array.from(document.querySelectorAll('.lens tbody tr')))",
        )
        .await;
    // The latest call stands first.
    let mut calls = page.calls().await;
    calls.reverse();
    for (row, call) in rows.as_array().expect("a list").iter().zip(&calls) {
        let worker = call.worker.map(|worker| format!("worker {worker}"));
        assert_eq!(row[0].as_str(), worker.as_deref());
        if let Value::String(value) = &call.values["content.children"] {
            assert!(
                row[1].as_str().is_some_and(|shown| shown.contains(value)),
                "{row} for {call:?}"
            );
        }
    }
}
