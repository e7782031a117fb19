//! The single guarantees: each compares calls in pairs, and finds two that contradict each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    event::{EventKind, Operation as Kind, Origin},
    history::{History, Operation},
    text,
    verdict::Contradiction,
};

/// Whether a call writes something.
pub(crate) fn writes(call: &Operation<'_>) -> bool {
    matches!(call.call.operation, Kind::Swap | Kind::Put | Kind::Add)
}

/// What an answered call read; none for a write alone.
fn read<'a>(call: &Operation<'a>) -> Option<&'a Value> {
    let answer = call.answer?;
    (call.call.operation != Kind::Put).then_some(&answer.read)
}

/// The answered calls that read something, in the order of their answers.
fn readers<'a, 'b>(calls: &'b [Operation<'a>]) -> Vec<&'b Operation<'a>> {
    let mut readers: Vec<_> = calls.iter().filter(|call| read(call).is_some()).collect();
    readers.sort_by(|a, b| a.answered.total_cmp(&b.answered));
    readers
}

pub(crate) fn read_twice(calls: &[Operation<'_>]) -> Option<Contradiction> {
    let mut seen: HashMap<String, &Operation<'_>> = HashMap::new();
    for call in readers(calls) {
        let value = read(call)?;
        if let Some(other) = seen.insert(value.to_string(), call) {
            let words = format!(
                "calls {} and {} both read {}",
                other.call.call,
                call.call.call,
                text(value)
            );
            return Some(Contradiction::between(other, call, words));
        }
    }
    None
}

/// A swap replaces what it read, and a sum counts what came before: two calls with the same answer have lost one of their writes.
/// A value that nobody read and that is not the last one is lost as well.
pub(crate) fn lost_update(calls: &[Operation<'_>]) -> Option<Contradiction> {
    if let Some(mut contradiction) = read_twice(calls) {
        contradiction.words += ", so one of their writes is lost";
        return Some(contradiction);
    }
    let swaps = calls
        .iter()
        .filter(|call| call.call.operation == Kind::Swap);
    let read: HashSet<String> = calls
        .iter()
        .filter_map(read)
        .map(Value::to_string)
        .collect();
    let is_unread = |call: &&Operation<'_>| !read.contains(&call.call.write.to_string());
    let unread: Vec<_> = swaps
        .filter(|call| call.answer.is_some())
        .filter(is_unread)
        .collect();
    // The last value is unread, and each call without an answer may have read one.
    let unanswered = calls.iter().filter(|call| call.answer.is_none()).count();
    if unread.len() <= 1 + unanswered {
        return None;
    }
    let (lost, last) = (unread.first()?, unread.last()?);
    let words = format!(
        "no call read what call {} wrote, nor what call {} wrote: both cannot be the last",
        lost.call.call, last.call.call
    );
    Some(Contradiction::between(lost, last, words))
}

pub(crate) fn invented(calls: &[Operation<'_>]) -> Option<Contradiction> {
    let mut writers: HashMap<String, Vec<&Operation<'_>>> = HashMap::new();
    for call in calls.iter().filter(|call| writes(call)) {
        writers
            .entry(call.call.write.to_string())
            .or_default()
            .push(call);
    }
    // What no call wrote was there before. There is one such value, and the first that is read tells which. Nothing is no value.
    let mut first: Option<&Value> = None;
    for call in readers(calls) {
        let value = read(call)?;
        match writers.get(&value.to_string()) {
            Some(writers) if writers.iter().all(|writer| writer.called > call.answered) => {
                let words = format!(
                    "call {} read {}, which call {} wrote only afterwards",
                    call.call.call,
                    text(value),
                    writers[0].call.call
                );
                return Some(Contradiction::between(writers[0], call, words));
            }
            Some(_) => {}
            None if value.is_null() => {}
            None if first.is_some_and(|first| first != value) => {
                let words = format!(
                    "call {} read {}, which no call wrote",
                    call.call.call,
                    text(value)
                );
                return Some(Contradiction::between(call, call, words));
            }
            None => first = Some(value),
        }
    }
    None
}

/// How two values compare in age, as far as their writers' times decide it.
struct Ages<'a, 'b> {
    writers: HashMap<String, &'b Operation<'a>>,
}

impl<'a, 'b> Ages<'a, 'b> {
    fn of(calls: &'b [Operation<'a>]) -> Self {
        let written = calls.iter().filter(|call| writes(call));
        let writers = written.map(|call| (call.call.write.to_string(), call));
        Self {
            writers: writers.collect(),
        }
    }

    fn writer(&self, value: &Value) -> Option<&'b Operation<'a>> {
        self.writers.get(&value.to_string()).copied()
    }

    /// Whether `value` is another one than `writer` wrote, and was there before: no call wrote it, or its write was over when `writer` began.
    fn is_older(&self, value: &Value, writer: &Operation<'_>) -> bool {
        *value != writer.call.write
            && self
                .writer(value)
                .is_none_or(|older| older.answered < writer.called)
    }
}

pub(crate) fn own_write_missed(calls: &[Operation<'_>]) -> Option<Contradiction> {
    let ages = Ages::of(calls);
    for call in readers(calls) {
        let value = read(call)?;
        let own = calls.iter().filter(|own| {
            writes(own) && own.call.person == call.call.person && own.answered < call.called
        });
        let Some(own) = own.max_by(|a, b| a.called.total_cmp(&b.called)) else {
            continue;
        };
        if ages.is_older(value, own) {
            let words = format!(
                "{} wrote {} in call {}, and then read the older {} in call {}",
                call.call.person,
                text(&own.call.write),
                own.call.call,
                text(value),
                call.call.call
            );
            return Some(Contradiction::between(own, call, words));
        }
    }
    None
}

pub(crate) fn read_backwards(calls: &[Operation<'_>]) -> Option<Contradiction> {
    let ages = Ages::of(calls);
    let mut last: HashMap<&str, &Operation<'_>> = HashMap::new();
    for call in readers(calls) {
        let value = read(call)?;
        if let Some(before) = last.insert(&call.call.person, call)
            && before.answered < call.called
            && let Some(newer) = read(before).and_then(|newer| ages.writer(newer))
            && ages.is_older(value, newer)
        {
            let words = format!(
                "{} read {} in call {}, and then the older {} in call {}",
                call.call.person,
                text(&newer.call.write),
                before.call.call,
                text(value),
                call.call.call
            );
            return Some(Contradiction::between(before, call, words));
        }
    }
    None
}

pub(crate) fn computed_again(calls: &[Operation<'_>], ttl: f64) -> Option<Contradiction> {
    let mut last: Option<&Operation<'_>> = None;
    for call in readers(calls) {
        if call.answer?.origin != Some(Origin::Miss) {
            continue;
        }
        if let Some(before) = last
            // The older result was kept at some time between its call and its answer, and lived from then on. Only if all of both lies
            // within one life is it sure that the younger computation could have been spared.
            && call.answered < before.called + ttl
        {
            let words = format!(
                "calls {} and {} both computed the result, {:.0} ms apart",
                before.call.call,
                call.call.call,
                call.answered - before.answered
            );
            return Some(Contradiction::between(before, call, words));
        }
        last = Some(call);
    }
    None
}

pub(crate) fn too_old(calls: &[Operation<'_>], ttl: f64) -> Option<Contradiction> {
    let old = |call: &&Operation<'_>| {
        let age = call.answer.and_then(|answer| answer.age);
        age.is_some_and(|age| age > ttl)
    };
    let call = calls.iter().find(old)?;
    let age = call.answer?.age?;
    let words = format!(
        "call {} read a result that was {age:.0} ms old, with a time to live of {ttl:.0} ms",
        call.call.call
    );
    Some(Contradiction::between(call, call, words))
}

pub(crate) fn forgotten(history: &History, calls: &[Operation<'_>]) -> Option<Contradiction> {
    let ages = Ages::of(calls);
    let ended = history
        .events()
        .iter()
        .filter_map(|event| matches!(event.kind, EventKind::Ended(_)).then_some(event.at));
    for ended in ended {
        let written = calls
            .iter()
            .filter(|call| writes(call) && call.answered < ended);
        let Some(written) = written.max_by(|a, b| a.called.total_cmp(&b.called)) else {
            continue;
        };
        for call in readers(calls)
            .into_iter()
            .filter(|call| call.called > ended)
        {
            let value = read(call)?;
            if ages.is_older(value, written) {
                let words = format!(
                    "call {} wrote {} before the worker ended, and call {} read the older {} afterwards",
                    written.call.call,
                    text(&written.call.write),
                    call.call.call,
                    text(value)
                );
                return Some(Contradiction::between(written, call, words));
            }
        }
    }
    None
}
