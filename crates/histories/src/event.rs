//! The lines of a history.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The first line of a history: what was run.
///
/// ```json
/// {"history":1,"lesson":"option1","options":["--store","file"],"workers":8,"seed":7}
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of this format: 1.
    pub history: u32,
    /// The app's id, such as `option1`.
    pub lesson: String,
    /// The app's options.
    #[serde(default)]
    pub options: Vec<String>,
    /// How many workers ran it.
    pub workers: u32,
    /// What decided which calls people made, and when faults came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// One line after the first: what happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Milliseconds since the recording began, on the monotonic clock of the process that makes the calls.
    pub at: f64,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What an [`Event`] is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum EventKind {
    /// A worker process serves from now on.
    Started(Process),
    /// A worker process is gone.
    Ended(Process),
    /// Something was done to a worker, or a client went away.
    Fault {
        /// Which fault it is.
        kind: Fault,
        /// The worker that it met, if it met one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        worker: Option<u32>,
    },
    /// A person asked for something.
    Call(Call),
    /// A call was answered.
    Answer(Answer),
}

/// One process of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Process {
    /// The worker's number, from 1.
    pub worker: u32,
    /// Which process has this number, from 1: the one that replaces it is 2.
    #[serde(default = "first")]
    pub life: u32,
}

/// What can be done to workers and clients while people call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// A worker ends at once, as by `kill -9`.
    Kill,
    /// A worker stands still, as by `SIGSTOP`.
    Pause,
    /// A paused worker goes on.
    Resume,
    /// All workers are replaced, one after the other.
    Reload,
    /// A client goes away before its answer.
    Leave,
}

/// A person's call, from the moment it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Its number, which its answer repeats.
    pub call: u64,
    /// Who calls, such as `A`.
    pub person: String,
    /// What is asked for.
    pub operation: Operation,
    /// The one thing that it is about, such as a session's name. Histories of different keys do not concern each other.
    #[serde(default)]
    pub key: String,
    /// The value that it writes; for `add` the number that it adds.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub write: Value,
}

/// What a call does to the value of its key, if it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Reads the value, and puts another in its place, in one step.
    Swap,
    /// Writes a value.
    Put,
    /// Reads the value.
    Get,
    /// Adds to the number, and reads the sum.
    Add,
    /// Reads the result of a computation for this key, which is made if nobody has made it.
    Compute,
}

/// The end of a call. A call without one may or may not have happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The call's number.
    pub call: u64,
    /// Who answered, if it is known.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Process>,
    /// The HTTP status of a call that failed. It may or may not have happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What was read.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub read: Value,
    /// Where a computed value came from: `miss`, `wait` or `hit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// How old a computed value was, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<f64>,
}

/// Where a computed value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// This call computed it.
    Miss,
    /// This call waited for another one's computation.
    Wait,
    /// It was remembered.
    Hit,
}

fn first() -> u32 {
    1
}
