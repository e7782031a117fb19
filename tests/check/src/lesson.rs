//! An app's operation, as its page sends it: found in what the app says of its callbacks.

use std::fmt;

use harness::{Address, Property, Response, call};
use hyper::{Method, StatusCode};
use serde_json::Value;
use xtask::registry;

/// Where the page posts its calls.
const UPDATE: &str = "/_dash-update-component";

/// The operation of a running app.
pub(crate) struct Lesson {
    operation: registry::Operation,
    /// The callback's output in the dependencies.
    output: String,
    inputs: Vec<String>,
    state: Vec<String>,
}

/// An app that does not do what its manifest says.
#[derive(Debug)]
pub(crate) struct NoSuchCallback {
    property: String,
    known: Vec<String>,
}

impl fmt::Display for NoSuchCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the manifest's `operation` reads {}, but no callback has that output; expected one of {}",
            self.property,
            self.known.join(", ")
        )
    }
}

impl std::error::Error for NoSuchCallback {}

impl Lesson {
    /// Finds the callback that has the operation's `read` among its outputs.
    pub(crate) fn find(
        operation: &registry::Operation,
        dependencies: &Value,
    ) -> Result<Self, NoSuchCallback> {
        let callbacks = dependencies.as_array().map_or(&[][..], Vec::as_slice);
        let output = |callback: &Value| text(&callback["output"]);
        let has_output =
            |callback: &&Value| outputs(&output(callback)).any(|name| name == operation.read);
        let Some(callback) = callbacks.iter().find(has_output) else {
            return Err(NoSuchCallback {
                property: operation.read.clone(),
                known: callbacks.iter().map(output).collect(),
            });
        };
        let names = |list: &Value| {
            let list = list.as_array().into_iter().flatten();
            list.map(|entry| format!("{}.{}", text(&entry["id"]), text(&entry["property"])))
                .collect()
        };
        Ok(Self {
            operation: operation.clone(),
            output: output(callback),
            inputs: names(&callback["inputs"]),
            state: names(&callback["state"]),
        })
    }

    /// The body of a call about `key` that writes `write`.
    pub(crate) fn body(&self, key: &str, write: &Value) -> Value {
        let value = |name: &String| {
            if self.operation.key.as_ref() == Some(name) {
                Value::from(key)
            } else if self.operation.write.as_ref() == Some(name) {
                write.clone()
            } else if name.ends_with(".n_clicks") {
                Value::from(1)
            } else {
                Value::Null
            }
        };
        let entries = |names: &[String]| -> Vec<(String, String, Value)> {
            let parts = |name: &String| {
                let (id, property) = name.rsplit_once('.').unwrap_or((name, ""));
                (id.to_owned(), property.to_owned(), value(name))
            };
            names.iter().map(parts).collect()
        };
        let (inputs, state) = (entries(&self.inputs), entries(&self.state));
        let triggers: Vec<&str> = self.inputs.iter().take(1).map(String::as_str).collect();
        call(
            &self.output,
            &borrowed(&inputs),
            &borrowed(&state),
            &triggers,
        )
    }

    /// Sends a call over a connection of its own, and waits for the whole answer.
    pub(crate) async fn send(&self, address: Address, body: &Value) -> Result<Response, String> {
        address.request(Method::POST, UPDATE, Some(body)).await
    }

    /// What an answer shows that the call has read; its status if it failed.
    pub(crate) fn read(&self, answer: &Response) -> Result<Value, StatusCode> {
        if answer.status != StatusCode::OK {
            return Err(answer.status);
        }
        let (id, property) = self.operation.read.rsplit_once('.').unwrap_or_default();
        Ok(answer.json()["response"][id][property].clone())
    }
}

fn borrowed(entries: &[(String, String, Value)]) -> Vec<Property<'_>> {
    let entries = entries.iter();
    entries
        .map(|(id, property, value)| (id.as_str(), property.as_str(), value.clone()))
        .collect()
}

/// The properties of an output as the dependencies list it: `a.b`, or `..a.b...c.d..`.
fn outputs(output: &str) -> impl Iterator<Item = &str> {
    output.trim_matches('.').split("...")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
