//! The guarantees, by the names that the literature has for them.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use crate::{
    event::Operation as Kind,
    general::{self, Failure},
    history::{History, Operation},
    pairs::{
        computed_again, forgotten, invented, lost_update, own_write_missed, read_backwards,
        read_twice, too_old, writes,
    },
    swap, text,
    verdict::{Contradiction, Verdict},
};

/// What a place for data may promise.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Guarantee {
    /// All calls can be put into one order, in which each reads what the one before it left, and which agrees with time: a call that was
    /// answered before another was made comes first.
    Linearizable,
    /// No write disappears unread and unreplaced.
    NoLostUpdate,
    /// No two swaps read the same value.
    NothingReadTwice,
    /// Only what somebody wrote before is ever read, or nothing at all.
    NothingInvented,
    /// A person never reads something older than what the same person wrote last.
    ReadYourWrites,
    /// A person never reads something older than what the same person read before.
    MonotonicReads,
    /// A result is computed once for each key while it lives, which is this many milliseconds.
    ComputedOnce(f64),
    /// A result that is read is at most this many milliseconds old.
    NeverOlderThan(f64),
    /// What was written and answered before a worker was killed is not forgotten afterwards.
    SurvivesKill,
}

type Judgement = Result<(), Failure>;

impl Guarantee {
    /// Its name, as a table shows it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Linearizable => "linearizable",
            Self::NoLostUpdate => "no lost update",
            Self::NothingReadTwice => "nothing read twice",
            Self::NothingInvented => "nothing invented",
            Self::ReadYourWrites => "read your writes",
            Self::MonotonicReads => "monotonic reads",
            Self::ComputedOnce(_) => "computed once",
            Self::NeverOlderThan(_) => "never older than its time to live",
            Self::SurvivesKill => "survives a kill",
        }
    }

    /// The names of all guarantees, in the order of a table.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let all = [Kind::Swap, Kind::Compute].map(|operation| Self::of(operation, 0.0));
        all.into_iter().flatten().map(|guarantee| guarantee.name())
    }

    /// The guarantees that can be kept or broken by these operations. The last two need the time to live, in milliseconds.
    #[must_use]
    pub fn of(operation: Kind, ttl: f64) -> Vec<Self> {
        use Guarantee::{
            ComputedOnce, Linearizable, MonotonicReads, NeverOlderThan, NoLostUpdate,
            NothingInvented, NothingReadTwice, ReadYourWrites, SurvivesKill,
        };
        match operation {
            Kind::Swap => vec![
                Linearizable,
                NoLostUpdate,
                NothingReadTwice,
                NothingInvented,
                ReadYourWrites,
                MonotonicReads,
                SurvivesKill,
            ],
            Kind::Put | Kind::Get => vec![
                Linearizable,
                NothingInvented,
                ReadYourWrites,
                MonotonicReads,
                SurvivesKill,
            ],
            Kind::Add => vec![Linearizable, NoLostUpdate],
            Kind::Compute => vec![ComputedOnce(ttl), NeverOlderThan(ttl)],
        }
    }

    /// Whether the history keeps it. Each key is judged by itself.
    #[must_use]
    pub fn judge(&self, history: &History) -> Verdict {
        let calls = history.calls();
        let mut keys: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
        for call in &calls {
            keys.entry(&call.call.key).or_default().push(*call);
        }
        for calls in keys.values() {
            match self.judge_key(history, calls) {
                Ok(()) => {}
                Err(Failure::Contradiction(contradiction)) => {
                    return Verdict::Broken(contradiction);
                }
                Err(Failure::GivenUp(reason)) => return Verdict::Unknown(reason),
            }
        }
        Verdict::Holds(calls.iter().filter(|call| call.answer.is_some()).count())
    }

    fn judge_key(&self, history: &History, calls: &[Operation<'_>]) -> Judgement {
        match self {
            Self::Linearizable => linearizable(calls),
            Self::NoLostUpdate => {
                distinct(calls)?;
                broken(lost_update(calls))
            }
            Self::NothingReadTwice => broken(read_twice(calls)),
            Self::NothingInvented => broken(invented(calls)),
            Self::ReadYourWrites => {
                distinct(calls)?;
                broken(own_write_missed(calls))
            }
            Self::MonotonicReads => {
                distinct(calls)?;
                broken(read_backwards(calls))
            }
            Self::ComputedOnce(ttl) => broken(computed_again(calls, *ttl)),
            Self::NeverOlderThan(ttl) => broken(too_old(calls, *ttl)),
            Self::SurvivesKill => {
                distinct(calls)?;
                broken(forgotten(history, calls))
            }
        }
    }
}

impl fmt::Display for Guarantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn broken(contradiction: Option<Contradiction>) -> Judgement {
    contradiction.map_or(Ok(()), |contradiction| {
        Err(Failure::Contradiction(contradiction))
    })
}

/// Whether each written value names the call that wrote it.
fn distinct(calls: &[Operation<'_>]) -> Judgement {
    let mut writers = HashMap::new();
    for call in calls
        .iter()
        .filter(|call| writes(call) && call.call.operation != Kind::Add)
    {
        if let Some(other) = writers.insert(call.call.write.to_string(), call.call.call) {
            return Err(Failure::GivenUp(format!(
                "calls {other} and {} both write {}; expected a value of its own for each call",
                call.call.call,
                text(&call.call.write)
            )));
        }
    }
    Ok(())
}

fn linearizable(calls: &[Operation<'_>]) -> Judgement {
    if calls.iter().all(|call| call.call.operation == Kind::Swap) {
        distinct(calls)?;
        return swap::check(calls).map_err(Failure::Contradiction);
    }
    general::check(calls)
}
