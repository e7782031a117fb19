//! Workers that could not start: whether to try again.

use std::{io, time::Instant};

use nix::errno::Errno;
use tracing::{error, warn};

use super::{Failure, Fleet, Key, Phase, member::Member};
use crate::{Exit, StartFailure, backoff};

/// A replacement that ends before it is ready is tried this often.
const ATTEMPTS: u32 = 3;

impl Fleet {
    pub(super) fn not_spawned(&mut self, key: Key, error: io::Error, now: Instant) {
        let Some(index) = self.members.iter().position(|member| member.key == key) else {
            return;
        };
        let number = self.members.swap_remove(index).number;
        if self.stopping() {
            return self.forget(number);
        }
        error!("worker {number} cannot be started: {error}");
        let starting = matches!(self.phase, Phase::Starting);
        let attempts = if starting {
            None
        } else {
            self.next_attempt(number, now)
        };
        if attempts.is_some() && is_passing(&error) {
            // The others serve, and what is missing now may be there later.
            self.try_again(number, now);
        } else if starting || attempts.is_some() {
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
        warn!("{} {exit} before it was ready", member.name());
        if let Some(attempts) = self.next_attempt(member.number, now) {
            let failure = StartFailure {
                worker: member.number,
                pid: member.pid,
                exit,
                attempts,
                last_lines,
            };
            self.stop(Some(Failure::Start(failure)), now);
        }
    }

    /// Counts a worker that could not start and tries again, or says after how many attempts there is no use in it.
    fn next_attempt(&mut self, number: u32, now: Instant) -> Option<u32> {
        if self.is_taken(number) {
            self.reload.clear();
            error!("worker {number} goes on as it was: the reload is given up");
            return None;
        }
        // A worker that cannot say itself when it is ready may have been ready for all we know.
        let sure = self.policy.settle.is_zero();
        let first = matches!(self.phase, Phase::Starting);
        let slot = self.slot(number)?;
        slot.failed_starts += 1;
        let attempts = slot.failed_starts;
        if first && sure || attempts >= ATTEMPTS {
            return Some(attempts);
        }
        self.try_again(number, now);
        None
    }

    fn try_again(&mut self, number: u32, now: Instant) {
        let failed_starts = self.slot(number).map_or(0, |slot| slot.failed_starts);
        self.schedule(number, backoff::delay(failed_starts), now);
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
