//! A fleet that changes while it serves: replaced one by one, made larger, made smaller.

use std::time::Instant;

use tracing::{info, warn};

use super::{Action, Fleet, Key, member::Slot};

impl Fleet {
    /// HUP: begins to replace all workers.
    pub(super) fn reload(&mut self) {
        if !self.stopping() {
            info!("replacing the workers one by one");
            self.reload = self.slots.iter().map(|slot| slot.number).collect();
        }
    }

    /// Takes the next step of a reload, when the one before is done.
    pub(super) fn advance_reload(&mut self, now: Instant) {
        if self.members.iter().any(|member| member.reloads) {
            return;
        }
        while let Some(number) = self.reload.pop_front() {
            // A number that waits for its replacement starts from the program as it is now anyway.
            if self.is_taken(number) {
                self.start(number, now);
                if let Some(successor) = self.members.last_mut() {
                    successor.reloads = true;
                }
                return;
            }
        }
    }

    /// TTIN: adds a worker with the next number.
    pub(super) fn more(&mut self, now: Instant) {
        if self.stopping() {
            return;
        }
        let number = self.slots.last().map_or(1, |slot| slot.number + 1);
        info!("worker {number} is added");
        if let [only] = &self.slots[..] {
            // It was started as the only one and keeps its connections: its clients would never meet the new one.
            self.reload.push_back(only.number);
        }
        let lives = self.retired.remove(&number).unwrap_or_default();
        self.slots.push(Slot::new(number, lives));
        self.start(number, now);
    }

    /// TTOU: removes the worker with the highest number.
    pub(super) fn fewer(&mut self, now: Instant) {
        if self.stopping() {
            return;
        }
        if self.slots.len() == 1 {
            return warn!("the last worker stays: TERM ends it and the supervisor");
        }
        let Some(slot) = self.slots.pop() else { return };
        info!("worker {} is removed", slot.number);
        self.retired.insert(slot.number, slot.lives);
        self.reload.retain(|number| *number != slot.number);
        let gone: Vec<Key> = self
            .members
            .iter()
            .filter(|m| m.number == slot.number)
            .map(|m| m.key)
            .collect();
        // Before it hears of it, and not when its process has ended: meanwhile the kernel would go on to give it connections.
        self.actions.push(Action::Retire(slot.number));
        for key in gone {
            self.drain(key, now);
        }
        self.announce_if_complete();
    }

    /// After a worker became ready there is no need for older ones of its number.
    pub(super) fn drain_predecessors(&mut self, number: u32, successor: Key, now: Instant) {
        let old: Vec<Key> = self
            .members
            .iter()
            .filter(|member| member.number == number && member.key < successor)
            .map(|member| member.key)
            .collect();
        for key in old {
            self.drain(key, now);
            if let Some(member) = self.member(key) {
                member.reloads = true;
            }
        }
    }
}
