//! A program that a test has started: what it writes, and its end.

use std::{
    fmt,
    io::{BufRead, BufReader, Read},
    process::{ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use nix::sys::signal::{Signal, kill};
pub use nix::unistd::Pid;

use crate::wait::{self, Missed};

/// How many lines of a program's output a failure shows.
const SHOWN: usize = 20;

/// A running program. Dropping it ends it.
pub struct Process {
    pid: Pid,
    /// How long it may take to leave after TERM.
    grace: Duration,
    output: Arc<Output>,
    ending: Arc<Ending>,
}

/// What a program has written to standard output and standard error, as lines in order of arrival.
pub struct Output {
    name: String,
    lines: Mutex<Vec<String>>,
    /// How many of its two pipes are open.
    pipes: AtomicUsize,
}

/// Why a program that was started is not ready.
pub enum Unready {
    /// It has ended instead.
    Ended(ExitStatus),
    /// The line did not come in time.
    Missed(Missed),
}

/// The end of a program, for those who wait for it.
#[derive(Default)]
struct Ending {
    status: Mutex<Option<ExitStatus>>,
    changed: Condvar,
}

impl Process {
    /// Starts `command`. `name` is what failures call it.
    pub fn spawn(name: &str, command: &mut Command, grace: Duration) -> Self {
        Self::start(name, command.stdin(Stdio::null()), grace).0
    }

    /// Starts `command`, and hands out what it reads.
    pub fn spawn_fed(name: &str, command: &mut Command, grace: Duration) -> (Self, ChildStdin) {
        let (process, input) = Self::start(name, command.stdin(Stdio::piped()), grace);
        (process, input.expect("standard input is a pipe"))
    }

    fn start(name: &str, command: &mut Command, grace: Duration) -> (Self, Option<ChildStdin>) {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!(
                "cannot start {name} ({}): {error}",
                command.get_program().display()
            )
        });
        let output = Arc::new(Output {
            name: name.to_owned(),
            lines: Mutex::default(),
            pipes: AtomicUsize::new(2),
        });
        output.follow(child.stdout.take().expect("standard output is a pipe"));
        output.follow(child.stderr.take().expect("standard error is a pipe"));
        let input = child.stdin.take();

        let pid = Pid::from_raw(child.id().cast_signed());
        let ending = Arc::new(Ending::default());
        let told = Arc::clone(&ending);
        // Waiting takes the child's entry out of the process table as soon as it has ended.
        thread::spawn(move || {
            let status = child.wait().expect("only this thread waits for this child");
            *lock(&told.status) = Some(status);
            told.changed.notify_all();
        });
        let process = Self {
            pid,
            grace,
            output,
            ending,
        };
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
            if let Some(found) = self.output.find(&find) {
                return Ok(Ok(found));
            }
            self.status()
                .map(|status| Err(Unready::Ended(status)))
                .ok_or_else(|| "no line that says that it is ready".to_owned())
        });
        ready.await.map_err(Unready::Missed)?
    }

    /// What a program that has ended has written, once all of it has been read.
    pub async fn whole_output(&self) -> Vec<String> {
        wait::until("the end of the output", async || {
            match self.output.pipes.load(Ordering::Acquire) {
                0 => Ok(self.output.lines()),
                open => Err(format!("{open} pipes are open")),
            }
        })
        .await
    }

    /// How it ended, if it has.
    pub fn status(&self) -> Option<ExitStatus> {
        *lock(&self.ending.status)
    }

    /// Sends `signal`, unless the program has ended: its id may then belong to another.
    pub fn signal(&self, signal: Signal) {
        if self.status().is_none() {
            send(self.pid, signal);
        }
    }

    /// Asks the program to leave, and kills it if it does not.
    pub fn end(&self) -> ExitStatus {
        self.signal(Signal::SIGTERM);
        if let Some(status) = self.ending.wait(self.grace) {
            return status;
        }
        self.signal(Signal::SIGKILL);
        self.ending.wait(self.grace).expect("a killed process ends")
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

impl Ending {
    fn wait(&self, limit: Duration) -> Option<ExitStatus> {
        let (status, _) = self
            .changed
            .wait_timeout_while(lock(&self.status), limit, |status| status.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        *status
    }
}

impl Output {
    /// Takes in lines from `pipe` until it closes, so that the program never waits for a reader.
    fn follow(self: &Arc<Self>, pipe: impl Read + Send + 'static) {
        let output = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                lock(&output.lines).push(String::from_utf8_lossy(&line).into_owned());
            }
            output.pipes.fetch_sub(1, Ordering::Release);
        });
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.lines).clone()
    }

    /// The lines from number `first` on, counted from 0.
    pub fn lines_from(&self, first: usize) -> Vec<String> {
        lock(&self.lines)
            .get(first..)
            .map(<[String]>::to_vec)
            .unwrap_or_default()
    }

    /// What `find` makes of the first line that it knows.
    pub fn find<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        lock(&self.lines).iter().find_map(|line| find(line))
    }
}

/// The last lines, under a heading, as a failure shows them.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = lock(&self.lines);
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

/// Sends `signal` to `pid`. One that has just ended needs none.
pub fn send(pid: Pid, signal: Signal) {
    match kill(pid, signal) {
        Ok(()) | Err(nix::errno::Errno::ESRCH) => {}
        Err(error) => panic!("cannot send {signal} to process {pid}: {error}"),
    }
}

/// A panic in one thread of a test says enough; a second one about a lock would hide it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
