//! What to run, how often, and where it listens.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    hash::{BuildHasher, RandomState},
    net::Ipv4Addr,
    num::{NonZeroU32, NonZeroU64},
    path::PathBuf,
    time::Duration,
};

use crate::Bind;

/// What the supervisor runs, and how.
///
/// The defaults: one worker on `127.0.0.1:8050`, one shared socket, connections closed after each answer when there are
/// several workers, five seconds to drain, readiness reported by the worker, no limit to a worker's requests, no control
/// socket.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) envs: Variables,
    pub(crate) workers: NonZeroU32,
    pub(crate) bind: Bind,
    pub(crate) accept: Accept,
    pub(crate) readiness: Readiness,
    pub(crate) keep_alive: bool,
    pub(crate) grace: Duration,
    pub(crate) watchdog: Option<Duration>,
    pub(crate) max_requests: Option<MaxRequests>,
    pub(crate) socket_mode: Option<u32>,
    pub(crate) control: Option<PathBuf>,
    pub(crate) teaching: bool,
}

impl Config {
    /// A configuration for `program`, called `name` in the line that says that it listens.
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            program: program.into(),
            args: Vec::new(),
            envs: Variables::default(),
            workers: NonZeroU32::MIN,
            bind: Bind::Tcp((Ipv4Addr::LOCALHOST, 8050).into()),
            accept: Accept::Shared,
            readiness: Readiness::Notified,
            keep_alive: false,
            grace: Duration::from_secs(5),
            watchdog: None,
            max_requests: None,
            socket_mode: None,
            control: None,
            teaching: false,
        }
    }

    /// Adds arguments for the program.
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable of the workers. They inherit the supervisor's other variables.
    pub fn env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.envs.0.push((key.into(), value.into()));
        self
    }

    /// How many workers to start.
    pub fn workers(mut self, count: NonZeroU32) -> Self {
        self.workers = count;
        self
    }

    /// Where to listen. A socket that the supervisor itself inherited (`LISTEN_FDS`) is preferred.
    pub fn bind(mut self, bind: Bind) -> Self {
        self.bind = bind;
        self
    }

    /// The mode of the Unix socket's file, such as `0o660`: who may connect. Without, it is what the umask leaves.
    pub fn socket_mode(mut self, mode: u32) -> Self {
        self.socket_mode = Some(mode);
        self
    }

    /// Who gets a new connection.
    pub fn accept(mut self, accept: Accept) -> Self {
        self.accept = accept;
        self
    }

    /// How the supervisor learns that a worker accepts.
    pub fn readiness(mut self, readiness: Readiness) -> Self {
        self.readiness = readiness;
        self
    }

    /// Whether several workers may keep connections open after an answer.
    ///
    /// A browser then stays with the worker that it met first. It is passed on as `WORKER_KEEP_ALIVE`; a worker that
    /// does not read this variable does as it likes.
    pub fn keep_alive(mut self, keep_alive: bool) -> Self {
        self.keep_alive = keep_alive;
        self
    }

    /// How long a worker may take to leave after TERM before it is killed.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// How long a worker may stand still, gunicorn's `--timeout`: then it is killed and replaced. Without, for ever.
    ///
    /// It is passed on as `WATCHDOG_USEC`, systemd's watchdog: a worker says `WATCHDOG=1` several times within this time, and one that has
    /// said so once has to go on. So does `serve`, from the thread that answers: a worker of several whose callback blocks for longer
    /// than this is killed in the middle of it.
    pub fn watchdog(mut self, limit: Duration) -> Self {
        self.watchdog = Some(limit);
        self
    }

    /// After how many requests a worker is replaced, gunicorn's `--max-requests`: whatever it has piled up goes with it.
    ///
    /// Each worker is given a number between `count` and `count + jitter`, so that they do not all leave at once. It is
    /// passed on as `WORKER_MAX_REQUESTS`. A worker that reads it says `STOPPING=1` when it has answered that many; its
    /// replacement is started at once, while the old one finishes what it has begun. Others serve for ever.
    pub fn max_requests(mut self, count: NonZeroU64, jitter: u64) -> Self {
        self.max_requests = Some(MaxRequests { count, jitter });
        self
    }

    /// Where the supervisor answers [`status`](crate::status): a Unix socket that only its owner may connect to.
    ///
    /// A folder that does not exist is made. A socket that a killed supervisor left behind is replaced.
    pub fn control(mut self, path: impl Into<PathBuf>) -> Self {
        self.control = Some(path.into());
        self
    }

    /// Whether the control socket also takes orders: `kill N` and `pause N SECONDS` (see `handover::order`).
    ///
    /// This is for lessons. Workers find the socket's path in `WORKER_CONTROL`, so a page can offer both; the supervisor
    /// therefore needs a loopback address. Without [`control`](Self::control) it has no effect.
    pub fn teaching(mut self, teaching: bool) -> Self {
        self.teaching = teaching;
        self
    }
}

/// Environment variables. `Debug` shows their names alone: a value may be a secret.
#[derive(Clone, Default)]
pub(crate) struct Variables(Vec<(OsString, OsString)>);

impl Variables {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_os_str(), value.as_os_str()))
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|(key, _)| key))
            .finish()
    }
}

/// After how many requests a worker is replaced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaxRequests {
    count: NonZeroU64,
    jitter: u64,
}

impl MaxRequests {
    /// No worker is told a smaller number.
    pub(crate) fn at_least(self) -> NonZeroU64 {
        self.count
    }

    /// The number of one worker.
    pub(crate) fn draw(self) -> u64 {
        // Each `RandomState` has keys of its own: chance enough for what need not be secret.
        let random = RandomState::new().hash_one(());
        let jitter = self.jitter.checked_add(1).map_or(random, |n| random % n);
        self.count.get().saturating_add(jitter)
    }
}

/// Who gets a new connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Accept {
    /// All workers wait on one socket, and whoever is first takes the connection. A busy worker takes no more.
    #[default]
    Shared,
    /// Each worker has a socket of its own on the same port (`SO_REUSEPORT`), and the kernel spreads connections over
    /// them by a hash. It is more even, but a connection may wait for a busy worker while others are idle.
    #[value(name = "reuseport")]
    ReusePort,
}

/// How the supervisor learns that a worker accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Readiness {
    /// The worker sends `READY=1` to `NOTIFY_SOCKET`, as systemd's services do.
    #[default]
    #[value(name = "notify")]
    Notified,
    /// The worker counts as ready when its process has started: for servers that know nothing of `NOTIFY_SOCKET`.
    /// One that ends within a second then counts as one that could not start.
    #[value(name = "start")]
    Started,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn drawn(count: u64, jitter: u64) -> BTreeSet<u64> {
        let count = NonZeroU64::new(count).unwrap();
        let max_requests = MaxRequests { count, jitter };
        (0..500).map(|_| max_requests.draw()).collect()
    }

    #[test]
    fn workers_do_not_all_leave_at_once() {
        assert_eq!(drawn(100, 3), BTreeSet::from([100, 101, 102, 103]));
        assert_eq!(drawn(100, 0), BTreeSet::from([100]));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert!(drawn(u64::MAX, u64::MAX).contains(&u64::MAX));
    }

    #[test]
    fn the_value_of_a_variable_is_not_shown() {
        let config = Config::new("app", "app").env("PASSWORD", "correct horse");
        let text = format!("{config:?}");
        assert!(
            text.contains("PASSWORD") && !text.contains("horse"),
            "{text}"
        );
    }
}
