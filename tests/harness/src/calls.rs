//! The calls of callbacks as the page itself tells them.

use serde::Deserialize;
use serde_json::Value;

/// A call that has ended.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Call {
    /// The callback, as its `output` in the dependencies.
    pub output: String,
    /// How it ended: `done`, `dropped` or `failed`.
    pub state: String,
    /// The number of the worker that answered, from `X-Worker`.
    pub worker: Option<usize>,
    /// The new values, by `id.property`.
    pub values: Value,
}

/// Run in each document before its own scripts: keeps what the client tells about its calls, which may change later.
pub(crate) const LISTEN: &str = "
    window.endToEndCalls = [];
    document.addEventListener('callbacks:call', (event) => {
        window.endToEndCalls.push(JSON.parse(JSON.stringify(event.detail)));
    });
";

/// The calls that have ended, in the order of their ends.
pub(crate) const ENDED: &str = "window.endToEndCalls
    .filter(({state}) => ['done', 'dropped', 'failed'].includes(state))
    .map((call) => ({...call, worker: call.worker && Number(call.worker)}))";
