//! A supervisor that a test has started, seen from outside.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{self, Signal},
    unistd::Pid,
};

/// How long a test waits for something before it fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A running supervisor. Dropping it ends it and its workers.
pub(crate) struct Supervisor {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    log: Vec<String>,
}

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
pub(crate) fn start(options: &str, server: &str) -> Supervisor {
    Supervisor::spawn(&mut command(
        &format!("--bind 127.0.0.1:0 {options}"),
        server,
    ))
}

impl Supervisor {
    pub(crate) fn spawn(command: &mut Command) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program `workers` is built");
        let stdout = lines(child.stdout.take().expect("standard output is a pipe"));
        let stderr = lines(child.stderr.take().expect("standard error is a pipe"));
        Self {
            child,
            stdout,
            stderr,
            log: Vec::new(),
        }
    }

    /// The ready line.
    pub(crate) fn ready(&mut self) -> String {
        match self.stdout.recv_timeout(DEADLINE) {
            Ok(line) => line,
            Err(error) => self.fail(&format!("wanted a line on standard output: {error}")),
        }
    }

    /// Waits until it listens; where.
    pub(crate) fn address(&mut self) -> String {
        let line = self.ready();
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.split(' ').next());
        address
            .unwrap_or_else(|| panic!("no address in {line:?}"))
            .to_owned()
    }

    /// Waits for a line of the log, also one that has been there for long.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        self.until_times(wanted, 1).remove(0)
    }

    /// Waits until the log has `times` lines that contain `wanted`.
    pub(crate) fn until_times(&mut self, wanted: &str, times: usize) -> Vec<String> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let found: Vec<_> = self
                .log
                .iter()
                .filter(|line| line.contains(wanted))
                .cloned()
                .collect();
            if found.len() >= times {
                return found;
            }
            match self
                .stderr
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.log.push(line),
                Err(error) => self.fail(&format!(
                    "wanted {times} times {wanted:?} in the log: {error}"
                )),
            }
        }
    }

    /// Waits until it has ended.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self
                .stderr
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.log.push(line),
                Err(RecvTimeoutError::Disconnected) => {
                    return self.child.wait().expect("the child is ours");
                }
                Err(RecvTimeoutError::Timeout) => self.fail("wanted the supervisor to end"),
            }
        }
    }

    /// Everything that it has written to standard error, after it has ended.
    pub(crate) fn log(&self) -> String {
        self.log.join("\n")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        send(self.child.id(), signal);
    }

    fn fail(&self, message: &str) -> ! {
        panic!("{message}\nthe supervisor's log:\n{}", self.log())
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // QUIT and not KILL, so that it takes its folder for sockets with it.
            self.signal(Signal::SIGQUIT);
            while self.stderr.recv_timeout(DEADLINE).is_ok() {}
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

pub(crate) fn send(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.try_into().expect("a pid is positive"));
    signal::kill(pid, signal).expect("the process exists");
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Sends a request over a new connection, and leaves the answer to be read.
pub(crate) fn ask(address: &str, path: &str) -> TcpStream {
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
pub(crate) fn get(address: &str, path: &str) -> String {
    answer(ask(address, path)).expect("an answer")
}

/// Asks until each of `count` workers has answered; their pids by their numbers.
pub(crate) fn meet_all(address: &str, count: usize) -> BTreeMap<u32, u32> {
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
pub(crate) fn identity(body: &str) -> (u32, u32) {
    let (number, pid) = body
        .split_once(' ')
        .unwrap_or_else(|| panic!("no number and pid in {body:?}"));
    (
        number.parse().expect("a number"),
        pid.parse().expect("a pid"),
    )
}

/// Whether there is no such process, not even one that nobody has waited for.
pub(crate) fn is_gone(pid: u32) -> bool {
    !Path::new("/proc").join(pid.to_string()).exists()
}
