//! A worker that stands still: it has the socket, and answers nothing.

use std::time::Instant;

use tracing::warn;

use super::{
    Action, Fleet, Key,
    member::{Member, State, seconds},
};

impl Fleet {
    /// The worker has said `WATCHDOG=1`, and from now on it has to say it again in time.
    pub(super) fn alive(&mut self, key: Key, now: Instant) {
        if let Some(member) = self.member(key) {
            member.heard = Some(now);
        }
    }

    /// When this worker is given up, if it says nothing until then.
    pub(super) fn silent_at(&self, member: &Member) -> Option<Instant> {
        let watched = member.state == State::Ready && member.pause.is_none();
        let limit = self.policy.watchdog.filter(|_| watched)?;
        member.heard?.checked_add(limit)
    }

    /// Kills those that have been silent for too long. Their end is then like any other's.
    pub(super) fn end_silent(&mut self, now: Instant) {
        for index in 0..self.members.len() {
            let silent_at = self.silent_at(&self.members[index]);
            let member = &mut self.members[index];
            if let Some(heard) = member
                .heard
                .take_if(|_| silent_at.is_some_and(|at| at <= now))
            {
                warn!(
                    "{} has not said WATCHDOG=1 for {} and is killed",
                    member.name(),
                    seconds(now - heard)
                );
                self.actions.push(Action::Kill(member.key));
            }
        }
    }
}
