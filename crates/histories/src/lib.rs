//! What happened to a lesson: recorded, judged by name, drawn.

mod event;
mod general;
mod guarantee;
mod history;

mod swap;
#[cfg(test)]
mod tests;
mod verdict;

pub use event::{Answer, Call, Event, EventKind, Fault, Header, Operation, Origin, Process};
pub use guarantee::Guarantee;
pub use history::{History, HistoryError, Operation as Observed};

pub use verdict::{Contradiction, Verdict};

/// A value for people: text without its quotes, all else as JSON.
fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("`{text}`"),
        serde_json::Value::Null => "nothing".to_owned(),
        other => format!("`{other}`"),
    }
}
