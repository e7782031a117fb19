//! A supervisor that a test has started, and what clients ask its workers.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    time::Instant,
};

use harness::{
    DEADLINE, Pid,
    process::{Process, Signal},
};

/// The `workers` program with these arguments, the test's own server behind them, and a log that says when a worker is
/// ready.
pub(crate) fn command(options: &str, server: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workers"));
    command
        .args(options.split_whitespace())
        .args(["--", env!("CARGO_BIN_EXE_workers-test-server")])
        .args(server.split_whitespace())
        .env("RUST_LOG", "debug");
    command
}

/// Starts the supervisor on a free port.
pub(crate) fn start(options: &str, server: &str) -> Process {
    spawn(&mut command(
        &format!("--bind 127.0.0.1:0 {options}"),
        server,
    ))
}

/// Starts a supervisor, which is told to quit when the test is over: so it waits for no call, and takes its folder for sockets with it.
pub(crate) fn spawn(command: &mut Command) -> Process {
    Process::spawn("the supervisor", command, DEADLINE).asked_with(Signal::SIGQUIT)
}

/// All that a supervisor has written.
pub(crate) fn log(supervisor: &Process) -> String {
    supervisor.output().lines().join("\n")
}

/// Sends a request over a new connection, and leaves the answer to be read.
pub(crate) fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).expect("somebody listens");
    connection
        .set_read_timeout(Some(DEADLINE))
        .expect("a deadline can be set");
    write!(connection, "GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").expect("the request is taken");
    connection
}

/// Reads an answer to its end; its body.
pub(crate) fn answer(mut connection: impl Read) -> Result<String, String> {
    let mut text = String::new();
    connection
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    let (_, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| format!("no whole answer: {text:?}"))?;
    Ok(body.to_owned())
}

/// Asks over a new connection; the answer's body.
pub(crate) fn get(address: SocketAddr, path: &str) -> String {
    answer(ask(address, path)).expect("an answer")
}

/// Asks until each of `count` workers has answered; their pids by their numbers.
pub(crate) fn meet_all(address: SocketAddr, count: usize) -> BTreeMap<u32, Pid> {
    let mut pids = BTreeMap::new();
    let deadline = Instant::now() + DEADLINE;
    while pids.len() < count {
        assert!(
            Instant::now() < deadline,
            "wanted answers from {count} workers, met {pids:?}"
        );
        // Several at once: with one after the other the same worker may always be the first.
        let asked: Vec<_> = (0..count).map(|_| ask(address, "/")).collect();
        for connection in asked {
            let (number, pid) = identity(&answer(connection).expect("an answer"));
            pids.insert(number, pid);
        }
    }
    pids
}

/// Reads `3 4711`.
pub(crate) fn identity(body: &str) -> (u32, Pid) {
    let (number, pid) = body
        .split_once(' ')
        .unwrap_or_else(|| panic!("no number and pid in {body:?}"));
    (
        number.parse().expect("a number"),
        Pid::from_raw(pid.parse().expect("a pid")),
    )
}
