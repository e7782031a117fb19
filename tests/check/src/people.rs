//! People who call, each again and again, and write values that nobody else writes.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use check::{Lesson, UPDATE, worker};
use fastrand::Rng;
use futures_util::future::join_all;
use harness::{Address, Response};
use histories::{Answer, Call, EventKind, Fault, Observer, Operation as Kind, Origin};
use hyper::Method;
use indicatif::ProgressBar;
use serde_json::Value;
use tokio::time::timeout;

use crate::faults::wait;

/// What computations are asked for: few enough that people ask for the same.
const KEYS: [&str; 4] = ["a", "b", "c", "d"];

/// The session that everybody uses.
pub(crate) const SESSION: &str = "check";

/// What is the same for all people.
pub(crate) struct People<'a> {
    pub(crate) lesson: &'a Lesson,
    pub(crate) observer: &'a Observer,
    pub(crate) address: Address,
    /// Whether some of them go away before their answers.
    pub(crate) leave: bool,
    /// How long they wait at most between two calls.
    pub(crate) pause: Duration,
    /// The number of the last call.
    pub(crate) calls: AtomicU64,
    pub(crate) bar: &'a ProgressBar,
}

impl People<'_> {
    /// So many people call, until there are `calls` of them altogether.
    pub(crate) async fn call(&self, people: u16, calls: u64, rng: &mut Rng) {
        let people: Vec<_> = (0..people)
            .map(|number| (name(number), rng.fork()))
            .collect();
        join_all(people.into_iter().map(async |(name, mut rng)| {
            // What this one's browser holds.
            let mut held = None;
            while let Some(number) = self.next(calls) {
                self.one(&name, number, &mut held, &mut rng).await;
                self.bar.inc(1);
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

    async fn one(&self, person: &str, call: u64, held: &mut Option<Value>, rng: &mut Rng) {
        let write = || Value::from(format!("{person}{call}"));
        let (operation, key, write) = match self.lesson.operation.kind {
            Kind::Compute => (Kind::Compute, KEYS[rng.usize(..KEYS.len())], Value::Null),
            // What a browser holds is about its person alone.
            Kind::Put if held.is_some() && rng.bool() => (Kind::Get, person, Value::Null),
            Kind::Put => (Kind::Put, person, write()),
            kind => (kind, SESSION, write()),
        };
        let body = match operation {
            Kind::Get => self.lesson.reads(key, &write, held.as_ref()),
            _ => self.lesson.writes(key, &write, None),
        };
        let (person, key) = (person.to_owned(), key.to_owned());
        self.observer.push(EventKind::Call(Call {
            call,
            person,
            operation,
            key,
            write,
        }));
        let leaves = self.leave && rng.u8(..8) == 0;
        let limit = Duration::from_micros(rng.u64(..5_000));
        let answer = self.address.request(Method::POST, UPDATE, Some(&body));
        let answer = match leaves {
            false => answer.await.ok(),
            true => match timeout(limit, answer).await {
                Ok(answer) => answer.ok(),
                Err(_) => {
                    let (kind, worker) = (Fault::Leave, None);
                    return self.observer.push(EventKind::Fault { kind, worker });
                }
            },
        };
        // A connection that broke is a call without an answer.
        let Some(answer) = answer else { return };
        self.observer
            .push(EventKind::Answer(self.answer(call, operation, &answer)));
        if operation == Kind::Put && answer.status.is_success() {
            *held = self.lesson.left_in_browser(&answer);
        }
    }

    fn answer(&self, call: u64, operation: Kind, answer: &Response) -> Answer {
        let read = self.lesson.shown(answer);
        let (origin, age) = timing(answer).unzip();
        Answer {
            call,
            by: worker(answer).map(|worker| self.observer.process(worker)),
            status: read.as_ref().err().copied(),
            read: read
                .ok()
                .filter(|_| operation != Kind::Put)
                .unwrap_or_default(),
            origin,
            age,
        }
    }
}

/// A, B, … Z, P26-, P27-, …
fn name(number: u16) -> String {
    match u8::try_from(number) {
        Ok(number) if number < 26 => char::from(b'A' + number).to_string(),
        _ => format!("P{number}-"),
    }
}

/// Where a computed value came from, and how old it is in milliseconds: the entry `cache` of `Server-Timing`.
fn timing(answer: &Response) -> Option<(Origin, f64)> {
    let header = answer.headers.get("server-timing")?.to_str().ok()?;
    header
        .contains("cache;")
        .then(|| answer.timing("cache"))
        .and_then(|(origin, age)| {
            let origin = serde_json::from_value(Value::String(origin)).ok()?;
            Some((origin, age))
        })
}
