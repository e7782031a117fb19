//! What the pages of `option1` and `option4` send, and what they show of the answers.

use harness::{Response, call};
use hyper::StatusCode;
use serde_json::{Value, json};

/// What `option1` shows after a click.
#[derive(Debug)]
pub(crate) struct Shown {
    /// What the session held.
    pub(crate) held: String,
    /// Where it is kept, in words.
    pub(crate) place: String,
    /// What is kept there now.
    pub(crate) kept: Value,
}

/// What `option4` shows after a click.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) value: String,
    /// `hit`, `miss` or `wait`.
    pub(crate) origin: String,
    /// In milliseconds.
    pub(crate) age: f64,
    /// The worker that computed the value.
    pub(crate) by: usize,
}

/// A click on `option1`'s button.
pub(crate) fn click(session: Option<&str>, value: &str) -> Value {
    call(
        "..content.children...writers.children...place.children...kept.children..",
        &[("button", "n_clicks", json!(1))],
        &[
            ("session_name", "value", json!(session)),
            ("input", "value", json!(value)),
        ],
        &["button.n_clicks"],
    )
}

/// A click on `option4`'s first button.
pub(crate) fn compute(value: &str) -> Value {
    call(
        "..content.children...cache.children..",
        &[("button", "n_clicks", json!(1))],
        &[("input", "value", json!(value))],
        &["button.n_clicks"],
    )
}

/// The sentence of an answer that is an error.
pub(crate) fn sentence(answer: &Response, status: StatusCode) -> String {
    assert_eq!(answer.status, status, "{answer:?}");
    text(&answer.json()["error"])
}

impl Shown {
    pub(crate) fn of(answer: &Response) -> Self {
        let response = response(answer);
        let kept = text(&response["kept"]["children"]);
        Self {
            held: text(&response["content"]["children"]),
            place: text(&response["place"]["children"]),
            kept: serde_json::from_str(&kept)
                .unwrap_or_else(|error| panic!("not JSON ({error}): {kept}")),
        }
    }

    /// What the click has stored.
    pub(crate) fn stored(&self) -> String {
        text(&self.kept["value"])
    }
}

impl Computed {
    pub(crate) fn of(answer: &Response) -> Self {
        let response = response(answer);
        let line = text(&response["cache"]["children"]);
        let (origin, age) = answer.timing("cache");
        let answered = format!("{origin}: answered by worker {}, ", answer.worker());
        assert!(line.starts_with(&answered), "{line} with {answer:?}");
        let by = line
            .split_once("computed by worker ")
            .and_then(|(_, rest)| rest.split_once(',')?.0.parse().ok());
        Self {
            value: text(&response["content"]["children"]),
            origin,
            age,
            by: by.unwrap_or_else(|| panic!("no worker has computed: {line}")),
        }
    }
}

fn response(answer: &Response) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["response"].take()
}

fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("not text: {value}"))
        .to_owned()
}
