//! A program that a test has started, seen from outside.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
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

/// A running program. Dropping it kills it.
pub(crate) struct Program {
    pub(crate) child: Child,
    lines: Receiver<String>,
    pub(crate) seen: Vec<String>,
}

/// The test's app.
pub(crate) fn app(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serve-test-app"));
    command.args(arguments.split_whitespace());
    command
}

/// Starts a program, and listens to what it says.
pub(crate) fn start(command: &mut Command) -> Program {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, lines) = mpsc::channel();
    let pipes: [Box<dyn Read + Send>; 2] = [
        Box::new(child.stdout.take().unwrap()),
        Box::new(child.stderr.take().unwrap()),
    ];
    for pipe in pipes {
        let sender = sender.clone();
        thread::spawn(move || {
            let lines = BufReader::new(pipe).lines().map_while(Result::ok);
            lines
                .map(|line| sender.send(line))
                .take_while(Result::is_ok)
                .for_each(drop);
        });
    }
    Program {
        child,
        lines,
        seen: Vec::new(),
    }
}

impl Program {
    /// Waits for a line that contains `wanted`.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        self.until_times(wanted, 1).remove(0)
    }

    /// Waits until `times` lines contain `wanted`.
    pub(crate) fn until_times(&mut self, wanted: &str, times: usize) -> Vec<String> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let found = self.seen.iter().filter(|line| line.contains(wanted));
            let found: Vec<_> = found.cloned().collect();
            if found.len() >= times {
                return found;
            }
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.seen.push(line),
                Err(error) => panic!(
                    "wanted {times} lines with {wanted:?}: {error}; saw {:#?}",
                    self.seen
                ),
            }
        }
    }

    pub(crate) fn address(&mut self) -> String {
        let line = self.until("listening on ");
        let (_, address) = line.split_once("http://").unwrap();
        address.split(' ').next().unwrap().to_owned()
    }

    /// Waits until it ends; its exit code.
    pub(crate) fn end(&mut self) -> Option<i32> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.seen.push(line),
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap().code(),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("wanted the program to end; saw {:#?}", self.seen)
                }
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        signal::kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Calls the app's callback with this value, and leaves the answer to be read.
pub(crate) fn call(address: &str, value: &str) -> TcpStream {
    let body = body(value);
    send(
        address,
        &format!(
            "POST /_dash-update-component?from=test HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
}

/// The body of such a call.
pub(crate) fn body(value: &str) -> String {
    format!(
        r#"{{"output":"content.children","outputs":{{"id":"content","property":"children"}},"inputs":[{{"id":"input","property":"value","value":"{value}"}}],"changedPropIds":["input.value"]}}"#
    )
}

/// Sends `text` over a new connection.
pub(crate) fn send(address: &str, text: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(DEADLINE)).unwrap();
    connection.write_all(text.as_bytes()).unwrap();
    connection
}

/// What comes until the server closes.
pub(crate) fn rest(mut connection: TcpStream) -> String {
    let mut text = String::new();
    connection.read_to_string(&mut text).unwrap();
    text
}
