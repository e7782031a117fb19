//! The fleet as it is at one moment.

use std::time::Instant;

use super::{Fleet, member::State};
use crate::{WorkerState, WorkerStatus};

impl Fleet {
    /// All workers by their numbers, a predecessor before its successor, and the numbers that wait for one. What a process
    /// occupies of the memory is not known here, and the time of day neither.
    pub(crate) fn snapshot(&self, time_of_day: impl Fn(Instant) -> u64) -> Vec<WorkerStatus> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_unstable_by_key(|member| member.key);
        let occupied = members.into_iter().map(|member| WorkerStatus {
            worker: member.number,
            pid: (member.pid != 0).then_some(member.pid),
            state: match member.state {
                State::Starting => WorkerState::Starting,
                State::Ready if member.pause.is_some() => WorkerState::Paused,
                State::Ready => WorkerState::Ready,
                State::Draining => WorkerState::Draining,
            },
            since: time_of_day(member.pause.map_or(member.since, |pause| pause.since)),
            requests: member.requests,
            restarts: member.life - 1,
            memory: None,
        });
        let vacant = self.slots.iter().filter_map(|slot| {
            slot.start_at?;
            Some(WorkerStatus {
                worker: slot.number,
                pid: None,
                state: WorkerState::Waiting,
                since: time_of_day(slot.vacant_since?),
                requests: None,
                restarts: slot.lives,
                memory: None,
            })
        });
        let mut workers: Vec<_> = occupied.chain(vacant).collect();
        // Stable: a worker that drains stays before what comes after it.
        workers.sort_by_key(|worker| worker.worker);
        workers
    }
}
