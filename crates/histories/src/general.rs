//! Small histories of any operations: is there an order of the calls that explains all answers?
//!
//! The search is Wing and Gong's, with Lowe's memory of what was tried. A call may come next if no call that is still to come was answered
//! before it was made. Two ways to the same set of calls and the same value lead to the same future, so the second is not followed.
//! Even so the number of sets can double with each call that runs beside others: the search gives up after a number of steps, and says so.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    event::{Answer, Operation as Kind},
    history::Operation,
    text,
    verdict::Contradiction,
};

/// How many sets of calls are tried before the search is given up. They take a second in a debug build.
const STEPS: usize = 50_000;

/// How many calls of one key are searched at all: each is a level of the search.
const CALLS: usize = 2_000;

/// How a search ended without an order.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is none.
    Contradiction(Contradiction),
    /// It was given up, for this reason.
    GivenUp(String),
}

/// Looks for an order of the calls of one key.
pub(crate) fn check(calls: &[Operation<'_>]) -> Result<(), Failure> {
    if calls.len() > CALLS {
        return Err(Failure::GivenUp(format!(
            "{} calls of one key are too many to search; expected at most {CALLS}",
            calls.len()
        )));
    }
    let written = calls
        .iter()
        .filter(|call| matches!(call.call.operation, Kind::Put | Kind::Swap));
    let mut search = Search {
        calls,
        written: written.map(|call| call.call.write.to_string()).collect(),
        tried: HashSet::new(),
        longest: Vec::new(),
    };
    let mut order = Vec::new();
    let mut used = Used(vec![0; calls.len().div_ceil(64)]);
    if search.extend(&mut order, &mut used, &State::Unknown)? {
        return Ok(());
    }
    Err(Failure::Contradiction(search.contradiction()))
}

/// The value of the key, as far as the calls so far fix it.
#[derive(Clone, Debug)]
enum State {
    /// What was there before all calls.
    Unknown,
    Is(Value),
}

/// Which calls have a place in the order: a bit for each.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Used(Vec<u64>);

impl Used {
    fn contains(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 == 1
    }

    fn toggle(&mut self, index: usize) {
        self.0[index / 64] ^= 1 << (index % 64);
    }
}

struct Search<'a> {
    calls: &'a [Operation<'a>],
    /// The values that calls wrote. What was there before is none of them.
    written: HashSet<String>,
    tried: HashSet<(Used, Option<String>)>,
    /// The longest order that explains its calls' answers.
    longest: Vec<usize>,
}

impl Search<'_> {
    /// Whether the order can be extended to one of all answered calls.
    fn extend(
        &mut self,
        order: &mut Vec<usize>,
        used: &mut Used,
        state: &State,
    ) -> Result<bool, Failure> {
        if order.len() > self.longest.len() {
            self.longest.clone_from(order);
        }
        let left = (0..self.calls.len()).filter(|&index| !used.contains(index));
        let left: Vec<usize> = left.collect();
        if left.iter().all(|&index| self.calls[index].answer.is_none()) {
            return Ok(true);
        }
        let value = match state {
            State::Unknown => None,
            State::Is(value) => Some(value.to_string()),
        };
        if !self.tried.insert((used.clone(), value)) {
            return Ok(false);
        }
        if self.tried.len() > STEPS {
            return Err(Failure::GivenUp(format!(
                "the search for an order was given up after {STEPS} steps; expected fewer calls at the same time"
            )));
        }
        let earliest = left.iter().map(|&index| self.calls[index].answered);
        let earliest = earliest.fold(f64::INFINITY, f64::min);
        for index in left {
            let call = &self.calls[index];
            if call.called > earliest {
                continue;
            }
            let is_first = matches!(state, State::Unknown);
            let is_written = |answer: &Answer| self.written.contains(&answer.read.to_string());
            if is_first && call.call.operation != Kind::Put && call.answer.is_some_and(is_written) {
                continue;
            }
            if let Some(next) = after(call, state) {
                used.toggle(index);
                order.push(index);
                if self.extend(order, used, &next)? {
                    return Ok(true);
                }
                order.pop();
                used.toggle(index);
            }
        }
        Ok(false)
    }

    /// The call that fits nowhere after the longest order, and the one before it.
    fn contradiction(&self) -> Contradiction {
        let left =
            |index: &usize| !self.longest.contains(index) && self.calls[*index].answer.is_some();
        let next = (0..self.calls.len()).filter(left).min_by(|&a, &b| {
            let answered = |index: usize| self.calls[index].answered;
            answered(a).total_cmp(&answered(b))
        });
        let next = &self.calls[next.unwrap_or(0)];
        let last = self.longest.last().map_or(next, |&last| &self.calls[last]);
        let read = next
            .answer
            .map_or_else(String::new, |answer| text(&answer.read));
        let words = format!(
            "no order of the calls explains that call {} read {read}, after call {}",
            next.call.call, last.call.call
        );
        Contradiction::between(last, next, words)
    }
}

/// The value after a call, if the call can have read what it did. What an unanswered call read is not known.
fn after(call: &Operation<'_>, state: &State) -> Option<State> {
    let write = &call.call.write;
    let read = call.answer.map(|answer| &answer.read);
    let is_read = |value: &Value| read.is_none_or(|read| read == value);
    let kept = || read.map_or(State::Unknown, |read| State::Is(read.clone()));
    match (call.call.operation, state) {
        (Kind::Put, _) | (Kind::Swap, State::Unknown) => Some(State::Is(write.clone())),
        (Kind::Swap, State::Is(value)) => is_read(value).then(|| State::Is(write.clone())),
        (Kind::Get | Kind::Compute | Kind::Add, State::Unknown) => Some(kept()),
        (Kind::Get | Kind::Compute, State::Is(value)) => is_read(value).then(|| state.clone()),
        (Kind::Add, State::Is(value)) => {
            let sum = sum(value, write)?;
            is_read(&sum).then_some(State::Is(sum))
        }
    }
}

/// Whole numbers, which is what counters hold; a value that was never set counts as 0.
fn sum(value: &Value, write: &Value) -> Option<Value> {
    let value = if value.is_null() {
        Some(0)
    } else {
        value.as_i64()
    };
    Some((value? + write.as_i64()?).into())
}
