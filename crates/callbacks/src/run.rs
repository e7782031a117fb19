//! Running callbacks: how many at once, for how long, and to their ends.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument;

use crate::answer::Answer;
use crate::app_state::AppState;
use crate::callback::CallFuture;
use crate::context::CallGuard;
use crate::failure::Failure;
use crate::panic::Panic;

/// The right to run one callback. Without a limit there are as many as anybody wants.
#[derive(Debug)]
pub(crate) struct Permit(
    #[expect(dead_code, reason = "it is given back when it is dropped")]
    Option<OwnedSemaphorePermit>,
);

/// A call that has begun.
pub(crate) struct Call {
    pub(crate) permit: Permit,
    pub(crate) future: CallFuture,
    /// What the program wants to be held until the end.
    pub(crate) guard: Option<CallGuard>,
}

/// Asks for the right to run a callback, which comes before the callback is touched: a call that is refused was not begun.
pub(crate) fn permit(state: &AppState) -> Result<Permit, Failure> {
    let permits = state.permits.as_ref();
    let permit = permits.map(|permits| Arc::clone(permits).try_acquire_owned());
    permit.transpose().map(Permit).map_err(|_| Failure::Busy)
}

/// Runs a callback that has begun to its end, whether or not somebody still waits for its answer: as a process under gunicorn does.
///
/// It is polled once in place, and most callbacks are then done. Only one that is still pending becomes a task, which goes on when the
/// connection is dropped, and keeps the permit until then.
pub(crate) async fn run(
    state: &Arc<AppState>,
    index: usize,
    Call {
        permit,
        mut future,
        guard,
    }: Call,
) -> Result<Answer, Failure> {
    let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context)));
    if let Poll::Ready(outcome) = first.await {
        return report(state, index, outcome);
    }
    let owned = Arc::clone(state);
    let rest = async move {
        let outcome = within(owned.app.callback_timeout, future).await;
        drop(permit);
        let outcome = report(&owned, index, outcome);
        drop(guard);
        outcome
    };
    let outcome = tokio::spawn(rest.in_current_span()).await;
    outcome.unwrap_or_else(|error| {
        // The callback's own panics are caught within; what it leaves behind may panic when it is dropped.
        Err(match error.try_into_panic() {
            Ok(payload) => Failure::Panic(Panic::of(&*payload)),
            Err(_) => Failure::Stopped,
        })
    })
}

/// Gives a callback up after this time, if there is one.
async fn within(limit: Option<Duration>, future: CallFuture) -> Result<Answer, Failure> {
    match limit {
        None => future.await,
        Some(limit) => {
            let outcome = tokio::time::timeout(limit, future).await;
            outcome.unwrap_or(Err(Failure::Timeout(limit)))
        }
    }
}

/// Writes a failure to the log, even if nobody gets the answer any more.
fn report(
    state: &AppState,
    index: usize,
    outcome: Result<Answer, Failure>,
) -> Result<Answer, Failure> {
    if let Err(failure) = &outcome {
        failure.report(&state.callback(index).declaration);
    }
    outcome
}
