//! What is done to the workers while people call, when the seed says.

use std::time::Duration;

use fastrand::Rng;
use harness::{
    App,
    process::{Signal, send},
};
use histories::{EventKind, Fault, Process};
use tokio::time::sleep;

use crate::record::Record;

/// How long a worker stands still. It is longer than a lease of the cache in Redis.
const PAUSE: Duration = Duration::from_secs(2);

/// The longest time between two faults.
const BETWEEN: u64 = 400;

/// Faults of these kinds, one after the other, for as long as this is awaited.
pub(crate) async fn inject(app: &App, record: &Record, faults: &[Fault], rng: &mut Rng) {
    loop {
        wait(Duration::from_millis(rng.u64(BETWEEN / 4..BETWEEN))).await;
        let Some(&fault) = rng.choice(faults) else {
            return;
        };
        match fault {
            Fault::Kill => kill(app, record, rng).await,
            Fault::Pause => pause(app, record, rng).await,
            Fault::Reload => {
                let (kind, worker) = (Fault::Reload, None);
                record.push(EventKind::Fault { kind, worker });
                send(app.supervisor(), Signal::SIGHUP);
            }
            Fault::Leave | Fault::Resume => {}
        }
    }
}

async fn kill(app: &App, record: &Record, rng: &mut Rng) {
    let workers: Vec<_> = app.workers().into_iter().collect();
    let Some(&(number, pid)) = rng.choice(&workers) else {
        return;
    };
    let worker = u32::try_from(number).unwrap_or_default();
    record.push(EventKind::Fault {
        kind: Fault::Kill,
        worker: Some(worker),
    });
    send(pid, Signal::SIGKILL);
    app.replaced(number, pid).await;
    record.push(EventKind::Ended(Process { worker, life: 1 }));
}

async fn pause(app: &App, record: &Record, rng: &mut Rng) {
    let workers: Vec<_> = app.workers().into_iter().collect();
    let Some(&(number, pid)) = rng.choice(&workers) else {
        return;
    };
    let worker = u32::try_from(number).ok();
    let push = |kind| record.push(EventKind::Fault { kind, worker });
    push(Fault::Pause);
    send(pid, Signal::SIGSTOP);
    wait(PAUSE).await;
    send(pid, Signal::SIGCONT);
    push(Fault::Resume);
}

/// Lets time pass, which is what a schedule of faults is about.
#[expect(clippy::disallowed_methods, reason = "a schedule is a list of times")]
async fn wait(time: Duration) {
    sleep(time).await;
}
