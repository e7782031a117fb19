//! What goes into a fleet and what comes out of it.

use std::{io, num::NonZeroU64, time::Duration};

use super::Key;
use crate::{Exit, StartFailure};

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// The process of this worker exists.
    Spawned(Key, u32),
    /// The process of this worker could not be made.
    NotSpawned(Key, io::Error),
    /// The worker accepts connections.
    Ready(Key),
    /// The worker says that it does not stand still.
    Alive(Key),
    /// The worker has answered this many requests so far.
    Answered(Key, u64),
    /// The worker leaves by its own will.
    Leaving(Key),
    /// The process ended, and these were its last lines.
    Exited(Key, Exit, Vec<String>),
    /// TERM: end when all have ended.
    Terminate,
    /// INT: as TERM, and at once the second time.
    Interrupt,
    /// QUIT: end at once.
    Quit,
    /// HUP: replace the workers one by one.
    Reload,
    /// TTIN: one worker more.
    More,
    /// TTOU: one worker less.
    Fewer,
    /// The time that [`Fleet::wake_at`] named has come.
    Timer,
}

/// A worker that is to be started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) key: Key,
    /// From 1.
    pub(crate) number: u32,
    /// Which of the workers with this number it is, from 1.
    pub(crate) life: u32,
    /// Of how many workers it is one.
    pub(crate) count: u32,
}

/// Something to do.
#[derive(Debug)]
pub(crate) enum Action {
    /// Start a process.
    Start(Start),
    /// Ask it to leave.
    Terminate(Key),
    /// Make it leave.
    Kill(Key),
    /// Make it stand still.
    Pause(Key),
    /// Let it go on.
    Resume(Key),
    /// No worker will have this number any more: its socket takes no new connection.
    Retire(u32),
    /// Stop listening: all workers leave.
    Close,
    /// For the first time every worker accepts.
    Announce { workers: u32 },
    /// Nothing is left to supervise.
    Finish(Result<(), Failure>),
}

/// Why the fleet gave up.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A worker ended before it was ready.
    Start(StartFailure),
    /// A process could not be made.
    Spawn(io::Error),
}

/// The numbers of the supervisor's rules that a caller chooses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// From TERM to KILL.
    pub(crate) grace: Duration,
    /// A worker that cannot say when it is ready counts as ready when it has lived for so long. `None`: each says it itself.
    pub(crate) settle: Option<Duration>,
    /// For how long a worker that has said `WATCHDOG=1` may be silent.
    pub(crate) watchdog: Option<Duration>,
    /// After how many requests workers are told to leave, at least.
    pub(crate) max_requests: Option<NonZeroU64>,
}
