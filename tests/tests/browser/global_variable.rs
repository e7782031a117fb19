//! One copy per process: right with one worker, wrong with eight.

use std::collections::{BTreeMap, BTreeSet};

use harness::{App, BACKSPACE, Browser, Call, Page};

harness::tests! {
    One: with_one_worker_each_answer_is_the_value_before,
    One: with_one_worker_two_people_read_each_others_text,
    One: opening_the_page_shows_the_copy_and_empties_it,
    One: emptying_the_field_answers_each_key,
    Several: eight_workers_disagree,
    Several: each_answer_is_what_the_worker_that_gave_it_was_told_last,
    Several: kept_connections_hide_the_fault_but_do_not_mend_it,
    One: a_worker_that_was_replaced_has_forgotten,
}

/// Types one more character, and reads what was in the copy of the worker that got it.
async fn answer_to(page: &Page, key: char) -> String {
    page.type_text("#input", &key.to_string()).await;
    page.settled().await;
    page.text("#content").await
}

/// The workers that answered this page's calls so far.
async fn answering(page: &Page) -> BTreeSet<usize> {
    let worker = |call: &Call| {
        call.worker
            .unwrap_or_else(|| panic!("the answer does not name its worker: {call:?}"))
    };
    page.calls().await.iter().map(worker).collect()
}

async fn with_one_worker_each_answer_is_the_value_before(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(page.text("#content").await, "");

    let mut typed = String::new();
    for key in "montréal".chars() {
        assert_eq!(answer_to(&page, key).await, typed);
        typed.push(key);
    }
}

async fn with_one_worker_two_people_read_each_others_text(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let ann = browser.open(&app).await;
    let bob = browser.open(&app).await;

    assert_eq!(answer_to(&ann, 'a').await, "");
    assert_eq!(answer_to(&bob, 'b').await, "a", "Bob reads what Ann wrote");
    assert_eq!(answer_to(&ann, 'c').await, "b", "and Ann what Bob wrote");
    assert_eq!(answer_to(&bob, 'd').await, "ac");
}

async fn opening_the_page_shows_the_copy_and_empties_it(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let ann = browser.open(&app).await;
    answer_to(&ann, 'a').await;

    let bob = browser.open(&app).await;
    assert_eq!(
        bob.text("#content").await,
        "a",
        "a page that opens is a call with no value"
    );
    assert_eq!(
        answer_to(&ann, 'b').await,
        "",
        "which empties the copy under Ann's hands"
    );
}

async fn emptying_the_field_answers_each_key(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    for (key, expected) in [
        ("a", ""),
        ("b", "a"),
        (BACKSPACE, "ab"),
        (BACKSPACE, "a"),
        ("c", ""),
    ] {
        page.type_text("#input", key).await;
        page.settled().await;
        assert_eq!(page.text("#content").await, expected, "after {key:?}");
    }
}

async fn eight_workers_disagree(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;

    // An answer is the value before only if one worker got both keys. Measured, the kernel changes the worker
    // at four of five connections; even if it did so at one of ten only, 200 keys in turn would all be answered
    // rightly once in 10^9 runs. The loop ends at the first wrong answer, mostly the second key.
    let mut typed = String::new();
    let stale = loop {
        assert!(
            typed.len() < 200,
            "every answer was the value before: {typed}"
        );
        let answer = answer_to(&page, 'x').await;
        if answer != typed {
            break answer;
        }
        typed.push('x');
    };
    assert!(
        typed.starts_with(&stale),
        "{stale:?} is neither empty nor an older value than {typed:?}"
    );

    assert!(
        answering(&page).await.len() > 1,
        "two copies, but one worker: {:?}",
        page.calls().await
    );
}

async fn each_answer_is_what_the_worker_that_gave_it_was_told_last(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("global-variable").workers(workers).await;
    let ann = browser.open(&app).await;
    let bob = browser.open(&app).await;

    // The calls on load have emptied the copies of those who answered them; no copy was ever filled.
    let mut copies: BTreeMap<usize, String> = BTreeMap::new();
    for turn in 1..=20 {
        for (person, key) in [(&ann, 'a'), (&bob, 'b')] {
            let answer = answer_to(person, key).await;
            let calls = person.calls().await;
            let worker = calls
                .last()
                .and_then(|call| call.worker)
                .expect("the answer names its worker");
            let told = copies.insert(worker, key.to_string().repeat(turn));
            assert_eq!(
                answer,
                told.unwrap_or_default(),
                "from worker {worker}, turn {turn} of {key:?}"
            );
        }
    }
}

/// Types so many keys, and counts the answers that are not the value before. `enough` of them end it.
async fn wrong_answers(page: &Page, keys: usize, enough: usize) -> usize {
    let mut wrong = 0;
    for typed in 0..keys {
        let answer = answer_to(page, 'x').await;
        assert!(
            answer.len() <= typed && answer.chars().all(|key| key == 'x'),
            "{answer:?} is neither empty nor an older value"
        );
        wrong += usize::from(answer.len() != typed);
        if wrong == enough {
            break;
        }
    }
    wrong
}

async fn kept_connections_hide_the_fault_but_do_not_mend_it(browser: &Browser, workers: usize) {
    let start = || App::start("global-variable").workers(workers);
    // As above: 200 keys have twelve wrong answers; mostly fifteen have.
    let closing = start().await;
    let page = browser.open(&closing).await;
    assert_eq!(wrong_answers(&page, 200, 12).await, 12);
    let keys = page.calls().await.len() - 1;

    let keeping = start().flag("--keep-alive").await;
    let ann = browser.open(&keeping).await;
    // Chromium has at most six connections to one host, and goes on with the one that it has used last: measured, no answer is wrong.
    let wrong = wrong_answers(&ann, keys, usize::MAX).await;
    assert!(
        wrong < 6,
        "{wrong} of {keys} answers are wrong, as without the flag"
    );
    let answering = answering(&ann).await;
    assert!(answering.len() <= 6, "{answering:?}");

    // Another person has connections of their own. Measured, the kernel gives them to another worker in most apps; even if it did so in
    // half of them only, 30 apps in turn would all give both people one copy once in 10^9 runs.
    let mut apps = 0;
    loop {
        assert!(apps < 30, "one worker has answered both people each time");
        apps += 1;
        let keeping = start().flag("--keep-alive").await;
        let ann = browser.open(&keeping).await;
        let bob = browser.open(&keeping).await;
        answer_to(&ann, 'a').await;
        if answer_to(&bob, 'b').await != "a" {
            break;
        }
    }
}

async fn a_worker_that_was_replaced_has_forgotten(browser: &Browser, workers: usize) {
    let app = App::start("global-variable").workers(workers).await;
    let page = browser.open(&app).await;
    answer_to(&page, 'a').await;
    assert_eq!(answer_to(&page, 'b').await, "a");

    let old = app.kill_worker(1).await;
    assert_eq!(
        answer_to(&page, 'c').await,
        "",
        "the copy went with its process"
    );
    assert_eq!(
        answer_to(&page, 'd').await,
        "abc",
        "and the new process has its own"
    );
    assert_ne!(app.replaced(1, old).await, old);
}
