//! What a lesson does to a worker: kill it, or let it stand still for a while.

use std::time::Instant;

use handover::order::{Done, Order, Reason, Refusal};
use tracing::info;

use super::{
    Action, Fleet,
    member::{Member, State, seconds},
};

/// A worker that stands still because it was told to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pause {
    pub(super) since: Instant,
    pub(super) until: Instant,
}

impl Fleet {
    /// Carries out an order; which worker it met, and what to do now.
    pub(crate) fn order(
        &mut self,
        order: Order,
        now: Instant,
    ) -> Result<(Done, Vec<Action>), Refusal> {
        let member = self.ordered(order.worker())?;
        let (key, name) = (member.key, member.name());
        let done = Done {
            worker: member.number,
            life: member.life,
        };
        let action = match order {
            Order::Kill { .. } => {
                info!("{name} is killed, as ordered");
                Action::Kill(key)
            }
            Order::Pause { time, .. } => {
                info!("{name} stands still for {}, as ordered", seconds(time));
                member.pause = Some(Pause {
                    since: now,
                    until: now + time,
                });
                Action::Pause(key)
            }
        };
        Ok((done, vec![action]))
    }

    /// The worker with this number, if it serves.
    fn ordered(&mut self, number: u32) -> Result<&mut Member, Refusal> {
        let serves = |member: &Member| member.number == number && member.state == State::Ready;
        if let Some(index) = self.members.iter().position(serves) {
            return Ok(&mut self.members[index]);
        }
        Err(if self.slots.iter().any(|slot| slot.number == number) {
            Reason::State.because(format!(
                "Worker {number} does not serve at this moment: it starts, or it leaves."
            ))
        } else {
            let last = self.slots.last().map_or(0, |slot| slot.number);
            Reason::Worker.because(format!(
                "There is no worker {number}: the numbers are 1 to {last}."
            ))
        })
    }

    /// Workers whose pause is over go on.
    pub(super) fn end_pauses(&mut self, now: Instant) {
        for member in &mut self.members {
            if let Some(pause) = member.pause.take_if(|pause| pause.until <= now) {
                // It could not say a word meanwhile.
                member.heard = member.heard.map(|_| now);
                let paused = seconds(now.saturating_duration_since(pause.since));
                info!("{} goes on after {paused}", member.name());
                self.actions.push(Action::Resume(member.key));
            }
        }
    }
}
