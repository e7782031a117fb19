//! The stage beside each page: what it says that workers and files hold is what they hold; it kills and pauses workers, and it covers nothing.

use std::{collections::BTreeMap, fs};

use harness::{App, Browser, Emulated, Page};
use serde_json::{Value, json};

harness::tests! {
    Several: the_copies_shown_are_the_copies_that_workers_return,
    Several: what_the_stage_shows_of_a_session_is_what_its_file_holds,
    Several: a_worker_that_is_killed_from_the_page_loses_its_copy_and_has_a_new_lane,
    One: a_worker_that_is_paused_from_the_page_lets_a_call_wait_in_sight,
    Several: lost_updates_are_counted_on_the_stage,
    One: two_windows_share_a_stage_and_one_person_reads_what_the_other_wrote,
    Any: the_table_lists_each_call_with_its_worker_and_its_value,
    Several: the_stage_opens_by_itself_and_then_is_as_the_reader_left_it,
    One: without_the_stage_a_page_has_nothing_of_it,
}

/// Waits until the stage has drawn every answer of this page.
async fn drawn(page: &Page) {
    page.settled().await;
    let answers = page.calls().await.len();
    let wanted = format!("document.querySelector('.stage-body')?.dataset.answers === '{answers}'");
    page.wait_until("every answer on the stage", &wanted).await;
}

/// What the stage shows of each worker: the beginning of its copy, if it has seen one.
async fn copies(page: &Page) -> BTreeMap<String, String> {
    let copies = page
        .execute(
            "Object.fromEntries(Array.from(document.querySelectorAll('tr[data-worker]:not(.stage-ended)'),
                (row) => [row.dataset.worker, row.querySelector('.stage-value')?.textContent]).filter(([, copy]) => copy))",
        )
        .await;
    serde_json::from_value(copies).expect("texts by worker")
}

async fn the_copies_shown_are_the_copies_that_workers_return(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    drawn(&page).await;
    let mut seen_again = 0;
    for key in "abcdefghijklm\u{e003}\u{e003}\u{e003}nop\u{e003}\u{e003}qr".chars() {
        let before = copies(&page).await;
        page.type_text("#input", &key.to_string()).await;
        drawn(&page).await;
        let calls = page.calls().await;
        let call = calls.last().expect("a call");
        let worker = call.worker.expect("a worker").to_string();
        let Some(shown) = before.get(&worker) else {
            continue;
        };
        let returned = call.values["content.children"].as_str();
        assert_eq!(shown, returned.unwrap_or("nothing"), "worker {worker}");
        seen_again += 1;
    }
    assert!(seen_again > 0, "no worker answered twice");
}

async fn what_the_stage_shows_of_a_session_is_what_its_file_holds(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option1").workers(workers).await;
    let page = browser.open(&app).await;
    page.type_text("#session_name", "s").await;
    for value in ["v1", "v2"] {
        page.clear("#input").await;
        page.type_text("#input", value).await;
        page.click("#button").await;
        drawn(&page).await;
    }
    let folder = app.data().join("sessions");
    let mut files = fs::read_dir(folder)
        .expect("sessions")
        .map(|file| file.expect("a file").path());
    let file = files.find(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    let text = fs::read_to_string(file.expect("the session's file")).expect("it can be read");
    let held: Value = serde_json::from_str(&text).expect("it is JSON");
    let shown = page.text("tr:last-child .stage-held").await;
    let (value, worker) = (held["value"].as_str(), &held["worker"]);
    assert_eq!(value, Some("v2"));
    assert!(
        shown.starts_with("v2") && shown.contains(&format!("by worker {worker},")),
        "{shown}"
    );
}

async fn a_worker_that_is_killed_from_the_page_loses_its_copy_and_has_a_new_lane(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    page.type_text("#input", "x").await;
    drawn(&page).await;
    let mut shown = copies(&page).await.into_iter();
    let (worker, _) = shown.find(|(_, copy)| copy == "x").expect("a copy");
    page.click(&format!("tr[data-worker='{worker}'] .stage-kill"))
        .await;
    let lanes = format!(
        "((rows) => rows.length === 2 && rows.map((row) => [row.className, row.querySelector('.stage-held').textContent]))(
            Array.from(document.querySelectorAll('tr[data-worker=\"{worker}\"]')))"
    );
    let lanes = page.wait_until("two lives of the worker", &lanes).await;
    assert_eq!(lanes, json!([["stage-ended", "ended"], ["", "unknown"]]));
    page.wait_for_text(
        ".stage-story li:first-child",
        &format!("Worker {worker} is killed. Its copy, “x”, is gone."),
    )
    .await;
}

async fn a_worker_that_is_paused_from_the_page_lets_a_call_wait_in_sight(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("global-variable").await;
    let page = browser.open(&app).await;
    page.click(".stage-toggle").await;
    // The page itself types as soon as the worker stands still, and notes what it shows meanwhile: on a busy machine the pause may be over
    // before anything from outside has come through.
    page.execute(
        "void new MutationObserver(() => {
            const text = (selector) => document.querySelector(selector)?.textContent ?? '';
            if (!window.typed && text('tr[data-worker]').includes('stands still')) {
                window.typed = true;
                const input = document.querySelector('#input');
                input.value = 'x';
                input.dispatchEvent(new Event('input', {bubbles: true}));
            }
            if (text('.stage-warnings li').startsWith('Call 2 has had no answer for ')) window.waited = true;
        }).observe(document.body, {subtree: true, childList: true, characterData: true})",
    )
    .await;
    page.click("tr[data-worker='1'] .stage-pause").await;
    page.wait_until("a worker that stands still", "window.typed")
        .await;
    page.wait_until("a call that waits", "window.waited").await;
    drawn(&page).await;
    assert_eq!(copies(&page).await["1"], "x");
}

async fn lost_updates_are_counted_on_the_stage(browser: &Browser, workers: usize) {
    let app = App::start("option2-counter").workers(workers).await;
    let page = browser.open(&app).await;
    // The network takes its time, as the address says: the clicks come before the first answer.
    page.open(&app, "/?latency=200").await;
    page.wait_until("an open stage", "document.querySelector('.stage-picture')")
        .await;
    page.execute(
        "void [1, 2, 3, 4, 5].reduce((before) => before.then(() => new Promise((next) => {
            document.querySelector('#button').click();
            setTimeout(next, 20);
        })), Promise.resolve()).then(() => { window.clicked = true; })",
    )
    .await;
    page.wait_until("five clicks", "window.clicked").await;
    page.settled().await;
    let counted: u32 = page.text("#content").await.parse().expect("a number");
    assert!(counted < 5, "no click was lost");
    let lost = if counted == 4 {
        "1 update lost.".to_owned()
    } else {
        format!("{} updates lost.", 5 - counted)
    };
    page.wait_until(
        "the lost updates",
        &format!("document.querySelector('.stage-lost')?.textContent.includes(' {lost}')"),
    )
    .await;
}

async fn two_windows_share_a_stage_and_one_person_reads_what_the_other_wrote(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("global-variable").await;
    let person = browser.person().await;
    let (first, second) = (person.open(&app).await, person.open(&app).await);
    first.click(".stage-toggle").await;
    second.open(&app, "/?person=B").await;
    drawn(&second).await;
    first.type_text("#input", "x").await;
    drawn(&first).await;
    second.type_text("#input", "y").await;
    for page in [&first, &second] {
        let told = "document.querySelector('.stage-another')?.textContent.startsWith('B read “x”, which A wrote')";
        page.wait_until("what B read", told).await;
    }
}

async fn the_table_lists_each_call_with_its_worker_and_its_value(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    if page.attribute("html", "data-stage").await != "open" {
        page.click(".stage-toggle").await;
    }
    page.click("#stage-tab-Calls").await;
    for _ in 0..3 {
        page.type_text("#input", "x").await;
        page.settled().await;
    }
    let rows = page
        .wait_until(
            "four calls in the table, all answered",
            "((rows) => rows.length === 4 && rows.every((row) => row.className === 'stage-done') && rows.map(
                (row) => [row.querySelector('td.stage-worker').textContent, row.querySelector('td.stage-got').textContent]
            ))(Array.from(document.querySelectorAll('.stage-calls tbody tr')))",
        )
        .await;
    // The latest call is the first.
    let mut calls = page.calls().await;
    calls.reverse();
    for (row, call) in rows.as_array().expect("a list").iter().zip(&calls) {
        let worker = call.worker.map(|worker| worker.to_string());
        assert_eq!(row[0].as_str(), worker.as_deref());
        let value = call.values["content.children"].as_str();
        let got = row[1].as_str().expect("a text");
        assert!(
            got.starts_with(value.unwrap_or("nothing")),
            "{row} for {call:?}"
        );
    }
}

async fn the_stage_opens_by_itself_and_then_is_as_the_reader_left_it(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    drawn(&page).await;
    for width in [320, 768, 1280, 1920] {
        let screen = Emulated {
            width,
            height: 700,
            scale: 1.0,
            dark: false,
        };
        page.emulate(&screen).await;
        let apart = "((app, stage) => app.right <= stage.left || app.bottom <= stage.top)(
            document.querySelector('main').getBoundingClientRect(), document.querySelector('.stage').getBoundingClientRect())";
        page.wait_until("a stage that does not cover the app", apart)
            .await;
        let fits = format!("document.documentElement.scrollWidth <= {width}");
        page.wait_until("a page that is not too wide", &fits).await;
    }
    page.click(".stage-toggle").await;
    page.reload().await;
    assert_eq!(page.attribute("html", "data-stage").await, "closed");
    assert_eq!(
        page.execute("document.querySelector('.stage-body')").await,
        Value::Null
    );
    page.click(".stage-toggle").await;
    page.reload().await;
    drawn(&page).await;
}

async fn without_the_stage_a_page_has_nothing_of_it(browser: &Browser, _workers: usize) {
    let app = App::start("global-variable")
        .options(["--stage", "off"])
        .await;
    let page = browser.open(&app).await;
    page.settled().await;
    let parts = "document.querySelectorAll('.stage, [src*=stage], [href*=stage]').length";
    assert_eq!(page.execute(parts).await, 0);
}
