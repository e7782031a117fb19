//! Many clients who want nothing, or never finish to say what.

use std::{io, io::Read, net::TcpStream, process::Command, time::Duration};

use harness::{DEADLINE, Pid};
use nix::sys::{
    resource::{Resource, getrlimit, setrlimit},
    signal::Signal,
};
use procfs::{process::Process, ticks_per_second};

use crate::client::{app, body, call, rest, send, start};

/// Lets this process, and those that it starts, have a crowd of connections.
fn allow_descriptors(count: u64) {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    if soft < count {
        setrlimit(Resource::RLIMIT_NOFILE, count, hard).unwrap();
    }
}

#[test]
fn a_thousand_idle_connections_are_no_burden() {
    allow_descriptors(4096);
    let program = start(&mut app("--bind 127.0.0.1:0"));
    let address = program.wait_for_address();
    let crowd: Vec<_> = (0..1000)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    assert!(rest(call(address, "a word")).contains("a word"));
    // Each of them is a connection that is served, and not one that was closed to make room.
    for mut connection in crowd {
        use std::io::Write;
        connection
            .write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .unwrap();
        assert!(rest(connection).ends_with("OK"));
    }
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
}

#[test]
fn five_hundred_half_sent_requests_do_not_delay_a_good_one() {
    allow_descriptors(4096);
    let program = start(app("--bind 127.0.0.1:0").env("WORKER_COUNT", "8"));
    let address = program.wait_for_address();
    let half_a_head = "POST /_dash-update-component HTTP/1.1\r\nhost: loc";
    let half_a_body = format!(
        "POST /_dash-update-component HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{{",
        body("").len()
    );
    let crowd: Vec<_> = (0..250)
        .flat_map(|_| [half_a_head, &half_a_body])
        .map(|text| send(address, text))
        .collect();
    for _ in 0..20 {
        assert!(rest(call(address, "a word")).contains("a word"));
    }
    // Nobody had to wait until one of them was given up.
    assert!(crowd.iter().all(is_open));
    // And they do not hold it when it leaves.
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
    let lines = program.output().lines();
    let cut_off = lines.iter().find(|line| line.contains("cut off"));
    assert_eq!(cut_off, None, "the grace had to end it");
}

#[test]
fn a_worker_without_descriptors_says_so_once_does_not_spin_and_recovers() {
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "ulimit -n 24; exec \"$0\" --bind 127.0.0.1:0",
        env!("CARGO_BIN_EXE_serve-test-app"),
    ]);
    let program = start(&mut limited);
    let address = program.wait_for_address();
    let crowd: Vec<_> = (0..40)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    program.wait_for_line("cannot accept connections");
    let before = processor_time(program.pid());
    let mut waiting = call(address, "a word");
    let patience = Duration::from_millis(500);
    waiting.set_read_timeout(Some(patience)).unwrap();
    let early = waiting.read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(early, Err(io::ErrorKind::WouldBlock));
    let spent = processor_time(program.pid()) - before;
    assert!(
        spent < patience / 10,
        "{spent:?} of work to wait {patience:?}"
    );
    drop(crowd);
    waiting.set_read_timeout(Some(DEADLINE)).unwrap();
    assert!(rest(waiting).contains("a word"), "it waited in the queue");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
    let warnings = program.wait_for_lines("cannot accept connections", 1);
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
}

/// Whether the server has neither answered nor closed.
fn is_open(mut connection: &TcpStream) -> bool {
    connection.set_nonblocking(true).unwrap();
    let read = connection.read(&mut [0]).map_err(|error| error.kind());
    read == Err(io::ErrorKind::WouldBlock)
}

/// How long a process has worked so far.
fn processor_time(pid: Pid) -> Duration {
    let stat = Process::new(pid.as_raw()).unwrap().stat().unwrap();
    Duration::from_secs(stat.utime + stat.stime) / u32::try_from(ticks_per_second()).unwrap()
}
