//! Each session has a file, a row or a key of its own, which all workers read and write.

use std::fs;

use harness::{App, BACKSPACE, Backend, Browser, Page, Person};
use serde_json::Value;
use tempfile::TempDir;

harness::tests! {
    Any: a_session_begins_with_init_and_each_click_shows_what_the_one_before_stored,
    Any: two_names_are_two_sessions_and_two_people_with_one_name_share_it,
    Any: without_a_name_two_windows_of_one_person_share_a_session_and_two_people_do_not,
    Any: a_persons_own_session_outlives_the_page_the_workers_and_the_app,
    Any: a_name_that_is_too_long_is_a_sentence_on_the_page,
}

async fn all_backends() -> [Backend; 3] {
    [Backend::file(), Backend::sqlite(), Backend::redis().await]
}

async fn start(workers: usize, backend: &Backend) -> App {
    App::start("option1")
        .workers(workers)
        .options(["--store", backend.option()])
        .await
}

/// Opens the page and types the session's name.
async fn open(person: &Person, app: &App, session: &str) -> Page {
    let page = person.open(app).await;
    page.type_text("#session_name", session).await;
    page
}

/// Types a value in the place of the last one, clicks, and reads what the session held.
async fn store(page: &Page, value: &str) -> String {
    page.clear("#input").await;
    page.type_text("#input", value).await;
    page.click("#button").await;
    page.settled().await;
    page.text("#content").await
}

/// What is kept of the session now.
async fn kept(page: &Page) -> Value {
    let text = page.text("#kept").await;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("not JSON ({error}): {text}"))
}

/// The worker that gave this page's last answer.
async fn answering(page: &Page) -> usize {
    let calls = page.calls().await;
    let worker = calls.last().and_then(|call| call.worker);
    worker.unwrap_or_else(|| panic!("no answer that names its worker: {calls:?}"))
}

/// The page says where a person finds the session `Montréal`, and what it shows is what a person finds there.
async fn assert_place(page: &Page, app: &App, backend: &Backend) {
    let place = page.text("#place").await;
    let data = app.data().display();
    let (begin, end) = match backend.option() {
        "file" => (
            format!("Now the file {data}/sessions/montr-al-"),
            ".json holds:".to_owned(),
        ),
        "sqlite" => (
            "Now the row 'montr-al-".to_owned(),
            format!("' of table sessions in {data}/sessions.sqlite holds:"),
        ),
        redis => (
            "Now the key option1:session:montr-al-".to_owned(),
            format!(" in {redis}/0 holds:"),
        ),
    };
    let hash = place
        .strip_prefix(&begin)
        .and_then(|rest| rest.strip_suffix(&end))
        .filter(|hash| hash.len() == 64)
        .unwrap_or_else(|| panic!("wanted {begin}…{end}, saw {place}"));
    if backend.option() == "file" {
        let file = app.data().join(format!("sessions/montr-al-{hash}.json"));
        let content = fs::read_to_string(file).expect("the file is where the page says");
        assert_eq!(content.trim_end(), page.text("#kept").await);
    }
}

async fn a_session_begins_with_init_and_each_click_shows_what_the_one_before_stored(
    browser: &Browser,
    workers: usize,
) {
    let person = browser.person().await;
    for backend in all_backends().await {
        let app = start(workers, &backend).await;
        let page = open(&person, &app, "Montréal").await;
        for id in ["#content", "#writers", "#place", "#kept"] {
            assert_eq!(page.text(id).await, "", "before the first click");
        }

        assert_eq!(store(&page, "v1").await, "None");
        assert_eq!(kept(&page).await["value"], "Init");
        assert_eq!(page.text("#writers").await, "There was no such session.");
        assert_eq!(store(&page, "v2").await, "Init");
        let writer = answering(&page).await;
        assert_eq!(kept(&page).await["worker"], writer);
        assert_eq!(store(&page, "v3").await, "v2");
        let (kept, reader) = (kept(&page).await, answering(&page).await);
        assert_eq!(
            (&kept["session"], &kept["value"]),
            (&"Montréal".into(), &"v3".into())
        );
        assert_eq!(
            page.text("#writers").await,
            format!("Written by worker {writer}, read by worker {reader}.")
        );
        assert_place(&page, &app, &backend).await;
    }
}

async fn two_names_are_two_sessions_and_two_people_with_one_name_share_it(
    browser: &Browser,
    workers: usize,
) {
    let app = start(workers, &Backend::file()).await;
    let ann = open(&browser.person().await, &app, "a").await;
    let bob = open(&browser.person().await, &app, "b").await;
    store(&ann, "").await;
    assert_eq!(store(&bob, "").await, "None");
    assert_eq!(store(&ann, "of a").await, "Init");
    assert_eq!(store(&bob, "of b").await, "Init");
    assert_eq!(store(&ann, "of a again").await, "of a");

    bob.clear("#session_name").await;
    bob.type_text("#session_name", "a").await;
    assert_eq!(store(&bob, "of both").await, "of a again");
    assert_eq!(store(&ann, "").await, "of both");
}

async fn without_a_name_two_windows_of_one_person_share_a_session_and_two_people_do_not(
    browser: &Browser,
    workers: usize,
) {
    let (ann, bob) = (browser.person().await, browser.person().await);
    for backend in all_backends().await {
        let app = start(workers, &backend).await;
        let (first, second) = (ann.open(&app).await, ann.open(&app).await);
        assert_eq!(store(&first, "v1").await, "None");
        assert_eq!(store(&second, "v2").await, "Init");
        assert_eq!(store(&first, "v3").await, "v2");
        let other = bob.open(&app).await;
        assert_eq!(store(&other, "v4").await, "None");
        assert_eq!(store(&second, "v5").await, "v3");
        assert_eq!(
            first.execute("document.cookie").await,
            "",
            "scripts see no cookie"
        );
    }
}

async fn a_persons_own_session_outlives_the_page_the_workers_and_the_app(
    browser: &Browser,
    workers: usize,
) {
    let data = TempDir::new().expect("the temporary folder can be written to");
    let start = || App::start("option1").workers(workers).data(data.path());
    let app = start().await;
    let ann = browser.person().await;
    let page = ann.open(&app).await;
    assert_eq!(store(&page, "v1").await, "None");
    assert_eq!(store(&page, "v2").await, "Init");
    page.reload().await;
    assert_eq!(store(&page, "v3").await, "v2");
    for number in 1..=workers {
        app.kill_worker(number).await;
    }
    assert_eq!(store(&page, "v4").await, "v3");

    // The new app has another port, which cookies ignore.
    app.stop();
    let app = start().await;
    let page = ann.open(&app).await;
    assert_eq!(store(&page, "v5").await, "v4");
    assert_eq!(store(&browser.open(&app).await, "").await, "None");
}

async fn a_name_that_is_too_long_is_a_sentence_on_the_page(browser: &Browser, workers: usize) {
    let app = start(workers, &Backend::file()).await;
    let page = open(&browser.person().await, &app, &"é".repeat(201)).await;
    assert_eq!(store(&page, "v1").await, "");
    let told = page.text("[role=alert]").await;
    assert!(
        told.contains("at most 200 characters, and this one has 201"),
        "{told}"
    );
    assert!(!page.take_console_errors().await.is_empty());

    page.type_text("#session_name", BACKSPACE).await;
    assert_eq!(store(&page, "v1").await, "None");
}
