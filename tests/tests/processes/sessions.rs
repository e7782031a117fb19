//! `option1` under eight workers: what a session holds, whoever reads, writes or is killed.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use harness::{App, Backend};
use hyper::StatusCode;
use tempfile::TempDir;

use crate::{
    UPDATE,
    chain::Clicks,
    lessons::{Shown, click, sentence},
};

const WORKERS: usize = 8;

/// How many people click at the same time.
const CLIENTS: usize = 16;

async fn start(backend: &Backend, data: &Path) -> App {
    App::start("option1")
        .workers(WORKERS)
        .data(data)
        .options(["--store", backend.option()])
        .await
}

async fn each_value_is_read_exactly_once(backend: Backend) {
    let data = TempDir::new().expect("the temporary folder can be written to");
    let app = start(&backend, data.path()).await;
    let clicks = Clicks::by(CLIENTS, &[app.address()], "everybody's", |turn| turn == 10).await;
    assert_eq!((clicks.answered(), clicks.unanswered()), (CLIENTS * 10, 0));
    clicks.assert_linearizable();
}

#[tokio::test]
async fn each_value_of_a_file_is_read_exactly_once_by_sixteen_clients() {
    each_value_is_read_exactly_once(Backend::file()).await;
}

#[tokio::test]
async fn each_value_of_a_row_is_read_exactly_once_by_sixteen_clients() {
    each_value_is_read_exactly_once(Backend::sqlite()).await;
}

#[tokio::test]
async fn each_value_of_a_key_is_read_exactly_once_by_sixteen_clients() {
    each_value_is_read_exactly_once(Backend::redis().await).await;
}

async fn kills_lose_nothing_that_was_answered(backend: Backend) {
    let data = TempDir::new().expect("the temporary folder can be written to");
    let app = start(&backend, data.path()).await;
    let over = AtomicBool::new(false);
    let servers = [app.address()];
    let clicking = Clicks::by(CLIENTS, &servers, "everybody's", |_| {
        over.load(Ordering::Relaxed)
    });
    let killing = async {
        for number in 1..=WORKERS {
            let old = app.kill_worker(number).await;
            app.replaced(number, old).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    let (clicks, ()) = tokio::join!(clicking, killing);
    // All that was stored is still there: the next click goes on with the chain.
    let answered = clicks.answered();
    clicks
        .add(app.address(), "everybody's", "the end".to_owned())
        .await;
    assert_eq!(clicks.answered(), answered + 1);
    clicks.assert_linearizable();
}

#[tokio::test]
async fn a_file_outlives_the_workers_that_are_killed_over_it() {
    kills_lose_nothing_that_was_answered(Backend::file()).await;
}

#[tokio::test]
async fn a_row_outlives_the_workers_that_are_killed_over_it() {
    kills_lose_nothing_that_was_answered(Backend::sqlite()).await;
}

#[tokio::test]
async fn a_key_outlives_the_workers_that_are_killed_over_it() {
    kills_lose_nothing_that_was_answered(Backend::redis().await).await;
}

async fn sessions_outlive_the_app(backend: Backend) {
    let data = TempDir::new().expect("the temporary folder can be written to");
    for (value, held) in [("v1", "None"), ("v2", "Init"), ("v3", "v2")] {
        let app = start(&backend, data.path()).await;
        let shown = Shown::of(&app.post(UPDATE, &click(Some("kept"), value)).await);
        assert_eq!(shown.held, held);
        assert!(app.stop().success());
    }
}

#[tokio::test]
async fn a_file_outlives_the_app() {
    sessions_outlive_the_app(Backend::file()).await;
}

#[tokio::test]
async fn a_row_outlives_the_app() {
    sessions_outlive_the_app(Backend::sqlite()).await;
}

#[tokio::test]
async fn a_key_outlives_the_app() {
    sessions_outlive_the_app(Backend::redis().await).await;
}

/// Names that mean something to a file system, a shell, a database, a URL or a reader, and pairs that some of them take for one name.
const HOSTILE: [&str; 30] = [
    "../x",
    "..",
    ".",
    "../../../../../../tmp/x",
    "/etc/passwd",
    "/",
    "\\",
    "a/b",
    "a\\b",
    "C:\\x",
    "CON",
    "con",
    "nul.json",
    ".hidden",
    "-rf",
    "~",
    "$(id)",
    "'; DROP TABLE sessions; --",
    "%2e%2e%2f",
    "a\0b",
    "a",
    "A",
    "a ",
    " ",
    "\u{e9}",
    "e\u{301}",
    "\u{202e}",
    "browser a",
    "_browser-a",
    "option1:session:a",
];

async fn hostile_names_stay_apart(backend: &Backend, data: &Path) {
    let app = start(backend, data).await;
    let longest = ["x".repeat(200), "\u{10ffff}".repeat(200)];
    let names = HOSTILE
        .into_iter()
        .chain(longest.iter().map(String::as_str));
    // All names in turn, three times: whoever shared a session would see the other's value.
    let mut places = BTreeSet::new();
    for turn in ["None", "Init", "own"] {
        for name in names.clone() {
            let own = format!("own value of {name}");
            let shown = Shown::of(&app.post(UPDATE, &click(Some(name), &own)).await);
            let expected = if turn == "own" { &own } else { turn };
            assert_eq!(shown.held, expected, "{name:?}");
            assert_eq!(shown.kept["session"], name);
            places.insert(shown.place);
        }
    }
    assert_eq!(places.len(), names.count());
}

/// The files below a folder, and the folders.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(below(&path));
        }
        found.push(path);
    }
    found
}

#[tokio::test]
async fn a_hostile_name_is_a_file_of_its_own_inside_the_folder() {
    let around = TempDir::new().expect("the temporary folder can be written to");
    let data = around.path().join("data");
    hostile_names_stay_apart(&Backend::file(), &data).await;
    let found = below(around.path());
    let sessions = data.join("sessions");
    let strays: Vec<_> = found
        .iter()
        .filter(|path| !path.starts_with(&sessions) && **path != data)
        .collect();
    assert!(
        strays.is_empty(),
        "outside the sessions' folder: {strays:?}"
    );
    let files = found.iter().filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    assert_eq!(files.count(), HOSTILE.len() + 2);
}

#[tokio::test]
async fn a_hostile_name_is_a_row_of_its_own() {
    let data = TempDir::new().expect("the temporary folder can be written to");
    hostile_names_stay_apart(&Backend::sqlite(), data.path()).await;
}

#[tokio::test]
async fn a_hostile_name_is_a_key_of_its_own() {
    let data = TempDir::new().expect("the temporary folder can be written to");
    hostile_names_stay_apart(&Backend::redis().await, data.path()).await;
    let beside = below(data.path());
    assert!(beside.is_empty(), "on this machine too: {beside:?}");
}

#[tokio::test]
async fn a_name_that_is_too_long_is_refused_with_its_length_and_keeps_nothing() {
    let app = App::start("option1").await;
    let long = "\u{e9}".repeat(201);
    let answer = app.post(UPDATE, &click(Some(&long), "a")).await;
    let told = sentence(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        told.contains("at most 200 characters, and this one has 201"),
        "{told}"
    );
    let kept = below(&app.data().join("sessions"));
    assert!(kept.iter().all(|path| path.is_dir()), "{kept:?}");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_for_other_sites() {
    let app = App::start("option1").workers(WORKERS).await;
    let before = app.get("/").await;
    assert!(
        !before.headers.contains_key("set-cookie"),
        "a page alone is no session"
    );
    let named = app.post(UPDATE, &click(Some("a"), "")).await;
    assert!(
        !named.headers.contains_key("set-cookie"),
        "a name needs no cookie"
    );

    let answer = app.post(UPDATE, &click(None, "")).await;
    let mut attributes = answer.header("set-cookie").split("; ");
    let cookie = attributes.next().unwrap_or_default();
    let id = cookie.strip_prefix("option1.sid=");
    assert!(
        id.is_some_and(|id| id.len() >= 22),
        "not 128 random bits: {cookie}"
    );
    // This machine alone reaches the app, by http: a cookie for https would never come back.
    let attributes: Vec<_> = attributes.collect();
    assert_eq!(
        attributes,
        ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=86400"]
    );
    let kept = Shown::of(&answer).kept.to_string();
    assert!(
        id.is_some_and(|id| !kept.contains(id)),
        "a script would read it on the page: {kept}"
    );
}
