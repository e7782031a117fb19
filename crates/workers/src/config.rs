//! What to run, how often, and where it listens.

use std::{ffi::OsString, net::Ipv4Addr, num::NonZeroU32, path::PathBuf, time::Duration};

use crate::Bind;

/// What the supervisor runs, and how.
///
/// The defaults: one worker on `127.0.0.1:8050`, one shared socket, connections closed after each answer when there are
/// several workers, five seconds to drain, readiness reported by the worker.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(crate) envs: Vec<(OsString, OsString)>,
    pub(crate) workers: NonZeroU32,
    pub(crate) bind: Bind,
    pub(crate) accept: Accept,
    pub(crate) readiness: Readiness,
    pub(crate) keep_alive: bool,
    pub(crate) grace: Duration,
}

impl Config {
    /// A configuration for `program`, called `name` in the line that says that it listens.
    pub fn new(name: impl Into<String>, program: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            program: program.into(),
            args: Vec::new(),
            envs: Vec::new(),
            workers: NonZeroU32::MIN,
            bind: Bind::Tcp((Ipv4Addr::LOCALHOST, 8050).into()),
            accept: Accept::Shared,
            readiness: Readiness::Notified,
            keep_alive: false,
            grace: Duration::from_secs(5),
        }
    }

    /// Adds arguments for the program.
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable of the workers. They inherit the supervisor's other variables.
    pub fn env(mut self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.envs.push((key.into(), value.into()));
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
