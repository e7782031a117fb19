//! One worker, and the number that it has.

use std::{
    fmt,
    time::{Duration, Instant},
};

use super::orders::Pause;

/// After this long without `READY=1` the log says what may be wrong.
pub(super) const SLOW_START: Duration = Duration::from_secs(10);

/// Tells one process from all others that the supervisor ever started; greater means younger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(pub(super) u64);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One worker process.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: Key,
    pub(super) number: u32,
    /// 0 until the process exists.
    pub(super) pid: u32,
    pub(super) state: State,
    pub(super) started: Instant,
    /// When it came into its state.
    pub(super) since: Instant,
    /// How many requests it has answered, if it says so.
    pub(super) requests: Option<u64>,
    /// Which of the workers with its number it is, from 1.
    pub(super) life: u32,
    /// When to look at it again: because it starts slowly, or because it does not leave.
    pub(super) wake_at: Option<Instant>,
    /// A reload waits for it: for a new worker to be ready, or for an old one to be gone.
    pub(super) reloads: bool,
    /// It was told to stand still.
    pub(super) pause: Option<Pause>,
    /// When it last said that it does not stand still, if it ever did.
    pub(super) heard: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Its process has been asked for.
    Starting,
    /// It accepts.
    Ready,
    /// It has been asked to leave.
    Draining,
}

impl Member {
    pub(super) fn new(key: Key, number: u32, now: Instant) -> Self {
        Self {
            key,
            number,
            pid: 0,
            state: State::Starting,
            started: now,
            since: now,
            requests: None,
            life: 1,
            wake_at: Some(now + SLOW_START),
            reloads: false,
            pause: None,
            heard: None,
        }
    }

    pub(super) fn enter(&mut self, state: State, now: Instant) {
        self.state = state;
        self.since = now;
    }

    /// The worker as the log calls it.
    pub(super) fn name(&self) -> impl fmt::Display + use<> {
        let (number, pid) = (self.number, self.pid);
        fmt::from_fn(move |f| write!(f, "worker {number} (pid {pid})"))
    }
}

/// A time span as the log writes it: `0.1 s`.
pub(super) fn seconds(time: Duration) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{:.1} s", time.as_secs_f64()))
}

/// A worker's number, with the history of those who had it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) number: u32,
    /// Workers that died soon after they were ready, one after the other.
    pub(super) quick_deaths: u32,
    /// Workers that ended before they were ready, one after the other.
    pub(super) failed_starts: u32,
    /// When the next worker of this number starts, while none has it.
    pub(super) start_at: Option<Instant>,
    /// Since when none has it.
    pub(super) vacant_since: Option<Instant>,
    /// How many workers have had this number.
    pub(super) lives: u32,
}

impl Slot {
    /// A number that so many workers have had.
    pub(super) fn new(number: u32, lives: u32) -> Self {
        Self {
            number,
            quick_deaths: 0,
            failed_starts: 0,
            start_at: None,
            vacant_since: None,
            lives,
        }
    }
}
