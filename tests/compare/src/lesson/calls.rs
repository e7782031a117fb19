//! What the lessons' pages send, for what is measured without a browser.

use harness::{Response, call};
use serde_json::{Value, json};

use super::Lesson;

/// Where callbacks are called.
pub(crate) const UPDATE: &str = "/_dash-update-component";

impl Lesson {
    /// The calls of one click, or of one key, that stores `value` in the session `name`. The session exists afterwards, and so does its value.
    pub(crate) fn write(self, value: &str, name: &str) -> Vec<Value> {
        match self {
            Self::GlobalVariable => vec![key(value)],
            // The first click of a session only makes it.
            Self::Session => vec![click(name, value), click(name, value)],
            Self::Store => vec![fill("cache.data", value)],
            Self::HiddenDiv => vec![fill("cache.children", value)],
            Self::Cache => vec![compute(
                value,
                "button",
                "..content.children...cache.children..",
            )],
        }
    }

    /// What the answer to a click leaves in the browser, if that is where the data lies.
    pub(crate) fn carried(self, answer: &Response) -> Option<Value> {
        match self {
            Self::Store => Some(response(answer)["cache"]["data"].clone()),
            Self::HiddenDiv => Some(response(answer)["cache"]["children"].clone()),
            Self::GlobalVariable | Self::Session | Self::Cache => None,
        }
    }

    /// The call that reads: with `carried` where the browser holds the data, and else of the session or for the value `of`.
    pub(crate) fn read(self, of: &str, carried: Option<&Value>) -> Value {
        let carried = || carried.cloned().unwrap_or_default();
        match self {
            Self::GlobalVariable => key("another value"),
            Self::Session => click(of, "another value"),
            Self::Store => show("data", carried()),
            Self::HiddenDiv => show("children", carried()),
            Self::Cache => compute(of, "button2", self.outputs()),
        }
    }

    /// Whether the answer to [`read`](Self::read) is made of `value`.
    pub(crate) fn has(self, answer: &Response, value: &str) -> bool {
        if !answer.status.is_success() {
            return false;
        }
        let shown = response(answer)["content"]["children"].clone();
        let shown = shown.as_str().unwrap_or_default();
        match self {
            Self::GlobalVariable | Self::Session => shown == value,
            Self::Store | Self::HiddenDiv => shown.split(' ').next() == Some(value),
            Self::Cache => answer.timing("cache").0 == "hit",
        }
    }

    /// The data that a liar sends where the browser holds it.
    pub(crate) fn forged(self, value: &str) -> Value {
        let values = json!({"input_1": value, "input_2": null});
        match self {
            Self::HiddenDiv => values.to_string().into(),
            _ => values,
        }
    }

    /// The outputs of the callback that reads, as the dependencies have them.
    pub(crate) fn outputs(self) -> &'static str {
        match self {
            Self::Session => SESSION,
            Self::Cache => "..content_2.children...cache_2.children..",
            Self::GlobalVariable | Self::Store | Self::HiddenDiv => "content.children",
        }
    }
}

const SESSION: &str = "..content.children...writers.children...place.children...kept.children..";

/// The new values in an answer, by id and property; null when it has none.
pub(crate) fn response(answer: &Response) -> Value {
    serde_json::from_slice(&answer.body)
        .map_or(Value::Null, |mut body: Value| body["response"].take())
}

/// A key press in `global-variable`.
fn key(value: &str) -> Value {
    call(
        "content.children",
        &[("input", "value", json!(value))],
        &[],
        &["input.value"],
    )
}

/// A click in `option1`.
fn click(name: &str, value: &str) -> Value {
    let state = [
        ("session_name", "value", json!(name)),
        ("input", "value", json!(value)),
    ];
    call(
        SESSION,
        &[("button", "n_clicks", json!(1))],
        &state,
        &["button.n_clicks"],
    )
}

/// A click in `option2-inputs` and in `option3`.
fn fill(output: &str, value: &str) -> Value {
    let state = [
        ("input_1", "value", json!(value)),
        ("input_2", "value", Value::Null),
    ];
    call(
        output,
        &[("button", "n_clicks", json!(1))],
        &state,
        &["button.n_clicks"],
    )
}

/// The second callback of a click in `option2-inputs` and in `option3`.
fn show(property: &str, data: Value) -> Value {
    let trigger = format!("cache.{property}");
    call(
        "content.children",
        &[("cache", property, data)],
        &[],
        &[&trigger],
    )
}

/// A click in `option4`.
fn compute(value: &str, button: &str, outputs: &str) -> Value {
    let trigger = format!("{button}.n_clicks");
    call(
        outputs,
        &[(button, "n_clicks", json!(1))],
        &[("input", "value", json!(value))],
        &[&trigger],
    )
}
