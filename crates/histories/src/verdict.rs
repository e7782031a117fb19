//! What a judge found.

use std::fmt;

use crate::history::Operation;

/// Whether a history keeps a guarantee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does, in this many answered calls. Another history may not.
    Holds(usize),
    /// It does not: these two events contradict each other.
    Broken(Contradiction),
    /// The judge cannot tell, for this reason.
    Unknown(String),
}

/// Two events that cannot both have happened if the guarantee holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Their places in [`History::events`](crate::History::events). They are equal if one event contradicts the guarantee by itself.
    pub events: [usize; 2],
    /// The numbers of the calls that they belong to.
    pub calls: [u64; 2],
    /// What is wrong, in one sentence without a full stop.
    pub words: String,
}

impl Contradiction {
    /// What two calls are at odds about. Of an answered call its answer is what contradicts.
    pub(crate) fn between(first: &Operation<'_>, second: &Operation<'_>, words: String) -> Self {
        let event = |call: &Operation<'_>| call.answer_event.unwrap_or(call.event);
        Self {
            events: [event(first), event(second)],
            calls: [first.call.call, second.call.call],
            words,
        }
    }
}

impl Verdict {
    /// Whether the guarantee holds; none if the judge cannot tell.
    #[must_use]
    pub fn holds(&self) -> Option<bool> {
        match self {
            Self::Holds(_) => Some(true),
            Self::Broken(_) => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds(1) => write!(f, "holds in 1 call"),
            Self::Holds(calls) => write!(f, "holds in {calls} calls"),
            Self::Broken(contradiction) => write!(f, "broken: {}", contradiction.words),
            Self::Unknown(reason) => write!(f, "unknown: {reason}"),
        }
    }
}
