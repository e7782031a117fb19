//! The calls of callbacks as the page itself tells them.

use serde_json::Value;

/// A call that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The callback, as its `output` in the dependencies.
    pub output: String,
    /// How it ended: `done`, `dropped` or `failed`.
    pub state: String,
    /// The number of the worker that answered, from `X-Worker`.
    pub worker: Option<usize>,
    /// Whether the page's opening was the reason for it.
    pub initial: bool,
    /// The new values, by `id.property`.
    pub values: Value,
}

/// Run in each document before its own scripts: keeps what the client tells about its calls.
pub(crate) const LISTEN: &str = "
    window.endToEndCalls = [];
    document.addEventListener('callbacks:call', (event) => {
        window.endToEndCalls.push(JSON.parse(JSON.stringify(event.detail)));
    });
";

/// What was kept.
pub(crate) const KEPT: &str = "window.endToEndCalls";

/// The calls that have ended, in the order of their ends.
pub(crate) fn parse(details: &Value) -> Vec<Call> {
    let ended = |detail: &&Value| {
        matches!(
            detail["state"].as_str(),
            Some("done" | "dropped" | "failed")
        )
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let call = |detail: &Value| Call {
        output: text(&detail["output"]),
        state: text(&detail["state"]),
        worker: detail["worker"]
            .as_str()
            .and_then(|worker| worker.parse().ok()),
        initial: detail["initial"] == true,
        values: detail["values"].clone(),
    };
    details
        .as_array()
        .into_iter()
        .flatten()
        .filter(ended)
        .map(call)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_counts_when_it_has_ended() {
        let output = "content.children";
        let details = json!([
            {"output": output, "state": "waiting", "worker": null, "initial": true, "values": {}},
            {"output": output, "state": "running", "worker": null, "initial": true, "values": {}},
            {"output": output, "state": "done", "worker": "3", "initial": true, "values": {"content.children": "a"}},
        ]);
        let values = json!({"content.children": "a"});
        let ended = Call {
            output: output.to_owned(),
            state: "done".to_owned(),
            worker: Some(3),
            initial: true,
            values,
        };
        assert_eq!(parse(&details), [ended]);
    }
}
