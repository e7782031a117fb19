//! The fleet as it is at one moment.

use std::time::Instant;

use super::{Fleet, member::State};
use crate::WorkerState;

/// A worker, or a number that waits for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) number: u32,
    /// `None` while there is no process.
    pub(crate) pid: Option<u32>,
    pub(crate) state: WorkerState,
    pub(crate) since: Instant,
    /// `None` if it does not say.
    pub(crate) requests: Option<u64>,
    /// How many workers had this number before.
    pub(crate) restarts: u32,
}

impl Fleet {
    /// All workers by their numbers, a predecessor before its successor.
    pub(crate) fn snapshot(&self) -> Vec<Seat> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_unstable_by_key(|member| (member.number, member.key));
        let occupied = members.into_iter().map(|member| Seat {
            number: member.number,
            pid: (member.pid != 0).then_some(member.pid),
            state: match member.state {
                State::Starting => WorkerState::Starting,
                State::Ready if member.pause.is_some() => WorkerState::Paused,
                State::Ready => WorkerState::Ready,
                State::Draining => WorkerState::Draining,
            },
            since: member.pause.map_or(member.since, |pause| pause.since),
            requests: member.requests,
            restarts: member.life - 1,
        });
        let vacant = self.slots.iter().filter_map(|slot| {
            slot.start_at?;
            Some(Seat {
                number: slot.number,
                pid: None,
                state: WorkerState::Waiting,
                since: slot.vacant_since?,
                requests: None,
                restarts: slot.lives,
            })
        });
        let mut seats: Vec<_> = occupied.chain(vacant).collect();
        // Stable: a worker that drains stays before what comes after it.
        seats.sort_by_key(|seat| seat.number);
        seats
    }
}
