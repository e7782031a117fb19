//! What the supervisor decides, with no process, no socket and no clock in it.
//!
//! Events go in with the time at which they happened, [`Action`]s come out. The event loop in `supervisor.rs` carries
//! them out and feeds back what became of them.

mod attempts;
mod event;
mod member;
mod orders;
mod resize;
mod snapshot;
#[cfg(test)]
mod tests;
mod watchdog;

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use tracing::{debug, info, warn};

use crate::{Exit, backoff};
pub(crate) use event::{Action, Event, Failure, Policy, Start};
pub(crate) use member::Key;
use member::{Member, SLOW_START, Slot, State, seconds};

#[derive(Debug)]
enum Phase {
    /// Not every worker has been ready yet.
    Starting,
    /// All have been ready at the same time.
    Running,
    /// No worker is replaced any more.
    Stopping(Option<Failure>),
    /// All have ended, and this has been told.
    Ended,
}

/// All workers, and what is to become of them.
#[derive(Debug)]
pub(crate) struct Fleet {
    policy: Policy,
    phase: Phase,
    slots: Vec<Slot>,
    /// How many workers the numbers have had that are taken away for now.
    retired: HashMap<u32, u32>,
    members: Vec<Member>,
    /// Numbers whose workers are still to be replaced by a reload.
    reload: VecDeque<u32>,
    last_key: u64,
    /// Since when no worker is ready.
    dark_since: Option<Instant>,
    actions: Vec<Action>,
}

impl Fleet {
    /// A fleet that will have `count` workers, none of which has been started.
    pub(crate) fn new(count: u32, policy: Policy) -> Self {
        Self {
            policy,
            phase: Phase::Starting,
            slots: (1..=count).map(|number| Slot::new(number, 0)).collect(),
            retired: HashMap::new(),
            members: Vec::new(),
            reload: VecDeque::new(),
            last_key: 0,
            dark_since: None,
            actions: Vec::new(),
        }
    }

    /// Starts the first workers.
    pub(crate) fn launch(&mut self, now: Instant) -> Vec<Action> {
        for index in 0..self.slots.len() {
            self.start(self.slots[index].number, now);
        }
        std::mem::take(&mut self.actions)
    }

    // ANCHOR: handle
    /// Takes an event and says what to do about it.
    pub(crate) fn handle(&mut self, event: Event, now: Instant) -> Vec<Action> {
        match event {
            Event::Spawned(key, pid) => self.spawned(key, pid),
            Event::NotSpawned(key, error) => self.not_spawned(key, error, now),
            Event::Ready(key) => self.ready(key, now),
            Event::Alive(key) => self.alive(key, now),
            Event::Answered(key, count) => self.answered(key, count),
            Event::Leaving(key) => self.leaving(key, now),
            Event::Exited(key, exit, last_lines) => self.exited(key, exit, last_lines, now),
            Event::Interrupt if self.stopping() => self.kill_all(),
            Event::Terminate | Event::Interrupt => self.stop(None, now),
            Event::Quit => {
                self.stop(None, now);
                self.kill_all();
            }
            Event::Reload => self.reload(),
            Event::More => self.more(now),
            Event::Fewer => self.fewer(now),
            Event::Timer => self.timer(now),
        }
        self.advance_reload(now);
        self.dark_since = match self.any_ready() {
            true => None,
            false => self.dark_since.or(Some(now)),
        };
        std::mem::take(&mut self.actions)
    }
    // ANCHOR_END: handle

    /// When [`Event::Timer`] is due next.
    pub(crate) fn wake_at(&self) -> Option<Instant> {
        let starts = self.slots.iter().filter_map(|slot| slot.start_at);
        let members = self.members.iter().filter_map(|member| member.wake_at);
        let pauses = self.members.iter().filter_map(|member| member.pause);
        let pauses = pauses.map(|pause| pause.until);
        let silences = self
            .members
            .iter()
            .filter_map(|member| self.silent_at(member));
        starts.chain(members).chain(pauses).chain(silences).min()
    }

    fn spawned(&mut self, key: Key, pid: u32) {
        let settle = self.policy.settle;
        if let Some(member) = self.member(key) {
            member.pid = pid;
            if let Some(settle) = settle {
                // It cannot say when it accepts: to have lived for a moment is its proof.
                member.wake_at = Some(member.started + settle);
            }
            debug!(worker = member.number, pid, "started");
        }
    }

    fn ready(&mut self, key: Key, now: Instant) {
        let Some(member) = self.member(key) else {
            return;
        };
        if member.state != State::Starting {
            return;
        }
        let took = now - member.started;
        member.enter(State::Ready, now);
        member.reloads = false;
        member.wake_at = None;
        let number = member.number;
        debug!("{} is ready after {}", member.name(), seconds(took));
        if let Some(slot) = self.slot(number) {
            slot.failed_starts = 0;
        }
        self.drain_predecessors(number, key, now);
        self.announce_if_complete();
    }

    /// The start is over when every number has a worker that is ready.
    fn announce_if_complete(&mut self) {
        if matches!(self.phase, Phase::Starting)
            && self.slots.iter().all(|slot| self.has_ready(slot.number))
        {
            self.phase = Phase::Running;
            let workers = self.count();
            self.actions.push(Action::Announce { workers });
        }
    }

    fn leaving(&mut self, key: Key, now: Instant) {
        let Some(member) = self.member(key) else {
            return;
        };
        if member.state != State::Ready {
            return;
        }
        let mut lived = now - member.since;
        info!(
            "{} leaves by its own will after {}",
            member.name(),
            seconds(lived)
        );
        let number = member.number;
        let answered = member.requests.unwrap_or_default();
        self.drain(key, now);
        if self
            .policy
            .max_requests
            .is_some_and(|most| answered >= most.get())
        {
            // It does as it was told: there is nothing to back off from, however soon it leaves.
            lived = lived.max(backoff::STEADY);
        }
        self.replace(number, lived, now);
    }

    fn answered(&mut self, key: Key, count: u64) {
        if let Some(member) = self.member(key) {
            member.requests = Some(count);
        }
    }

    fn exited(&mut self, key: Key, exit: Exit, last_lines: Vec<String>, now: Instant) {
        let Some(index) = self.members.iter().position(|member| member.key == key) else {
            return;
        };
        let member = self.members.swap_remove(index);
        let age = now - member.started;
        match member.state {
            _ if self.stopping() => debug!("{} {exit} after {}", member.name(), seconds(age)),
            State::Draining => info!("{} {exit} after {}", member.name(), seconds(age)),
            State::Ready => {
                warn!("{} {exit} after {}", member.name(), seconds(age));
                self.replace(member.number, now - member.since, now);
            }
            State::Starting => {
                self.failed_start(&member, exit, last_lines, now);
            }
        }
        self.finish_if_empty();
    }

    /// Puts a new worker in the place of one that served for `lived`.
    fn replace(&mut self, number: u32, lived: Duration, now: Instant) {
        if self.is_taken(number) {
            return; // A reload has already started its successor.
        }
        let Some(slot) = self.slot(number) else {
            return;
        };
        slot.quick_deaths = if lived < backoff::STEADY {
            slot.quick_deaths + 1
        } else {
            1
        };
        let delay = backoff::delay(slot.quick_deaths - 1);
        self.schedule(number, delay, now);
    }

    fn schedule(&mut self, number: u32, delay: Duration, now: Instant) {
        if delay.is_zero() {
            return self.start(number, now);
        }
        info!("worker {number} is replaced in {}", seconds(delay));
        if let Some(slot) = self.slot(number) {
            slot.start_at = Some(now + delay);
            slot.vacant_since = Some(now);
        }
    }

    fn start(&mut self, number: u32, now: Instant) {
        self.last_key += 1;
        let key = Key(self.last_key);
        let count = self.count();
        let mut member = Member::new(key, number, now);
        if let Some(slot) = self.slot(number) {
            slot.lives += 1;
            member.life = slot.lives;
        }
        self.actions.push(Action::Start(Start {
            key,
            number,
            life: member.life,
            count,
        }));
        self.members.push(member);
    }

    /// Begins to end, unless that has begun already.
    fn stop(&mut self, failure: Option<Failure>, now: Instant) {
        if self.stopping() {
            return;
        }
        self.phase = Phase::Stopping(failure);
        self.reload.clear();
        for slot in &mut self.slots {
            slot.start_at = None;
        }
        info!("stopping; workers still to leave: {}", self.members.len());
        self.actions.push(Action::Close);
        for index in 0..self.members.len() {
            self.drain(self.members[index].key, now);
        }
        self.finish_if_empty();
    }

    fn kill_all(&mut self) {
        self.actions
            .extend(self.members.iter().map(|member| Action::Kill(member.key)));
    }

    fn drain(&mut self, key: Key, now: Instant) {
        // A grace that is too long for the clock is one without an end.
        let kill_at = now.checked_add(self.policy.grace);
        if let Some(member) = self
            .member(key)
            .filter(|member| member.state != State::Draining)
        {
            member.enter(State::Draining, now);
            member.wake_at = kill_at;
            if member.pause.take().is_some() {
                // What stands still hears nothing.
                self.actions.push(Action::Resume(key));
            }
            self.actions.push(Action::Terminate(key));
        }
    }

    fn timer(&mut self, now: Instant) {
        let due: Vec<u32> = self
            .slots
            .iter_mut()
            .filter_map(|slot| slot.start_at.take_if(|at| *at <= now).map(|_| slot.number))
            .collect();
        for number in due {
            self.start(number, now);
        }
        self.end_pauses(now);
        self.end_silent(now);
        let Policy { grace, settle, .. } = self.policy;
        let mut settled = Vec::new();
        for member in &mut self.members {
            if member.wake_at.take_if(|at| *at <= now).is_none() {
                continue;
            }
            if member.state == State::Starting && settle.is_some() {
                settled.push(member.key);
            } else if member.state == State::Draining {
                warn!(
                    "{} did not leave within {} and is killed",
                    member.name(),
                    seconds(grace)
                );
                self.actions.push(Action::Kill(member.key));
            } else {
                warn!(
                    "{} has not said READY=1 for {}; `--ready start` is for servers that never do",
                    member.name(),
                    seconds(SLOW_START)
                );
            }
        }
        for key in settled {
            self.ready(key, now);
        }
    }

    fn finish_if_empty(&mut self) {
        if !self.members.is_empty() {
            return;
        }
        if let Phase::Stopping(failure) = &mut self.phase {
            let outcome = failure.take().map_or(Ok(()), Err);
            self.phase = Phase::Ended;
            self.actions.push(Action::Finish(outcome));
        }
    }

    fn stopping(&self) -> bool {
        matches!(self.phase, Phase::Stopping(_) | Phase::Ended)
    }

    fn count(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    fn any_ready(&self) -> bool {
        self.members
            .iter()
            .any(|member| member.state == State::Ready)
    }

    fn has_ready(&self, number: u32) -> bool {
        self.members
            .iter()
            .any(|member| member.number == number && member.state == State::Ready)
    }

    /// Whether a worker has this number that is not about to leave.
    fn is_taken(&self, number: u32) -> bool {
        self.members
            .iter()
            .any(|member| member.number == number && member.state != State::Draining)
    }

    fn slot(&mut self, number: u32) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.number == number)
    }

    fn member(&mut self, key: Key) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.key == key)
    }
}
