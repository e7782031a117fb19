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
const GIVE_UP_AFTER: Duration = Duration::from_secs(10);

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
        // What the machine is short of now may be there later.
        let passing = is_passing(&error) && !self.is_first(&member);
        let attempts = self.count_failure(&member);
        if attempts.is_some_and(|attempts| !passing && self.is_hopeless(&member, attempts, now)) {
            self.stop(Some(Failure::Spawn(error)), now);
        } else {
            self.try_again(&member, attempts, now);
        }
    }

    pub(super) fn failed_start(
        &mut self,
        member: &Member,
        exit: Exit,
        last_lines: Vec<String>,
        now: Instant,
    ) {
        let attempts = self.count_failure(member);
        let failure = StartFailure {
            worker: member.number,
            pid: member.pid,
            exit,
            attempts: attempts.unwrap_or(1),
            last_lines,
        };
        if attempts.is_some_and(|attempts| self.is_hopeless(member, attempts, now)) {
            return self.stop(Some(Failure::Start(failure)), now);
        }
        error!("{failure}");
        self.try_again(member, attempts, now);
    }

    /// How many workers of this number could not start, one after the other; `None` if another one has the number, and serves.
    fn count_failure(&mut self, member: &Member) -> Option<u32> {
        if self.is_taken(member.number) {
            return None;
        }
        let slot = self.slot(member.number)?;
        slot.failed_starts += 1;
        Some(slot.failed_starts)
    }

    /// Whether there is no use in another attempt: at the start after the first; later never while any worker serves.
    fn is_hopeless(&self, member: &Member, attempts: u32, now: Instant) -> bool {
        let since = self.dark_since.filter(|_| !self.any_ready());
        let is_dark = since.is_some_and(|since| now - since >= GIVE_UP_AFTER);
        self.is_first(member) || is_dark && attempts >= ATTEMPTS
    }

    fn try_again(&mut self, member: &Member, attempts: Option<u32>, now: Instant) {
        let number = member.number;
        match attempts {
            Some(attempts) => self.schedule(number, backoff::delay(attempts), now),
            None if self.is_taken(number) => {
                self.reload.clear();
                error!("worker {number} goes on as it was: the reload is given up");
            }
            // The number was taken away meanwhile.
            None => {}
        }
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
