//! The app within one process, and its options. What several workers make of it is tested in a browser, in `tests/`, and the cache
//! in its crate.

use std::fs;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use callbacks::CallbackTiming;
use clap::Parser;
use futures_util::FutureExt;
use harness::{Recorder, call};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use shared_cache::{ManualClock, Settings, SharedCache};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::options::{Checked, OpenError, Options, Place};

/// What no test waits for.
const LONG: Duration = Duration::from_secs(3600);

/// The app's page, as a browser uses it.
#[derive(Clone)]
struct Page(axum::Router);

impl Page {
    fn new(memo: &TextMemo, takes: Duration) -> Self {
        let memo = Remembered::Together(memo.clone());
        Self(app(Expensive { memo, takes }).into_router().unwrap())
    }

    /// Presses the button that belongs to this heading, `clicks` times in all.
    async fn click(&self, content: &str, clicks: u32, value: &str) -> Response {
        let body = click(content, clicks, json!(value)).to_string();
        let request = Request::post("/_dash-update-component")
            .header("Content-Type", "application/json")
            .body(Body::from(body))
            .unwrap();
        self.0.clone().oneshot(request).await.unwrap()
    }

    /// The heading and the line below it after a click.
    async fn shows(&self, content: &str, value: &str) -> (String, String) {
        let response = self.click(content, 1, value).await;
        assert_eq!(response.status(), StatusCode::OK);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        let mut texts = answer["response"].as_object().unwrap().values();
        let mut text = || {
            texts.next().unwrap()["children"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        (text(), text())
    }
}

/// The call of the button that belongs to this heading.
fn click(content: &str, clicks: u32, value: Value) -> Value {
    let (button, cache) = match content {
        "content" => ("button", "cache"),
        _ => ("button2", "cache_2"),
    };
    let trigger = format!("{button}.n_clicks");
    call(
        &format!("..{content}.children...{cache}.children.."),
        &[(button, "n_clicks", json!(clicks))],
        &[("input", "value", value)],
        &[&trigger],
    )
}

type TextMemo = Memo<Option<String>, Option<String>>;

fn memo(folder: &TempDir, settings: Settings) -> TextMemo {
    let cache = SharedCache::files(folder.path().join("cache"), settings);
    cache.memo("compute_expensive_data")
}

#[tokio::test]
async fn a_page_that_is_opened_computes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let page = Page::new(&memo(&folder, Settings::default()), LONG);
    let request = Request::get("/_dash-dependencies").body(Body::empty());
    let response = page.0.oneshot(request.unwrap()).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let callbacks: Vec<Value> = serde_json::from_slice(&body).unwrap();
    let prevented = callbacks
        .iter()
        .map(|callback| &callback["prevent_initial_call"]);
    assert_eq!(prevented.collect::<Vec<_>>(), [true, true]);
}

#[tokio::test]
async fn both_buttons_wait_for_one_computation() {
    let folder = tempfile::tempdir().unwrap();
    let page = Page::new(&memo(&folder, Settings::default()), Duration::ZERO);
    let (first, second) = both(&page, ["content", "content_2"]).await;
    assert_eq!(
        first,
        (
            "A".to_owned(),
            "miss: answered by worker 1, computed by worker 1, 0.0 s ago".to_owned()
        )
    );
    assert_eq!(second.0, "A");
    assert!(second.1.starts_with("wait: "), "{second:?}");
}

/// What the two headings show after two clicks at once.
async fn both(page: &Page, contents: [&'static str; 2]) -> ((String, String), (String, String)) {
    let [first, second] = contents.map(|content| {
        let page = page.clone();
        tokio::spawn(async move { page.shows(content, "A").await })
    });
    (first.await.unwrap(), second.await.unwrap())
}

#[tokio::test]
async fn a_value_is_there_at_once_until_a_minute_has_passed() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::new();
    let settings = |worker| Settings {
        worker,
        clock: (&clock).into(),
        ..Settings::default()
    };
    let computes = Page::new(&memo(&folder, settings(3)), Duration::ZERO);
    let never = Page::new(&memo(&folder, settings(5)), LONG);
    computes.shows("content", "A").await;
    clock.advance(Duration::from_millis(59_940));
    let (value, line) = never.shows("content_2", "A").await;
    assert_eq!(value, "A");
    assert_eq!(
        line,
        "hit: answered by worker 1, computed by worker 3, 59.9 s ago"
    );

    clock.advance(Duration::from_millis(60));
    let (_, line) = computes.shows("content", "A").await;
    assert!(line.starts_with("miss: "), "{line}");
}

#[tokio::test]
async fn the_network_panel_shows_the_origin_and_the_age() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::new();
    let settings = Settings {
        clock: (&clock).into(),
        ..Settings::default()
    };
    let page = Page::new(&memo(&folder, settings), Duration::ZERO);
    for expected in ["cache;desc=\"miss\";dur=0", "cache;desc=\"hit\";dur=2500"] {
        let response = page.click("content", 1, "A").await;
        let ran = response.extensions().get::<CallbackTiming>().unwrap();
        assert_eq!(ran.timings[0].to_string(), expected);
        clock.advance(Duration::from_millis(2500));
    }
}

#[tokio::test]
async fn a_computation_whose_first_caller_left_is_kept_for_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let page = Page::new(
        &memo(&folder, Settings::default()),
        Duration::from_millis(100),
    );
    let mut first = Box::pin(page.click("content", 1, "A"));
    // The call has begun, and its client closes the connection.
    assert!(first.as_mut().now_or_never().is_none());
    drop(first);
    let (value, line) = page.shows("content_2", "A").await;
    assert_eq!(value, "A");
    assert!(!line.starts_with("miss"), "it was computed again: {line}");
}

/// The runtime of this test has one thread, as a worker's has.
#[tokio::test]
async fn other_calls_go_on_while_one_computes() {
    let folder = tempfile::tempdir().unwrap();
    let memo = memo(&folder, Settings::default());
    Page::new(&memo, Duration::ZERO).shows("content", "B").await;
    let page = Page::new(&memo, LONG);
    let computing = tokio::spawn({
        let page = page.clone();
        async move { page.click("content", 1, "A").await }
    });
    let (value, line) = page.shows("content_2", "B").await;
    assert_eq!(value, "B");
    assert!(line.starts_with("hit: "), "{line}");
    assert!(!computing.is_finished());
    computing.abort();
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_a_sentence_next_to_the_value() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cache"), "not a folder").unwrap();
    let page = Page::new(&memo(&folder, Settings::default()), Duration::ZERO);
    let (value, line) = page.shows("content", "A").await;
    assert_eq!(value, "A");
    assert!(line.contains("the value is not kept, because "), "{line}");
}

/// As `serve` has it: the options among others.
#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    options: Checked,
}

fn parse(line: &str) -> Result<Options, clap::Error> {
    let words = format!("option4 {line}");
    Ok(Line::try_parse_from(words.split_whitespace())?.options.0)
}

#[test]
fn the_defaults_are_those_of_the_lesson() {
    let options = parse("").unwrap();
    assert_eq!(options.compute_seconds, Duration::from_secs(5));
    assert_eq!(options.ttl_seconds, Duration::from_secs(60));
    assert_eq!(options.threshold.get(), 200);
    assert_eq!(options.cache, Place::Files);
}

#[test]
fn seconds_may_have_a_fraction() {
    let options = parse("--compute-seconds 0.25 --ttl-seconds 1.5 --threshold 3").unwrap();
    assert_eq!(options.compute_seconds, Duration::from_millis(250));
    assert_eq!(options.ttl_seconds, Duration::from_millis(1500));
}

#[test]
fn what_is_no_place_for_a_cache_is_a_usage_error_that_says_what_is() {
    for wrong in [
        "--cache disk",
        "--threshold 0",
        "--ttl-seconds -1",
        "--compute-seconds soon",
    ] {
        assert_eq!(parse(wrong).unwrap_err().exit_code(), 2, "{wrong}");
    }
    let error = parse("--cache disk").unwrap_err().to_string();
    assert!(error.contains("redis://127.0.0.1:6379"), "{error}");
}

#[tokio::test]
async fn a_redis_that_cannot_be_is_a_sentence_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let options = parse("--cache redis+unix:///dev/null").unwrap();
    let error = options.memo(folder.path(), 1).await.unwrap_err();
    let expected = if cfg!(feature = "redis") {
        "/dev/null"
    } else {
        "the feature `redis`"
    };
    assert!(error.to_string().contains(expected), "{error}");
    assert!(error.to_string().contains("`--cache file`"), "{error}");
    assert_eq!(
        matches!(error, OpenError::NotBuilt { .. }),
        !cfg!(feature = "redis")
    );
}

#[test]
fn limits_beside_those_of_the_macro_are_a_usage_error_that_says_why() {
    assert_eq!(parse("--cache process").unwrap().cache, Place::Process);
    for limit in ["--ttl-seconds 60", "--threshold 200"] {
        let error = parse(&format!("--cache process {limit}")).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let (flag, _) = limit.split_once(' ').unwrap();
        let told = error.to_string();
        assert!(told.contains(&format!("`{flag}`")), "{told}");
        assert!(told.contains("are literals in the source"), "{told}");
    }
}

#[cfg(not(feature = "process"))]
#[tokio::test]
async fn a_macro_that_was_not_compiled_is_a_sentence_that_names_the_feature() {
    let options = parse("--cache process").unwrap();
    let error = options.memo(std::path::Path::new("."), 1).await;
    let told = error.unwrap_err().to_string();
    assert!(told.contains("the feature `process`"), "{told}");
}

/// The page of a worker that remembers alone. All pages of this process share what it remembers.
#[cfg(feature = "process")]
async fn alone(takes: Duration) -> Page {
    let options = parse("--cache process").unwrap();
    let memo = options.memo(std::path::Path::new("."), 3).await.unwrap();
    Page(app(Expensive { memo, takes }).into_router().unwrap())
}

#[cfg(feature = "process")]
#[tokio::test]
async fn one_worker_that_remembers_alone_computes_each_value_once() {
    let page = alone(Duration::from_millis(100)).await;
    let (first, second) = both(&page, ["content", "content_2"]).await;
    let begins = |(_, line): &(String, String)| line.split_once(':').unwrap().0.to_owned();
    assert_eq!(
        (begins(&first), begins(&second)),
        ("miss".to_owned(), "wait".to_owned())
    );
    // Another computation would never end.
    let (value, line) = alone(LONG).await.shows("content", "A").await;
    assert_eq!(value, "A");
    assert!(
        line.starts_with("hit: answered by worker 1, computed by worker 3, "),
        "{line}"
    );
}

#[tokio::test]
async fn option4_sends_what_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::new();
    let settings = Settings {
        clock: (&clock).into(),
        ..Settings::default()
    };
    let app = app(Expensive {
        memo: Remembered::Together(memo(&folder, settings)),
        takes: Duration::ZERO,
    });
    let mut recorder = Recorder::of(app.into_router().unwrap()).await;
    let first = click("content", 1, json!("A"));
    recorder.answer("miss", &first).await;
    clock.advance(Duration::from_millis(12_300));
    let second = click("content_2", 1, json!("A"));
    recorder.answer("hit", &second).await;
    let empty = click("content", 1, Value::Null);
    recorder.answer("without_a_value", &empty).await;
    recorder.check("option4");
}
