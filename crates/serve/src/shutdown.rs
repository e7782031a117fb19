//! What ends a worker: TERM, INT, or the end of its supervisor.

use std::{io, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};
use tracing::warn;

use crate::lifeline::Lifeline;

/// A worker that lost its supervisor is one that nobody can stop any more: it does not linger.
const ORPHAN_GRACE: Duration = Duration::from_millis(500);

/// The signals and the lifeline.
#[derive(Debug)]
pub(crate) struct Shutdown {
    terminate: Signal,
    interrupt: Signal,
    lifeline: Lifeline,
    grace: Duration,
}

impl Shutdown {
    /// Must be called within a runtime.
    pub(crate) fn install(grace: Duration) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            lifeline: Lifeline::from_env()?,
            grace,
        })
    }

    /// Two futures: the first reason to leave, with how long the requests that run may still run, and the interrupt
    /// after it, of someone who will not wait.
    pub(crate) fn watch(mut self) -> (impl Future<Output = Duration>, impl Future<Output = ()>) {
        let (ask, asked) = oneshot::channel();
        let (insist, insisted) = oneshot::channel();
        tokio::spawn(async move {
            let _ = ask.send(self.first().await);
            self.interrupt.recv().await;
            let _ = insist.send(());
        });
        // A sender goes unused only when the runtime ends, and everything with it.
        (async { asked.await.unwrap_or_default() }, async {
            let _ = insisted.await;
        })
    }

    async fn first(&mut self) -> Duration {
        tokio::select! {
            _ = self.terminate.recv() => self.grace,
            _ = self.interrupt.recv() => self.grace,
            () = self.lifeline.cut() => {
                warn!("the supervisor is gone, and so this worker leaves");
                self.grace.min(ORPHAN_GRACE)
            }
        }
    }
}
