//! What is done to the workers while people call, when the seed says.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use fastrand::Rng;
use harness::{
    App,
    process::{Signal, send},
};
use histories::{EventKind, Fault};
use tokio::time::sleep;

use crate::record::Record;

/// How long a worker stands still. It is longer than a lease of the cache in Redis.
const PAUSE: Duration = Duration::from_secs(2);

/// The longest time between two faults.
const BETWEEN: u64 = 400;

/// Faults of these kinds, one after the other, for as long as this is awaited. `count` says how many there were.
pub(crate) async fn inject(
    app: &App,
    record: &Record,
    faults: &[Fault],
    count: &AtomicUsize,
    rng: &mut Rng,
) {
    // Each kind in its turn, so that a short run has them all.
    for fault in faults.iter().cycle() {
        wait(Duration::from_millis(rng.u64(BETWEEN / 4..BETWEEN))).await;
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
        count.fetch_add(1, Ordering::Relaxed);
    }
}

async fn kill(app: &App, record: &Record, rng: &mut Rng) {
    let numbers: Vec<_> = app.workers().into_keys().collect();
    let Some(&number) = rng.choice(&numbers) else {
        return;
    };
    let worker = u32::try_from(number).unwrap_or_default();
    record.push(EventKind::Fault {
        kind: Fault::Kill,
        worker: Some(worker),
    });
    let pid = app.kill_worker(number).await;
    record.ended(worker);
    app.replaced(number, pid).await;
    record.push(EventKind::Started(record.process(worker)));
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

/// Lets time pass, which is what a schedule of faults is about, and what people do between two calls.
#[expect(clippy::disallowed_methods, reason = "a schedule is a list of times")]
pub(crate) async fn wait(time: Duration) {
    sleep(time).await;
}
