//! What an app does to its data, where it keeps it, and what it promises of it.

use histories::Fault;
use serde::{Deserialize, Serialize};

use super::{App, Claim};

/// What a call does to an app's data, and the properties, as `id.property`, in which a page has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// What it does.
    pub kind: histories::Operation,
    /// What the call is about, such as the name of a session; none if there is one thing for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is written; none if the call writes what it has read or computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<String>,
    /// Where the browser holds the data between two callbacks: what one has as its output, and the next as an input or a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// The output that shows what was read.
    pub read: String,
    /// The output that begins with `miss`, `wait` or `hit`: where a computed value came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// A place in which an app can keep its data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The name that never changes: of the row in the table of all places, and on the command line.
    pub id: String,
    /// What tells it from the app's other places; empty if there are none.
    #[serde(default)]
    pub name: String,
    /// The app's options for it. `redis://127.0.0.1` stands for any Redis server.
    #[serde(default)]
    pub options: Vec<String>,
}

/// Guarantees, by their names, under some number of workers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// With so many workers: 1, or 8 for any number above 1.
    pub workers: Vec<u16>,
    /// The option of the app that it is about, such as `--cache process`; none if it is about all of them that no other promise names.
    pub option: Option<String>,
    /// What every history keeps, also under these faults.
    #[serde(default)]
    pub holds: Vec<String>,
    /// What breaks, sooner or later, if there are these faults.
    #[serde(default)]
    pub breaks: Vec<String>,
    /// `kill`, `pause`, `reload`, `leave`.
    #[serde(default)]
    pub faults: Vec<Fault>,
}

impl App {
    /// What is promised of a guarantee with so many workers, these options of the app and these faults: that it holds, that it breaks, or
    /// nothing.
    pub fn promised(
        &self,
        guarantee: &str,
        workers: u16,
        options: &[String],
        faults: &[Fault],
    ) -> Option<bool> {
        let options = options.join(" ").replace('=', " ");
        let is_meant = |promise: &&Promise| {
            let given = |option: &String| options.contains(option.as_str());
            promise.option.as_ref().is_none_or(given)
        };
        let several = if workers > 1 { 8 } else { 1 };
        let promises = self.promises.iter().filter(is_meant);
        let mut promises: Vec<_> = promises
            .filter(|promise| promise.workers.contains(&several))
            .collect();
        // What is promised of this option alone comes before what is promised of all.
        promises.sort_by_key(|promise| promise.option.is_none());
        promises.into_iter().find_map(|promise| {
            let lists = |list: &[String]| list.iter().any(|name| name == guarantee);
            let breaks = promise.faults.iter().all(|fault| faults.contains(fault));
            let holds = faults
                .iter()
                .all(|fault| *fault == Fault::Resume || promise.faults.contains(fault));
            match (
                lists(&promise.breaks) && breaks,
                lists(&promise.holds) && holds,
            ) {
                (true, _) => Some(false),
                (_, true) => Some(true),
                _ => None,
            }
        })
    }

    /// Whether the lesson's claim holds with so many workers: all that is promised of the app does, without faults and options.
    #[must_use]
    pub fn claim(&self, workers: u16) -> Claim {
        let plain = |promise: &&Promise| promise.option.is_none() && promise.faults.is_empty();
        let mut plain = self.promises.iter().filter(plain);
        match plain.any(|promise| promise.workers.contains(&workers) && !promise.breaks.is_empty())
        {
            true => Claim::Breaks,
            false => Claim::Holds,
        }
    }
}
