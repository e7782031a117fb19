//! Workers that could not start: whether to try again.

use std::{
    io,
    time::{Duration, Instant},
};

use nix::errno::Errno;
use tracing::error;

use super::{Failure, Fleet, Key, Phase, member::Member};
use crate::{Exit, StartFailure, backoff};

/// A fleet without a ready worker gives up only after this many failed attempts in a row for one number.
const ATTEMPTS: u32 = 3;
/// How long no worker must have been ready before the fleet gives up.
const DARKNESS: Duration = Duration::from_secs(10);

impl Fleet {
    pub(super) fn not_spawned(&mut self, key: Key, error: io::Error, now: Instant) {
        let Some(index) = self.members.iter().position(|member| member.key == key) else {
            return;
        };
        let member = self.members.swap_remove(index);
        if self.stopping() {
            return self.finish_if_empty();
        }
        error!("worker {} cannot be started: {error}", member.number);
        let Some(attempts) = self.fails_again(&member, now) else {
            return;
        };
        if is_passing(&error) && !self.is_first(&member) {
            // What the machine is short of now may be there later.
            self.schedule(member.number, backoff::delay(attempts), now);
        } else {
            self.stop(Some(Failure::Spawn(error)), now);
        }
    }

    pub(super) fn failed_start(
        &mut self,
        member: &Member,
        exit: Exit,
        last_lines: Vec<String>,
        now: Instant,
    ) {
        let mut failure = StartFailure {
            worker: member.number,
            pid: member.pid,
            exit,
            attempts: 1,
            last_lines,
        };
        match self.fails_again(member, now) {
            Some(attempts) => {
                failure.attempts = attempts;
                self.stop(Some(Failure::Start(failure)), now);
            }
            None => error!("{failure}"),
        }
    }

    /// Counts a worker that could not start and plans the next attempt. Says after how many attempts there is no use in
    /// another one: at the start after the first; later never while any worker serves.
    fn fails_again(&mut self, member: &Member, now: Instant) -> Option<u32> {
        let number = member.number;
        if self.is_taken(number) {
            self.reload.clear();
            error!("worker {number} goes on as it was: the reload is given up");
            return None;
        }
        let is_first = self.is_first(member);
        let is_dark =
            !self.any_ready() && self.dark_since.is_some_and(|since| now - since >= DARKNESS);
        let slot = self.slot(number)?;
        slot.failed_starts += 1;
        let attempts = slot.failed_starts;
        if is_first || is_dark && attempts >= ATTEMPTS {
            return Some(attempts);
        }
        self.schedule(number, backoff::delay(attempts), now);
        None
    }

    /// Whether this worker is one of those with which the supervisor began, and not all of them have been ready yet.
    fn is_first(&self, member: &Member) -> bool {
        matches!(self.phase, Phase::Starting) && member.life == 1
    }
}

/// Whether the machine was short of something that other programs may give back.
fn is_passing(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw);
    matches!(
        errno,
        Some(Errno::EAGAIN | Errno::ENOMEM | Errno::EMFILE | Errno::ENFILE)
    )
}
