//! A counter in a store: what becomes of clicks that come before the answers.

use harness::{App, Browser, Page};
use histories::{Guarantee, History};
use serde_json::Value;

harness::tests! {
    Any: ten_quick_clicks_are_one_in_a_store_and_ten_by_each_cure,
    One: a_click_after_the_last_answer_is_counted_by_all,
    One: two_windows_that_share_a_local_store_lose_each_others_click,
}

/// Ten clicks, 40 ms apart, of answers that come 50 ms late. What each call sent and when it was answered is kept, as the lines of a history.
const CLICKS: &str = r#"(() => {
    const [ask, begun, lines] = [window.fetch, performance.now(), []];
    const at = () => Math.round((performance.now() - begun) * 10) / 10;
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    let calls = 0;
    window.fetch = async (address, options) => {
        const body = new TextDecoder().decode(options.body);
        const counts = JSON.parse(body).output === "cache.data";
        const call = counts ? ++calls : 0;
        if (counts) lines.push({ at: at(), event: "call", call, person: "A", operation: "add", write: 1 });
        const answer = await ask(address, options);
        const copy = answer.clone();
        await wait(50);
        const worker = Number(answer.headers.get("x-worker"));
        const read = (await copy.json()).response?.cache?.data;
        if (counts) lines.push({ at: at(), event: "answer", call, worker, read });
        return answer;
    };
    window.lines = lines;
    window.clicked = (async () => {
        for (let click = 1; click <= 10; click += 1) {
            document.querySelector('#button').click();
            await wait(40);
        }
    })().then(() => { window.clickedAll = true; });
})()"#;

/// What the page says that each way has counted.
async fn counts(page: &Page) -> [u64; 4] {
    let mut counts = [0; 4];
    let places = [
        "#content",
        "#content_events",
        "#content_server",
        "#content_2",
    ];
    for (count, place) in counts.iter_mut().zip(places) {
        *count = page.text(place).await.parse().unwrap_or(0);
    }
    counts
}

async fn click_ten_times(page: &Page) -> History {
    page.execute(CLICKS).await;
    page.wait_until("ten clicks", "window.clickedAll === true")
        .await;
    page.wait_until("every answer", "window.lines.length === 20")
        .await;
    page.settled().await;
    let lines = page.execute("window.lines").await;
    let mut text = "{\"history\":1,\"lesson\":\"option2-counter\",\"workers\":1}\n".to_owned();
    for line in lines.as_array().expect("a list of lines") {
        text += &format!("{line}\n");
    }
    History::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

async fn ten_quick_clicks_are_one_in_a_store_and_ten_by_each_cure(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2-counter").workers(workers).await;
    let page = browser.open(&app).await;
    let history = click_ten_times(&page).await;
    let [store, events, server, _] = counts(&page).await;
    let verdict = Guarantee::NoLostUpdate.judge(&history);
    assert_eq!(verdict.holds(), Some(false), "{verdict}\n{history}");
    assert!(store < 10, "{store} clicks were counted\n{history}");
    assert_eq!((events, server), (10, 10), "{history}");

    // Who cannot click before the answer loses nothing: each click that the button took is counted.
    let page = browser.open(&app).await;
    for count in 1..=10 {
        page.click("#button2").await;
        page.settled().await;
        page.wait_for_text("#content_2", &count.to_string()).await;
    }
}

async fn a_click_after_the_last_answer_is_counted_by_all(browser: &Browser, workers: usize) {
    let app = App::start("option2-counter").workers(workers).await;
    let page = browser.open(&app).await;
    for count in 1..=3 {
        page.click("#button").await;
        page.settled().await;
        assert_eq!(counts(&page).await, [count, count, count, 0]);
    }
}

async fn two_windows_that_share_a_local_store_lose_each_others_click(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2-counter")
        .workers(workers)
        .options(["--storage", "local"])
        .await;
    let ann = browser.person().await;
    let (first, second) = (ann.open(&app).await, ann.open(&app).await);
    // Both calls leave before either answer is there.
    for window in [&first, &second] {
        window
            .execute(
                "((ask) => { window.fetch = async (...all) => { \
                 const answer = await ask(...all); await new Promise((go) => { (window.held ??= []).push(go); }); return answer; }; \
                 document.querySelector('#button').click(); return true; })(window.fetch)",
            )
            .await;
        window
            .wait_until("a held answer", "(window.held ?? []).length === 3")
            .await;
    }
    for window in [&first, &second] {
        let release = "(() => { window.fetch = ((ask) => ask)(window.fetch); const held = window.held; window.held = { push: (go) => go() }; held.forEach((go) => go()); return true; })()";
        assert_eq!(window.execute(release).await, Value::Bool(true));
        window.settled().await;
    }
    for window in [&first, &second] {
        window.wait_for_text("#content", "1").await;
    }
    // The server has counted both.
    assert_eq!(second.text("#content_server").await, "2");
}
