//! One expensive table, four graphs: computed once with a signal, and four times without.

use std::collections::BTreeSet;

use harness::{App, Browser, Page};

harness::tests! {
    Any: with_the_signal_four_graphs_show_one_computation,
    Any: without_the_signal_each_graph_computes_for_itself,
    Any: another_person_finds_the_table_and_nobody_computes_it_again,
}

async fn start(workers: usize, options: &[&str]) -> App {
    let quick = ["--compute-seconds", "0.2"];
    App::start("signal")
        .workers(workers)
        .options(quick.iter().chain(options).copied())
        .await
}

/// What the titles of the four graphs say of their tables.
async fn runs(page: &Page) -> BTreeSet<String> {
    let titles = page
        .wait_until(
            "four graphs with titles",
            "(() => {
                const graphs = Array.from(document.querySelectorAll('.js-plotly-plot'));
                const titles = graphs.map((graph) => graph.layout.title?.text).filter(Boolean);
                return titles.length === 4 ? titles : undefined;
            })()",
        )
        .await;
    serde_json::from_value(titles).expect("titles are texts")
}

async fn with_the_signal_four_graphs_show_one_computation(browser: &Browser, workers: usize) {
    let app = start(workers, &[]).await;
    let page = browser.open(&app).await;
    let apples = runs(&page).await;
    assert_eq!(apples.len(), 1, "{apples:?}");
    assert_eq!(
        page.settled_calls().await,
        5,
        "the table, and then four graphs"
    );

    page.choose("#dropdown", "Pears").await;
    page.settled().await;
    let pears = runs(&page).await;
    assert_eq!(pears.len(), 1, "{pears:?}");
    assert_ne!(pears, apples);
}

async fn without_the_signal_each_graph_computes_for_itself(browser: &Browser, workers: usize) {
    let app = start(workers, &["--without-signal"]).await;
    let page = browser.open(&app).await;
    let apples = runs(&page).await;
    assert_eq!(apples.len(), 4, "{apples:?}");
    assert_eq!(page.settled_calls().await, 4);
}

async fn another_person_finds_the_table_and_nobody_computes_it_again(
    browser: &Browser,
    workers: usize,
) {
    let app = start(workers, &[]).await;
    let ann = browser.open(&app).await;
    let bob = browser.open(&app).await;
    assert_eq!(runs(&ann).await, runs(&bob).await);
}
