//! People who call, each again and again, and write values that nobody else writes.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use fastrand::Rng;
use futures_util::future::join_all;
use harness::{Address, Response};
use histories::{Answer, Call, EventKind, Fault, Operation, Origin};
use serde_json::Value;
use tokio::time::timeout;

use crate::{faults::wait, lesson::Lesson, record::Record};

/// What computations are asked for: few enough that people ask for the same.
const KEYS: [&str; 4] = ["a", "b", "c", "d"];

/// What is the same for all people.
pub(crate) struct People<'a> {
    pub(crate) lesson: &'a Lesson,
    pub(crate) record: &'a Record,
    pub(crate) address: Address,
    pub(crate) operation: Operation,
    /// Whether some of them go away before their answers.
    pub(crate) leave: bool,
    /// How long they wait at most between two calls.
    pub(crate) pause: Duration,
    /// The number of the last call.
    pub(crate) calls: AtomicU64,
}

impl People<'_> {
    /// So many people call, until there are `calls` of them altogether.
    pub(crate) async fn call(&self, people: usize, calls: u64, rng: &mut Rng) {
        let person = |number: usize| (name(number), rng.fork());
        let people: Vec<_> = (0..people).map(person).collect();
        join_all(people.into_iter().map(async |(name, mut rng)| {
            while let Some(number) = self.next(calls) {
                self.one(&name, number, &mut rng).await;
                if !self.pause.is_zero() {
                    wait(self.pause.mul_f64(rng.f64())).await;
                }
            }
        }))
        .await;
    }

    fn next(&self, calls: u64) -> Option<u64> {
        let next = |last: u64| (last < calls).then_some(last + 1);
        let last = self
            .calls
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        last.ok().map(|last| last + 1)
    }

    async fn one(&self, person: &str, number: u64, rng: &mut Rng) {
        let computes = self.operation == Operation::Compute;
        let (key, write) = match computes {
            true => (KEYS[rng.usize(..KEYS.len())], Value::Null),
            false => ("check", format!("{person}{number}").into()),
        };
        let leaves =
            (self.leave && rng.u8(..8) == 0).then(|| Duration::from_micros(rng.u64(..5_000)));
        let body = self.lesson.body(key, &write);
        self.record.push(EventKind::Call(Call {
            call: number,
            person: person.to_owned(),
            operation: self.operation,
            key: key.to_owned(),
            write,
        }));
        let answer = self.lesson.send(self.address, &body);
        let answer = match leaves {
            None => answer.await.ok(),
            Some(limit) => match timeout(limit, answer).await {
                Ok(answer) => answer.ok(),
                Err(_) => {
                    let (kind, worker) = (Fault::Leave, None);
                    return self.record.push(EventKind::Fault { kind, worker });
                }
            },
        };
        // A connection that broke is a call without an answer.
        if let Some(answer) = answer {
            self.record
                .push(EventKind::Answer(self.answer(number, &answer)));
        }
    }

    fn answer(&self, call: u64, answer: &Response) -> Answer {
        let read = self.lesson.read(answer);
        let (origin, age) = timing(answer).unzip();
        Answer {
            call,
            by: worker(answer).map(|worker| self.record.process(worker)),
            status: read.as_ref().err().map(hyper::StatusCode::as_u16),
            read: read.unwrap_or_default(),
            origin: origin.flatten(),
            age,
        }
    }
}

/// A, B, … Z, P26, P27, …
fn name(number: usize) -> String {
    match u8::try_from(number) {
        Ok(number) if number < 26 => char::from(b'A' + number).to_string(),
        _ => format!("P{number}-"),
    }
}

/// The worker that answered.
fn worker(answer: &Response) -> Option<u32> {
    answer.headers.get("x-worker")?.to_str().ok()?.parse().ok()
}

/// Where a computed value came from, and how old it is in milliseconds: the entry `cache` of `Server-Timing`.
fn timing(answer: &Response) -> Option<(Option<Origin>, f64)> {
    let header = answer.headers.get("server-timing")?.to_str().ok()?;
    let entry = header
        .split(", ")
        .find_map(|entry| entry.strip_prefix("cache;"))?;
    let part = |name: &str| entry.split(';').find_map(|part| part.strip_prefix(name));
    let origin = match part("desc=").map(|origin| origin.trim_matches('"')) {
        Some("miss") => Some(Origin::Miss),
        Some("wait") => Some(Origin::Wait),
        Some("hit") => Some(Origin::Hit),
        _ => None,
    };
    Some((origin, part("dur=")?.parse().ok()?))
}
