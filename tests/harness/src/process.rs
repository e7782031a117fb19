//! A program that a test has started: what it writes, and its end.

use std::{
    fmt,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{ChildStdin, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use nix::sys::signal::kill;
pub use nix::{sys::signal::Signal, unistd::Pid};

use crate::wait::{self, DEADLINE};

/// How many lines of a program's output a failure shows.
const SHOWN: usize = 20;

/// A running program. Dropping it ends it.
///
/// Tests that are `async` wait with [`ready`](Self::ready) and [`ended`](Self::ended). The methods named
/// `wait_for_…` and [`end`](Self::end) block their thread, and [`Drop`] cannot do otherwise.
pub struct Process {
    pid: Pid,
    /// What asks it to leave.
    request: Signal,
    /// How long it may take to leave after that.
    grace: Duration,
    output: Arc<Output>,
}

/// What a program has written to standard output and standard error, as lines in order of arrival.
pub struct Output {
    name: String,
    seen: Mutex<Seen>,
    changed: Condvar,
}

/// Why a program that was started is not ready.
pub enum Unready {
    /// It has ended instead, and all that it has written is read.
    Ended(ExitStatus),
    /// The line did not come in time.
    Missed(String),
}

#[derive(Default)]
struct Seen {
    lines: Vec<String>,
    /// How many of its two pipes have been read to their end.
    closed: usize,
    status: Option<ExitStatus>,
}

impl Process {
    /// Starts `command`. `name` is what failures call it; `grace` is how long it may take to leave before it is killed.
    pub fn spawn(name: &str, command: &mut Command, grace: Duration) -> Self {
        Self::start(name, command.stdin(Stdio::null()), grace).0
    }

    /// Starts `command`, and hands out what it reads.
    pub fn spawn_fed(name: &str, command: &mut Command, grace: Duration) -> (Self, ChildStdin) {
        let (process, input) = Self::start(name, command.stdin(Stdio::piped()), grace);
        (process, input.expect("standard input is a pipe"))
    }

    /// Has the program asked to leave with `request` instead of TERM.
    pub fn asked_with(mut self, request: Signal) -> Self {
        self.request = request;
        self
    }

    fn start(name: &str, command: &mut Command, grace: Duration) -> (Self, Option<ChildStdin>) {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| {
            let program = command.get_program().display();
            panic!("cannot start {name} ({program}): {error}")
        });
        let output = Arc::new(Output {
            name: name.to_owned(),
            seen: Mutex::default(),
            changed: Condvar::new(),
        });
        output.follow(child.stdout.take().expect("standard output is a pipe"));
        output.follow(child.stderr.take().expect("standard error is a pipe"));
        let input = child.stdin.take();
        let process = Self {
            pid: Pid::from_raw(child.id().cast_signed()),
            request: Signal::SIGTERM,
            grace,
            output: Arc::clone(&output),
        };
        // Waiting takes the child's entry out of the process table as soon as it has ended.
        thread::spawn(move || {
            let status = child.wait().expect("only this thread waits for this child");
            output.change(|seen| seen.status = Some(status));
        });
        (process, input)
    }

    /// Its id, which is no other program's until it has been waited for.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// What it has written so far, and goes on writing to.
    pub fn output(&self) -> &Arc<Output> {
        &self.output
    }

    /// Waits for the line that `find` knows, with which the program says that it is ready.
    pub async fn ready<T>(
        &self,
        limit: Duration,
        find: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Unready> {
        let ready = wait::poll(limit, async || {
            let seen = self.output.seen();
            let found = seen.lines.iter().find_map(|line| find(line)).map(Ok);
            let ended = || seen.end().map(|status| Err(Unready::Ended(status)));
            found
                .or_else(ended)
                .ok_or_else(|| "no line that says that it is ready".to_owned())
        });
        ready.await.map_err(Unready::Missed)?
    }

    /// Waits until the program has ended and all that it has written is read.
    pub async fn ended(&self, limit: Duration) -> Result<ExitStatus, String> {
        let end = || self.output.seen().end();
        wait::poll(limit, async || {
            end().ok_or_else(|| "it still runs".to_owned())
        })
        .await
    }

    /// Waits for a line that contains `wanted`, also for one that came long ago.
    #[track_caller]
    pub fn wait_for_line(&self, wanted: &str) -> String {
        self.wait_for_lines(wanted, 1).remove(0)
    }

    /// Waits until at least `count` lines contain `wanted`, and returns them.
    #[track_caller]
    pub fn wait_for_lines(&self, wanted: &str, count: usize) -> Vec<String> {
        let found = self.output.wait(DEADLINE, |seen| {
            let lines = seen.lines.iter().filter(|line| line.contains(wanted));
            let lines: Vec<String> = lines.cloned().collect();
            (lines.len() >= count || seen.end().is_some()).then_some(lines)
        });
        match found {
            Some(lines) if lines.len() >= count => lines,
            _ => panic!("wanted {count} lines with {wanted:?}\n{}", self.output),
        }
    }

    /// Waits for the address in `listening on http://127.0.0.1:49152 (option2, 8 workers)`.
    #[track_caller]
    pub fn wait_for_address(&self) -> SocketAddr {
        let line = self.wait_for_line("listening on http://");
        listening(&line).unwrap_or_else(|| panic!("no address in {line:?}"))
    }

    /// Waits until the program has ended by itself and all that it has written is read.
    #[track_caller]
    pub fn wait_for_end(&self) -> ExitStatus {
        let Some(status) = self.output.wait(DEADLINE, Seen::end) else {
            panic!("wanted the end of the program\n{}", self.output)
        };
        status
    }

    /// How it ended, if it has.
    pub fn status(&self) -> Option<ExitStatus> {
        self.output.seen().status
    }

    /// Sends `signal`, unless the program has ended: its id may then belong to another.
    pub fn signal(&self, signal: Signal) {
        if self.status().is_none() {
            send(self.pid, signal);
        }
    }

    /// Asks the program to leave, and kills it if it does not.
    pub fn end(&self) -> ExitStatus {
        self.signal(self.request);
        let ended = |seen: &Seen| seen.status;
        self.output.wait(self.grace, ended).unwrap_or_else(|| {
            self.signal(Signal::SIGKILL);
            let killed = self.output.wait(DEADLINE, ended);
            killed.expect("a killed process ends")
        })
    }
}

/// As it goes on after `did not start`.
impl fmt::Display for Unready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(status) => write!(f, " ({status})"),
            Self::Missed(missed) => write!(f, "; {missed}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

impl Seen {
    /// How the program has ended, once there is nothing more to read.
    fn end(&self) -> Option<ExitStatus> {
        self.status.filter(|_| self.closed == 2)
    }
}

impl Output {
    /// Takes in lines from `pipe` until it closes, so that the program never waits for a reader.
    fn follow(self: &Arc<Self>, pipe: impl Read + Send + 'static) {
        let output = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                output.change(|seen| seen.lines.push(line));
            }
            output.change(|seen| seen.closed += 1);
        });
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.seen().lines.clone()
    }

    /// The lines from number `first` on, counted from 0.
    pub fn lines_from(&self, first: usize) -> Vec<String> {
        self.seen().lines.iter().skip(first).cloned().collect()
    }

    /// A panic in one thread of a test says enough; a second one about a lock would hide it.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen());
        self.changed.notify_all();
    }

    /// Blocks until `look` finds what it wants, or `limit` has passed.
    fn wait<T>(&self, limit: Duration, look: impl Fn(&Seen) -> Option<T>) -> Option<T> {
        let mut found = None;
        let missing = |seen: &mut Seen| {
            found = look(seen);
            found.is_none()
        };
        drop(self.changed.wait_timeout_while(self.seen(), limit, missing));
        found
    }
}

/// The last lines, under a heading, as a failure shows them.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = &self.seen().lines;
        if lines.is_empty() {
            return write!(f, "{} has written nothing", self.name);
        }
        write!(f, "the last lines of {}:", self.name)?;
        for line in &lines[lines.len().saturating_sub(SHOWN)..] {
            write!(f, "\n    {line}")?;
        }
        Ok(())
    }
}

/// The address in `listening on http://127.0.0.1:49152 (option2, 8 workers)`.
pub(crate) fn listening(line: &str) -> Option<SocketAddr> {
    let (address, _) = line.strip_prefix("listening on http://")?.split_once(' ')?;
    address.parse().ok()
}

/// Sends `signal` to `pid`. One that has just ended needs none.
pub fn send(pid: Pid, signal: Signal) {
    match kill(pid, signal) {
        Ok(()) | Err(nix::errno::Errno::ESRCH) => {}
        Err(error) => panic!("cannot send {signal} to process {pid}: {error}"),
    }
}
