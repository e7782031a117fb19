//! What a lesson's page may do to the workers.

use std::{collections::BTreeMap, net::SocketAddr, time::Instant};

use harness::DEADLINE;
use procfs::process::{ProcState, Process};
use serde_json::{Value, json};
use workers::WorkerState;

use crate::{
    client::{call, rest, send},
    supervised::{Supervised, all_ready, supervise},
};

/// The answer to a request for this path: its status, its body, and the worker that answered.
fn request(address: SocketAddr, line: &str, headers: &str) -> (u16, Value, u32) {
    let text = format!("{line} HTTP/1.1\r\nhost: {address}\r\n{headers}connection: close\r\n\r\n");
    let answer = rest(send(address, &text));
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head.split(' ').nth(1).expect("a status").parse().unwrap();
    let worker = head.split("x-worker: ").nth(1).expect("a worker");
    let worker = worker.split("\r\n").next().unwrap().parse().unwrap();
    let body = serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}"));
    (status, body, worker)
}

fn post(server: &Supervised, path: &str) -> (u16, Value, u32) {
    let same_origin = "sec-fetch-site: same-origin\r\ncontent-length: 0\r\n";
    request(server.address, &format!("POST {path}"), same_origin)
}

/// Asks until each of `count` workers has answered; their lives by their numbers.
fn lives(server: &Supervised, count: usize) -> BTreeMap<u32, u32> {
    let deadline = Instant::now() + DEADLINE;
    let mut lives = BTreeMap::new();
    while lives.len() < count {
        assert!(Instant::now() < deadline, "met {lives:?}");
        let asked: Vec<_> = (0..count).map(|_| call(server.address, "slow")).collect();
        for answer in asked.into_iter().map(rest) {
            let entry = |name: &str| {
                let value = answer.split(&format!("{name};desc=\"")).nth(1)?;
                value.split('"').next()?.parse::<u32>().ok()
            };
            lives.insert(entry("worker").unwrap(), entry("life").unwrap());
        }
    }
    lives
}

#[test]
fn a_page_kills_a_worker_and_its_next_answers_name_another_life() {
    let server = supervise(3, "teaching");
    assert_eq!(lives(&server, 3), BTreeMap::from([(1, 1), (2, 1), (3, 1)]));
    let (status, body, _) = post(&server, "/_workers/2/kill");
    assert_eq!((status, body), (200, json!({ "worker": 2, "life": 1 })));
    server.until(|status| all_ready(status, 3) && status.workers[1].restarts == 1);
    assert_eq!(lives(&server, 3), BTreeMap::from([(1, 1), (2, 2), (3, 1)]));
}

#[test]
fn a_worker_answers_before_it_kills_itself() {
    for settings in ["teaching", "teaching keep-alive"] {
        let server = supervise(1, settings);
        for life in 1..=3 {
            let killed = (200, json!({ "worker": 1, "life": life }), 1);
            assert_eq!(post(&server, "/_workers/1/kill"), killed);
            server.until(|status| all_ready(status, 1) && status.workers[0].restarts == life);
        }
    }
}

#[test]
fn a_page_pauses_a_worker_and_it_goes_on() {
    let server = supervise(2, "teaching");
    let (status, body, _) = post(&server, "/_workers/2/pause?seconds=0.3");
    assert_eq!((status, body), (200, json!({ "worker": 2, "life": 1 })));
    server.program.wait_for_line("goes on after");
    assert_eq!(lives(&server, 2), BTreeMap::from([(1, 1), (2, 1)]));

    let (status, ..) = post(&server, "/_workers/2/pause?seconds=10");
    assert_eq!(status, 200);
    let status = server.until(|status| status.workers[1].state == WorkerState::Paused);
    let pid = status.workers[1].pid.unwrap();
    let deadline = Instant::now() + DEADLINE;
    // The supervisor says so before the kernel has done it.
    while !is_stopped(pid) {
        assert!(Instant::now() < deadline, "worker 2 (pid {pid}) runs");
    }
    let answered = (0..10).map(|_| request(server.address, "POST /_workers/9/kill", "").2);
    assert_eq!(
        answered.collect::<Vec<_>>(),
        [1; 10],
        "the other one answers all"
    );
}

fn is_stopped(pid: u32) -> bool {
    let process = Process::new(pid.cast_signed()).unwrap();
    process.stat().unwrap().state().unwrap() == ProcState::Stopped
}

#[test]
fn each_mistake_is_answered_with_a_sentence() {
    let server = supervise(2, "teaching");
    let no_pause = |seconds: &str| {
        format!("A pause cannot last `{seconds}` seconds: expected more than 0 and at most 10.")
    };
    for (line, headers, status, sentence) in [
        (
            "POST /_workers/9/kill",
            "",
            404,
            "There is no worker 9: the numbers are 1 to 2.",
        ),
        (
            "POST /_workers/two/kill",
            "",
            400,
            "`two` is no worker: expected its number, from 1.",
        ),
        (
            "POST /_workers/%ff/kill",
            "",
            400,
            "`` is no worker: expected its number, from 1.",
        ),
        ("POST /_workers/1/pause", "", 400, &no_pause("")),
        (
            "POST /_workers/1/pause?seconds=11",
            "",
            400,
            &no_pause("11"),
        ),
        (
            "GET /_workers/1/kill",
            "",
            405,
            "A worker is killed or paused by a POST.",
        ),
        (
            "POST /_workers/1/kill",
            "sec-fetch-site: cross-site\r\n",
            403,
            "The order comes from a page of another site, expected this app's own.",
        ),
        (
            "POST /_workers/1/kill",
            "origin: http://localhost:1\r\n",
            403,
            "The order comes from a page of another site, expected this app's own.",
        ),
    ] {
        let (got, body, _) = request(server.address, line, headers);
        assert_eq!(
            (got, body),
            (status, json!({ "error": sentence })),
            "{line}"
        );
    }
    assert!(server.until(|status| all_ready(status, 2)).workers[0].restarts == 0);
}

#[test]
fn without_teaching_there_is_nothing_at_these_addresses() {
    let server = supervise(1, "");
    for path in ["/_workers/1/kill", "/_workers/1/pause?seconds=1"] {
        let (status, body, _) = post(&server, path);
        assert_eq!(status, 404, "{body}");
    }
}
