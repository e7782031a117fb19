//! The pictures of the book. Each test brings a page to the state that a chapter describes, and sees that it is in it.
//!
//! `BLESS_BOOK=1` makes the pictures, light and dark. Otherwise only the text of the page is compared, and what its look depends on.

mod screen;

use std::{collections::BTreeSet, fs, process::ExitCode};

use harness::{App, Browser, Page};

use crate::screen::Screen;

harness::tests! {
    Once: frontend_backend,
    Once: frontend_backend_server,
    Once: global_variable_1,
    Once: global_variable_8,
    Once: option1,
    Once: option2,
    Once: option2_inputs,
    Once: option3,
    Once: option3_div,
    Once: option4_miss,
    Once: option4_hit,
}

fn main() -> ExitCode {
    harness::run_suite("book", file!(), &[TESTS])
}

/// Opens the app's page as the picture `name` shows it.
async fn open(browser: &Browser, app: &App, name: &'static str) -> (Screen, Page) {
    let page = browser.person().await.tab().await;
    let screen = Screen::new(name, &page).await;
    page.open(app, "/").await;
    page.settled().await;
    (screen, page)
}

/// Types key by key, as a person does: each key is a call of its own.
async fn type_slowly(page: &Page, selector: &str, text: &str) {
    for key in text.chars() {
        page.type_text(selector, &key.to_string()).await;
        page.settled().await;
    }
}

/// Opens the stage, unless it is open, and waits until it has drawn each answer.
async fn with_stage(page: &Page) {
    if page.attribute("html", "data-stage").await != "open" {
        page.click(".stage-toggle").await;
    }
    let answers = page.calls().await.len();
    let wanted = format!("document.querySelector('.stage-body')?.dataset.answers === '{answers}'");
    page.wait_until("every answer on the stage", &wanted).await;
}

async fn frontend_backend(browser: &Browser) {
    let app = App::start("frontend-backend").workers(8).await;
    let (screen, page) = open(browser, &app, "frontend-backend").await;
    page.type_text("#city", "!").await;
    page.settled().await;
    page.wait_for_text("#greeting", "Hello, Montreal!!").await;
    screen.show(&page).await;
}

async fn frontend_backend_server(browser: &Browser) {
    let app = App::start("frontend-backend")
        .workers(8)
        .options(["--initial", "server"])
        .await;
    let (screen, page) = open(browser, &app, "frontend-backend-server").await;
    screen.show(&page).await;
}

async fn global_variable_1(browser: &Browser) {
    let app = App::start("global-variable").await;
    let (screen, page) = open(browser, &app, "global-variable-1").await;
    type_slowly(&page, "#input", "Montréal").await;
    assert_eq!(page.text("#content").await, "Montréa");
    with_stage(&page).await;
    screen.show(&page).await;
}

async fn global_variable_8(browser: &Browser) {
    let app = App::start("global-variable").workers(8).await;
    let (screen, page) = open(browser, &app, "global-variable-8").await;
    let screen = screen.chance("#content", "<an older piece of the word>");
    // The last answer shall be a piece that is too old, and not nothing, so that the picture shows a piece.
    type_slowly(&page, "#input", "Montréal").await;
    let mut words = 1;
    while !is_stale(&page).await {
        words += 1;
        assert!(words <= 50, "every last answer was right or nothing");
        page.reload().await;
        type_slowly(&page, "#input", "Montréal").await;
    }
    with_stage(&page).await;
    screen.show(&page).await;
}

/// Whether the heading is a piece of the word in the field, but not all of it up to the last key.
async fn is_stale(page: &Page) -> bool {
    let typed = page.property("#input", "value").await;
    let typed = typed.as_str().unwrap_or_default();
    let shown = page.text("#content").await;
    shown.chars().count() >= 3
        && typed.starts_with(&shown)
        && shown.chars().count() + 1 < typed.chars().count()
}

async fn option1(browser: &Browser) {
    let app = App::start("option1").workers(8).await;
    let (screen, page) = open(browser, &app, "option1").await;
    page.type_text("#session_name", "Montréal").await;
    let mut sessions = 1;
    while !is_written_by_one_and_read_by_another(&page).await {
        sessions += 1;
        assert!(sessions <= 50, "one worker has answered each time");
        let kept = app.data().join("sessions");
        fs::remove_dir_all(&kept).expect("there is a session to forget");
    }
    // The reader has the folder in the workspace.
    let folder = app.data().display();
    let place = format!(
        "(place => place.textContent = place.textContent.replace('{folder}', '.data/option1'))(
            document.querySelector('#place'))"
    );
    page.execute(&place).await;
    screen.show(&page).await;
}

/// Clicks twice, which begins a session and shows its first value, and says whether two workers have answered.
async fn is_written_by_one_and_read_by_another(page: &Page) -> bool {
    for (text, expected) in [("v0", "None"), ("v1", "Init")] {
        page.clear("#input").await;
        page.type_text("#input", text).await;
        page.click("#button").await;
        page.settled().await;
        assert_eq!(page.text("#content").await, expected);
    }
    are_two(&page.text("#writers").await)
}

/// Whether the two workers that a line names are two: `Written by worker 4, read by worker 7.`
fn are_two(line: &str) -> bool {
    let numbers = line
        .split("worker ")
        .skip(1)
        .filter_map(|rest| rest.chars().next());
    let numbers: BTreeSet<char> = numbers.collect();
    assert!(numbers.iter().all(char::is_ascii_digit), "{line}");
    numbers.len() == 2
}

async fn option2(browser: &Browser) {
    let app = App::start("option2").workers(8).await;
    let (screen, page) = open(browser, &app, "option2").await;
    page.choose("#dropdown", "C").await;
    page.settled().await;
    let bars = "document.querySelectorAll('#graph .bars .point').length === 2";
    page.wait_until("two bars", bars).await;
    screen.show(&page).await;
}

async fn option2_inputs(browser: &Browser) {
    let app = App::start("option2-inputs").workers(8).await;
    let (screen, page) = open(browser, &app, "option2-inputs").await;
    store_both(&page).await;
    with_stage(&page).await;
    screen.show(&page).await;
}

async fn option3(browser: &Browser) {
    let app = App::start("option3").workers(8).await;
    let (screen, page) = open(browser, &app, "option3").await;
    store_both(&page).await;
    assert_eq!(page.style("#cache", "display").await, "none");
    screen.show(&page).await;
}

async fn option3_div(browser: &Browser) {
    let app = App::start("option3").workers(8).await;
    let (screen, page) = open(browser, &app, "option3-div").await;
    store_both(&page).await;
    let reveal =
        "document.querySelector('#cache').style.cssText = 'display: block; outline: 2px dashed'";
    page.execute(reveal).await;
    assert_eq!(
        page.text("#cache").await,
        r#"{"input_1":"Montréal","input_2":"Québec"}"#
    );
    screen.show(&page).await;
}

/// Types into both fields and clicks, and sees that the text below says so.
async fn store_both(page: &Page) {
    page.type_text("#input_1", "Montréal").await;
    page.type_text("#input_2", "Québec").await;
    page.click("#button").await;
    page.settled().await;
    assert_eq!(page.text("#content").await, "Montréal Québec");
}

async fn option4_miss(browser: &Browser) {
    let app = App::start("option4")
        .workers(8)
        .options(["--compute-seconds", "600"])
        .await;
    let (screen, page) = open(browser, &app, "option4-miss").await;
    page.type_text("#input", "Montréal").await;
    page.click("#button").await;
    let spinner =
        "document.querySelector('.dash-loading[aria-busy=true] .dash-spinner')?.offsetHeight";
    page.wait_until("a spinner", spinner).await;
    screen.show(&page).await;
    // Whoever leaves the page calls off what it waits for; otherwise the app's end would be an error on it.
    page.reload().await;
}

async fn option4_hit(browser: &Browser) {
    let app = App::start("option4")
        .workers(8)
        .options(["--compute-seconds", "0.5"])
        .await;
    let (screen, page) = open(browser, &app, "option4-hit").await;
    page.type_text("#input", "Montréal").await;
    page.click("#button").await;
    page.settled().await;
    assert!(page.text("#cache").await.starts_with("miss: "));
    // Each click is a connection of its own, and so goes to another worker sooner or later.
    let mut clicks = 0;
    while clicks == 0 || !are_two(&page.text("#cache_2").await) {
        clicks += 1;
        assert!(clicks <= 50, "one worker has answered each time");
        page.click("#button2").await;
        page.settled().await;
        assert!(page.text("#cache_2").await.starts_with("hit: "));
    }
    screen.show(&page).await;
}
