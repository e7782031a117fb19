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
    masks: Vec<Mask>,
}

/// In each text, what stands between these two is replaced.
struct Mask {
    before: &'static str,
    after: &'static str,
    with: &'static str,
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
        Self {
            router,
            recorded: Map::new(),
            masks: Vec::new(),
        }
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

    /// What stands between `before` and `after` differs from run to run: `with` stands for it.
    pub fn mask(&mut self, before: &'static str, after: &'static str, with: &'static str) {
        self.masks.push(Mask {
            before,
            after,
            with,
        });
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
        let recorded = self.repeatable(Value::Object(self.recorded.clone()));
        let compare = || settings.bind(|| insta::assert_json_snapshot!(name.to_owned(), recorded));
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

    /// What differs from run to run is replaced, if it is what it must be.
    fn repeatable(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.masks.iter().fold(text, Mask::hide).into(),
            // In milliseconds since 1970, as JavaScript has it: from 2020 on.
            Value::Number(at) if at.as_f64().is_some_and(|at| at > 1.6e12) => json!("[time]"),
            Value::Object(entries) => {
                let entries = entries.into_iter();
                entries
                    .map(|(key, value)| (key, self.repeatable(value)))
                    .collect::<Map<_, _>>()
                    .into()
            }
            Value::Array(values) => {
                let values = values.into_iter();
                values.map(|value| self.repeatable(value)).collect()
            }
            value => value,
        }
    }
}

impl Mask {
    fn hide(text: String, mask: &Self) -> String {
        let Mask {
            before,
            after,
            with,
        } = mask;
        let masked = text.split_once(before).and_then(|(begin, rest)| {
            let (_, end) = rest.split_once(after)?;
            Some(format!("{begin}{before}{with}{after}{end}"))
        });
        masked.unwrap_or(text)
    }
}

/// An answer that changes nothing has no body.
fn parse(json: &str) -> Value {
    if json.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(json).unwrap_or_else(|error| panic!("not JSON ({error}): {json}"))
}
