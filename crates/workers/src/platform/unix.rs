//! Where there is no `/proc`.

use std::{io, os::fd::AsFd};

use nix::unistd::Pid;

/// Nobody counts the processes that were killed for want of memory: such a kill looks like any other.
#[derive(Debug)]
pub(crate) struct OomKills;

impl OomKills {
    pub(crate) fn watch() -> Self {
        Self
    }

    pub(crate) fn one_more(&mut self) -> bool {
        false
    }
}

/// Unknown.
pub(crate) fn memory(_pid: u32) -> Option<u64> {
    None
}

/// Unknown; `workers` without `nohup` is the usual case.
pub(crate) fn ignores_hangup() -> bool {
    false
}

/// Containers, where a supervisor is the first process, are Linux.
pub(crate) fn adopts() -> bool {
    false
}

pub(crate) fn reap(_is_worker: impl Fn(Pid) -> bool) {}

/// The kernel goes on to choose the socket until it is closed.
pub(crate) fn turn_away(_socket: &impl AsFd) -> io::Result<()> {
    Ok(())
}
