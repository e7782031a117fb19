//! What happened to a lesson, written down by a patient observer: recorded, judged by named guarantees, and drawn.
//!
//! A *history* is a list of events: who asked for what and when, which worker answered what and when, what was killed. A *guarantee* is a
//! promise about all histories, such as "linearizable". A *judge* looks at one history and says whether it keeps the promise; if it does
//! not, the judge names the two events that contradict each other.
//!
//! ```
//! use histories::{Guarantee, History};
//!
//! // Two copies: Ann's click reached one worker, and Bob's another that knew nothing of it.
//! let history = History::parse(r#"{"history":1,"lesson":"global-variable","workers":2}
//! {"at":0,"event":"call","call":1,"person":"Ann","operation":"swap","write":"A1"}
//! {"at":1,"event":"answer","call":1,"worker":1,"read":"Init"}
//! {"at":2,"event":"call","call":2,"person":"Bob","operation":"swap","write":"B1"}
//! {"at":3,"event":"answer","call":2,"worker":2,"read":"Init"}"#)?;
//! assert_eq!(
//!     Guarantee::Linearizable.judge(&history).to_string(),
//!     "broken: calls 1 and 2 both read `Init`",
//! );
//! # Ok::<(), histories::HistoryError>(())
//! ```
//!
//! # The words, with a picture each
//!
//! Time runs to the right. `[──]` is a call, from the moment it is sent to the moment it is answered. A *swap* writes a value and reads the
//! one that was there; every value is written once, so a value names its writer.
//!
//! **Linearizable**: the calls can be put into one order in which each reads what the one before it left. A call that was answered before
//! another was sent comes first; two that overlap may come in either order. It looks as if there were one copy.
//!
//! ```text
//! Ann  [── writes A1, reads Init ──]
//! Bob           [── writes B1, reads A1 ──]              the order is A1, B1, A2
//! Ann                                         [── writes A2, reads B1 ──]
//! ```
//!
//! **Lost update**: two calls replace the same value, so what one of them wrote is gone, and nobody has ever read it.
//!
//! ```text
//! Ann  [── writes A1, reads Init ──]
//! Bob                                  [── writes B1, reads Init ──]    where is A1?
//! ```
//!
//! **Stale read**: a call reads a value that had been replaced before the call was sent. The history is not linearizable.
//!
//! ```text
//! Ann  [── puts A1 ──]  [── puts A2 ──]
//! Bob                                    [── gets A1 ──]
//! ```
//!
//! **Read your writes**: nobody reads something older than what they wrote themselves. Bob's stale read above does not break this promise;
//! it would if it were Ann's. A page that is always answered by the same worker keeps it, even with eight copies.
//!
//! ```text
//! Ann  [── puts A1 ──]  [── puts A2 ──]  [── gets A1 ──]    she knows better
//! ```
//!
//! **Monotonic reads**: nobody reads something older than what they have read before. For them, time does not run backwards.
//!
//! ```text
//! Ann  [── puts A1 ──]  [── puts A2 ──]
//! Bob                                    [── gets A2 ──]  [── gets A1 ──]
//! ```
//!
//! **May or may not have happened**: a call without an answer, because its worker was killed or its client left. It may have taken effect at
//! any time after it was sent, or never. A judge has to allow for both, unless somebody has read what it wrote.
//!
//! ```text
//! Ann  [── writes A1, ✗ killed
//! Bob                     [── writes B1, reads A1 ──]    it happened
//! ```
//!
//! # How the judges work
//!
//! Swaps are judged in linear time (`swap`): the answers name the only possible order, and what is left to check is time. Other operations
//! are judged by search (`general`), which is for small histories and gives up with a [`Verdict::Unknown`] when it would take too long. The
//! single guarantees compare pairs of calls (`pairs`). "Holds" is about this history alone: a run that kept a promise proves nothing
//! about the next one, while one that broke it proves that it is not kept.
//!
//! # Layout of the crate
//!
//! The lines of a history (`event`), a whole one (`history`), who writes it down while it goes on (`observer`), what a judge finds (`verdict`), the guarantees and their judges (`guarantee`, `swap`, `general`, `pairs`), and
//! the picture (`picture`).

mod event;
mod general;
mod guarantee;
mod history;
mod observer;
mod pairs;
mod picture;

mod swap;
#[cfg(test)]
mod tests;
mod verdict;

pub use event::{Answer, Call, Event, EventKind, Fault, Header, Operation, Origin, Process};
pub use guarantee::Guarantee;
pub use history::{History, HistoryError, Operation as Observed};
pub use observer::Observer;
pub use picture::{Place, picture};

pub use verdict::{Contradiction, Verdict};

/// A value for people: text without its quotes, all else as JSON.
fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("`{text}`"),
        serde_json::Value::Null => "nothing".to_owned(),
        other => format!("`{other}`"),
    }
}
