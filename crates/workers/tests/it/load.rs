//! Faults while many ask: what fails, and above all what does not.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    thread,
    time::{Duration, Instant},
};

use harness::{
    DEADLINE,
    process::{Signal, send},
};

use crate::supervisor::{answer, ask, identity, meet_all, start};

const CLIENTS: usize = 4;

/// What became of the requests so far.
#[derive(Debug, Default)]
struct Tally {
    answered: AtomicUsize,
    failed: AtomicUsize,
    enough: AtomicBool,
}

impl Tally {
    /// Waits until so many requests have been answered.
    fn reach(&self, answered: usize) {
        let deadline = Instant::now() + 3 * DEADLINE;
        while self.answered.load(SeqCst) < answered {
            assert!(
                Instant::now() < deadline,
                "wanted {answered} answers: {self:?}"
            );
            thread::yield_now();
        }
    }
}

struct Stop<'a>(&'a Tally);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.enough.store(true, SeqCst);
    }
}

/// Several clients ask one request after the other, each over a new connection, while `during` runs.
fn under_load(address: SocketAddr, during: impl FnOnce(&Tally)) -> Tally {
    let tally = Tally::default();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while !tally.enough.load(SeqCst) {
                    let counter = match try_get(address) {
                        Ok(()) => &tally.answered,
                        Err(_) => &tally.failed,
                    };
                    counter.fetch_add(1, SeqCst);
                }
            });
        }
        // Also when it panics: the clients would never stop.
        let _stop = Stop(&tally);
        during(&tally);
    });
    tally
}

fn try_get(address: SocketAddr) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut connection = TcpStream::connect(address).map_err(text)?;
    connection.set_read_timeout(Some(DEADLINE)).map_err(text)?;
    connection
        .write_all(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n")
        .map_err(text)?;
    answer(connection).map(drop)
}

/// Connections that only the end of their worker can close, at least one to each of `count` workers, by its number.
fn watch_all(address: SocketAddr, count: usize) -> BTreeMap<u32, Vec<BufReader<TcpStream>>> {
    let mut watched: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    let deadline = Instant::now() + DEADLINE;
    while watched.len() < count {
        assert!(Instant::now() < deadline, "met {:?}", watched.keys());
        let mut connection = BufReader::new(ask(address, "/watch"));
        let mut worker = String::new();
        connection.read_line(&mut worker).expect("a line");
        let (number, _) = identity(worker.trim_end());
        watched.entry(number).or_default().push(connection);
    }
    watched
}

/// Whether the worker at the other end still holds the connection, after `patience`.
fn is_open(connection: &mut BufReader<TcpStream>, patience: Duration) -> bool {
    let stream = connection.get_mut();
    stream
        .set_read_timeout(Some(patience))
        .expect("a deadline can be set");
    match stream.read(&mut [0]) {
        Err(error) => error.kind() == ErrorKind::WouldBlock,
        Ok(read) => read > 0,
    }
}

#[test]
fn ten_thousand_requests_survive_reloads() {
    let supervisor = start("-n 3", "");
    let address = supervisor.wait_for_address();
    let before = meet_all(address, 3);
    let mut reloads = 0;
    let tally = under_load(address, |tally| {
        while reloads == 0 || tally.answered.load(SeqCst) < 10_000 {
            supervisor.signal(Signal::SIGHUP);
            reloads += 1;
            supervisor.wait_for_lines("ended with exit code 0", 3 * reloads);
        }
    });
    assert_eq!(tally.failed.load(SeqCst), 0, "{tally:?}");
    let after = meet_all(address, 3);
    assert!(
        before.iter().all(|(number, pid)| after[number] != *pid),
        "{before:?} {after:?}"
    );
}

#[test]
fn a_killed_worker_takes_its_own_calls_with_it_and_no_others() {
    let supervisor = start("-n 3", "");
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 3);
    let mut watched = watch_all(address, 3);
    let tally = under_load(address, |tally| {
        tally.reach(500);
        send(pids[&2], Signal::SIGKILL);
        supervisor.wait_for_line("was killed by SIGKILL");
        tally.reach(2_000);
    });
    // As many calls can be in flight on one worker as there are clients.
    assert!(tally.failed.load(SeqCst) <= CLIENTS, "{tally:?}");
    let lost = watched.remove(&2).into_iter().flatten();
    for mut connection in lost {
        assert!(!is_open(&mut connection, DEADLINE), "worker 2 is dead");
    }
    for connection in watched.values_mut().flatten() {
        assert!(is_open(connection, Duration::from_millis(1)));
    }
}

#[test]
fn when_all_are_killed_what_waits_is_answered_by_their_successors() {
    let supervisor = start("-n 3", "");
    let address = supervisor.wait_for_address();
    let before = meet_all(address, 3);
    let tally = under_load(address, |tally| {
        tally.reach(500);
        for pid in before.values() {
            send(*pid, Signal::SIGKILL);
        }
        supervisor.wait_for_lines("was killed by SIGKILL", 3);
        tally.reach(2_000);
    });
    assert!(tally.failed.load(SeqCst) <= CLIENTS, "{tally:?}");
    let after = meet_all(address, 3);
    assert!(
        before.iter().all(|(number, pid)| after[number] != *pid),
        "{before:?} {after:?}"
    );
}
