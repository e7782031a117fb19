//! What is done to the workers while people call, when the seed says.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use fastrand::Rng;
use harness::{
    App, Pid,
    process::{Signal, send},
};
use histories::{EventKind, Fault, Observer};
use tokio::time::sleep;

/// How long a worker stands still. It is longer than a lease of the cache in Redis.
const PAUSE: Duration = Duration::from_secs(2);

/// The longest time between two faults, in milliseconds.
const BETWEEN: u64 = 400;

/// Faults of these kinds in their turn, for as long as this is awaited, so that a short run has them all. `count` says how many there were.
pub(crate) async fn inject(
    app: &App,
    observer: &Observer,
    faults: &[Fault],
    count: &AtomicUsize,
    rng: &mut Rng,
) {
    for &kind in faults.iter().cycle() {
        wait(Duration::from_millis(rng.u64(BETWEEN / 4..BETWEEN))).await;
        let workers: Vec<_> = app.workers().into_iter().collect();
        let Some(&(number, pid)) = rng.choice(&workers) else {
            continue;
        };
        let worker = u32::try_from(number).ok().filter(|_| kind != Fault::Reload);
        observer.push(EventKind::Fault { kind, worker });
        match kind {
            Fault::Kill => kill(app, observer, number).await,
            Fault::Pause => pause(observer, worker, pid).await,
            Fault::Reload => send(app.supervisor(), Signal::SIGHUP),
            Fault::Leave | Fault::Resume => {}
        }
        count.fetch_add(1, Ordering::Relaxed);
    }
}

async fn kill(app: &App, observer: &Observer, number: usize) {
    let worker = u32::try_from(number).unwrap_or_default();
    let pid = app.kill_worker(number).await;
    observer.ended(worker);
    app.replaced(number, pid).await;
    observer.push(EventKind::Started(observer.process(worker)));
}

async fn pause(observer: &Observer, worker: Option<u32>, pid: Pid) {
    send(pid, Signal::SIGSTOP);
    wait(PAUSE).await;
    send(pid, Signal::SIGCONT);
    let kind = Fault::Resume;
    observer.push(EventKind::Fault { kind, worker });
}

/// Lets time pass, which is what a schedule of faults is about, and what people do between two calls.
#[expect(clippy::disallowed_methods, reason = "a schedule is a list of times")]
pub(crate) async fn wait(time: Duration) {
    sleep(time).await;
}
