//! A program whose `main` is this crate's, as a process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::net::UnixDatagram,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{self, Signal},
    unistd::Pid,
};

const DEADLINE: Duration = Duration::from_secs(20);

/// A running program. Dropping it kills it.
struct Program {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

fn app(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serve-test-app"));
    command.args(arguments.split_whitespace());
    command
}

fn start(command: &mut Command) -> Program {
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
    fn until(&mut self, wanted: &str) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(line) = self.seen.iter().find(|line| line.contains(wanted)) {
                return line.clone();
            }
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => self.seen.push(line),
                Err(error) => panic!(
                    "wanted a line with {wanted:?}: {error}; saw {:#?}",
                    self.seen
                ),
            }
        }
    }

    fn address(&mut self) -> String {
        let line = self.until("listening on ");
        line["listening on http://".len()..]
            .split(' ')
            .next()
            .unwrap()
            .to_owned()
    }

    /// Waits until it ends; its exit code.
    fn end(&mut self) -> Option<i32> {
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

    fn signal(&self, signal: Signal) {
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
fn call(address: &str, value: &str) -> TcpStream {
    let body = format!(
        r#"{{"output":"content.children","outputs":{{"id":"content","property":"children"}},"inputs":[{{"id":"input","property":"value","value":"{value}"}}],"changedPropIds":["input.value"]}}"#
    );
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(DEADLINE)).unwrap();
    write!(
        connection,
        "POST /_dash-update-component HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    connection
}

fn rest(mut connection: TcpStream) -> String {
    let mut text = String::new();
    connection.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_program_without_a_supervisor_says_where_it_listens() {
    let mut program = start(&mut app("--bind 127.0.0.1:0"));
    let line = program.until("listening on ");
    assert!(
        line.starts_with("listening on http://127.0.0.1:")
            && line.ends_with(" (serve-test-app, 1 worker)"),
        "{line}"
    );
    let answer = rest(call(&program.address(), "a word"));
    assert!(
        answer.contains("\r\nx-worker: 1\r\n") && answer.contains("a word"),
        "{answer}"
    );
    assert!(
        answer
            .contains("server-timing: worker;desc=\"1\", callback;desc=\"content.children\";dur="),
        "{answer}"
    );
    program.signal(Signal::SIGTERM);
    assert_eq!(program.end(), Some(0));
}

#[test]
fn the_data_folder_is_named_after_the_program() {
    let mut program = start(&mut app("--bind 127.0.0.1:0"));
    program.until("data in .data/serve-test-app");
    let mut program = start(&mut app("--bind 127.0.0.1:0 --data elsewhere"));
    program.until("data in elsewhere");
}

#[test]
fn a_worker_reports_to_its_supervisor() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut program = start(
        app("--bind 127.0.0.1:0")
            .env("NOTIFY_SOCKET", &path)
            .env("WORKER_NUMBER", "3"),
    );
    let mut report = [0; 64];
    let length = socket.recv(&mut report).unwrap();
    assert_eq!(&report[..length], b"READY=1");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.end(), Some(0));
    assert!(
        !program.seen.iter().any(|line| line.contains("listening")),
        "that is the supervisor's to say"
    );
}

#[test]
fn a_worker_leaves_when_its_lifeline_is_cut() {
    let mut program = start(app("--bind 127.0.0.1:0").env("WORKER_LIFELINE", "1"));
    let stuck = call(&program.address(), "stuck");
    program.until("stuck");
    drop(program.child.stdin.take());
    assert_eq!(program.end(), Some(0));
    program
        .seen
        .iter()
        .find(|line| line.contains("the supervisor is gone"))
        .expect("a reason in the log");
    drop(stuck);
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let mut program = start(
        app("--bind 127.0.0.1:0")
            .env("WORKER_GRACE", "3600")
            .env("RUST_LOG", "debug"),
    );
    let _stuck = call(&program.address(), "stuck");
    program.until("stuck");
    program.signal(Signal::SIGINT);
    program.until("leaving");
    program.signal(Signal::SIGINT);
    assert_eq!(program.end(), Some(0));
}

#[test]
fn a_misspelt_option_ends_with_two_and_names_the_right_one() {
    let mut program = start(&mut app("--contradic"));
    assert_eq!(program.end(), Some(2));
    assert!(
        program
            .seen
            .iter()
            .any(|line| line.contains("--contradict")),
        "{:#?}",
        program.seen
    );
}

#[test]
fn the_help_shows_the_apps_options_and_the_common_ones() {
    let mut program = start(&mut app("--help"));
    assert_eq!(program.end(), Some(0));
    for wanted in ["Usage: serve-test-app", "--contradict", "--data"] {
        assert!(
            program.seen.iter().any(|line| line.contains(wanted)),
            "no {wanted} in {:#?}",
            program.seen
        );
    }
}

#[test]
fn an_app_that_contradicts_itself_does_not_start() {
    let mut program = start(&mut app("--bind 127.0.0.1:0 --contradict"));
    assert_eq!(program.end(), Some(1));
    let error = program
        .seen
        .iter()
        .find(|line| line.starts_with("error: "))
        .expect("an error");
    assert!(error.contains("the app cannot start"), "{error}");
}

#[test]
fn an_app_may_fail_in_its_own_words() {
    let mut program = start(&mut app("--bind 127.0.0.1:0 --fail"));
    assert_eq!(program.end(), Some(1));
    assert!(
        program
            .seen
            .contains(&"error: the table is not there".to_owned()),
        "{:#?}",
        program.seen
    );
}

#[test]
fn a_port_in_use_is_one_sentence() {
    let mut first = start(&mut app("--bind 127.0.0.1:0"));
    let address = first.address();
    let mut second = start(&mut app(&format!("--bind {address}")));
    assert_eq!(second.end(), Some(1));
    let [error] = second.seen.as_slice() else {
        panic!("{:#?}", second.seen)
    };
    assert!(
        error.starts_with(&format!("error: {address} is already in use: "))
            && error.contains("--bind"),
        "{error}"
    );
}

#[test]
fn a_worker_without_descriptors_says_so_once_and_recovers() {
    let mut limited = Command::new("sh");
    limited.args([
        "-c",
        "ulimit -n 24; exec \"$0\" --bind 127.0.0.1:0",
        env!("CARGO_BIN_EXE_serve-test-app"),
    ]);
    let mut program = start(&mut limited);
    let address = program.address();
    let crowd: Vec<_> = (0..40)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    program.until("cannot accept connections");
    drop(crowd);
    assert!(rest(call(&address, "a word")).contains("a word"));
    program.signal(Signal::SIGTERM);
    assert_eq!(program.end(), Some(0));
    let warnings = program
        .seen
        .iter()
        .filter(|line| line.contains("cannot accept connections"))
        .count();
    assert_eq!(warnings, 1, "{:#?}", program.seen);
}
