//! What a client sends cannot end a worker, nor fill its memory.

use bytes::Bytes;
use harness::{App, Pid, ProcessTable, call};
use hyper::{Method, StatusCode};
use serde_json::Value;

use crate::UPDATE;

const BODIES: usize = 10_000;

/// Numbers that look like chance and are the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("a number below a usize is one")
    }
}

/// A good call in which some bytes were changed, added or taken away.
fn mutated(good: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut body = good.to_vec();
    for _ in 0..=chance.below(4) {
        let place = chance.below(body.len().max(1));
        match chance.below(5) {
            0 => body.truncate(place),
            1 => body.insert(
                place.min(body.len()),
                b"{}[]\",:\\\x00\xff"[chance.below(10)],
            ),
            2 => body.extend_from_within(..place.min(body.len())),
            3 if !body.is_empty() => drop(body.remove(place.min(body.len() - 1))),
            _ if !body.is_empty() => {
                let place = place.min(body.len() - 1);
                body[place] ^= 1 << chance.below(8);
            }
            _ => {}
        }
    }
    body
}

/// The memory that a process has in use, in KiB.
fn memory(pid: Pid) -> u64 {
    ProcessTable::memory_kib(pid).expect("the worker runs")
}

#[tokio::test]
async fn ten_thousand_mutated_bodies_leave_a_worker_alive_and_its_memory_flat() {
    let app = App::start("option3").await;
    let good = call(
        "cache.children",
        &[("button", "n_clicks", Value::from(1))],
        &[
            ("input_1", "value", "a".into()),
            ("input_2", "value", Value::Null),
        ],
        &["button.n_clicks"],
    );
    let bytes = good.to_string().into_bytes();
    let worker = app.workers()[&1];

    let (mut connection, mut chance) = (app.connect().await, Chance(0x5eed));
    let (mut refused, mut warm) = (0, 0);
    for sent in 0..BODIES {
        // The first fifth fills what is filled once: buffers, caches of the allocator.
        if sent == BODIES / 5 {
            warm = memory(worker);
        }
        let body = Bytes::from(mutated(&bytes, &mut chance));
        let answer = connection
            .send(Method::POST, UPDATE, Some(body.clone()))
            .await
            .unwrap_or_else(|error| panic!("{error}, to {body:?}"));
        let status = answer.status;
        assert!(
            status.is_client_error() || status == StatusCode::OK,
            "{status} for {body:?}"
        );
        refused += usize::from(status.is_client_error());
    }
    assert!(
        refused > BODIES / 2,
        "the bodies are to be mostly wrong, and {refused} were refused"
    );

    assert_eq!(app.post(UPDATE, &good).await.status, StatusCode::OK);
    assert_eq!(
        app.workers()[&1],
        worker,
        "the worker is the one that it was"
    );
    let grown = memory(worker).saturating_sub(warm);
    assert!(
        grown < 1024,
        "the worker has {grown} KiB more than after the first fifth"
    );
}
