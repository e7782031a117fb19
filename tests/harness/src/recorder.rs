//! What an app sends, recorded: its layout, its dependencies, and its answers to calls.
//!
//! The app runs in the test's own process, without a socket. What it sent is compared with a snapshot beside the test's file.

use std::{
    panic::{self, AssertUnwindSafe, Location},
    thread,
};

use axum::{Router, body::Body, http::Error};
use http_body_util::BodyExt;
use hyper::{Request, header::CONTENT_TYPE};
use regex::Regex;
use serde_json::{Map, Value, json};
use tower::ServiceExt;

use crate::xtask;

/// An app, and what it has sent so far.
///
/// ```
/// use harness::{Recorder, call};
/// use serde_json::json;
///
/// # async fn test(app: axum::Router) {
/// let mut recorder = Recorder::of(app).await;
/// let body = call("content.children", &[("input", "value", json!("a"))], &[], &["input.value"]);
/// recorder.answer("to_a_key", &body).await;
/// recorder.check("global-variable");
/// # }
/// ```
pub struct Recorder {
    router: Router,
    recorded: Map<String, Value>,
    masks: Vec<(Regex, &'static str)>,
}

impl Recorder {
    /// Records the app's layout and its dependencies.
    pub async fn of(router: Router) -> Self {
        let mut recorder = Self::new(router);
        for (name, path) in [
            ("layout", "/_dash-layout"),
            ("dependencies", "/_dash-dependencies"),
        ] {
            let answer = recorder.get(path).await;
            recorder.record(name, parse(&answer));
        }
        recorder
    }

    /// Has recorded nothing yet.
    pub fn new(router: Router) -> Self {
        let mut recorder = Self {
            router,
            recorded: Map::new(),
            masks: Vec::new(),
        };
        // In milliseconds since 1970, as JavaScript has it: from 2001 on.
        recorder.mask(r"\b[1-9]\d{12}(\.\d+)?\b", "\"[time]\"");
        recorder
    }

    /// Records the answer to a call as `answer_<name>`.
    pub async fn answer(&mut self, name: &str, call: &Value) {
        let request =
            Request::post("/_dash-update-component").header(CONTENT_TYPE, "application/json");
        let (status, body) = self.send(request.body(Body::from(call.to_string()))).await;
        let answer = json!({"status": status, "body": parse(&body)});
        self.record(&format!("answer_{name}"), answer);
    }

    /// Records the JSON that the page carries in its block `id`.
    pub async fn embedded(&mut self, name: &str, id: &str) {
        let page = self.get("/").await;
        let block = page
            .split_once(&format!("id=\"{id}\">"))
            .and_then(|(_, rest)| rest.split_once("</script>"))
            .unwrap_or_else(|| panic!("the page has no block {id}: {page}"));
        self.record(name, parse(block.0));
    }

    /// What matches `pattern` in the recorded JSON differs from run to run: `with` stands for it, as [`Regex::replace_all`] takes it.
    pub fn mask(&mut self, pattern: &str, with: &'static str) {
        let pattern = Regex::new(pattern).expect("the test writes a regular expression");
        self.masks.push((pattern, with));
    }

    /// Compares what was recorded with `snapshots/<name>.snap` beside the file of the test.
    ///
    /// What an app sends is named after its id. Numbers that are times are left out of the comparison.
    #[track_caller]
    pub fn check(self, name: &str) {
        let test = xtask::workspace().join(Location::caller().file());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(test.with_file_name("snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let recorded = format!("{:#}", Value::Object(self.recorded));
        let recorded = self
            .masks
            .iter()
            .fold(recorded, |recorded, (pattern, with)| {
                pattern.replace_all(&recorded, *with).into_owned()
            });
        let compare = || settings.bind(|| insta::assert_snapshot!(name.to_owned(), recorded));
        // insta has printed the difference. What to do about it is said at the line of the test.
        if panic::catch_unwind(AssertUnwindSafe(compare)).is_err() {
            let thread = thread::current();
            let test = thread.name().unwrap_or_default();
            panic!(
                "{name}.snap is not what the app sends; if that is meant, run `INSTA_UPDATE=always cargo t --lib {test}` and read the diff"
            );
        }
    }

    fn record(&mut self, name: &str, value: Value) {
        let earlier = self.recorded.insert(name.to_owned(), value);
        assert!(earlier.is_none(), "{name} is recorded twice");
    }

    async fn get(&self, path: &str) -> String {
        let (status, body) = self.send(Request::get(path).body(Body::empty())).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn send(&self, request: Result<Request<Body>, Error>) -> (u16, String) {
        let request = request.expect("the test writes a sound request");
        let Ok(answer) = self.router.clone().oneshot(request).await;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await;
        let body = body.expect("a body from memory is complete").to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}

/// An answer that changes nothing has no body.
fn parse(json: &str) -> Value {
    if json.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(json).unwrap_or_else(|error| panic!("not JSON ({error}): {json}"))
}
