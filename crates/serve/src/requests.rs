//! How many requests a worker has answered, who is told, and when they are enough.

use std::{
    convert::Infallible,
    num::NonZeroU64,
    sync::atomic::{AtomicU64, Ordering::SeqCst},
    time::Duration,
};

use tokio::{sync::Notify, time::sleep};

/// At most this often the supervisor is told.
const REPORT_INTERVAL: Duration = Duration::from_millis(250);

/// The count of a worker's requests.
///
/// On a request's path it costs one addition. Whoever tells the supervisor sleeps while there is nothing to tell.
#[derive(Debug)]
pub(crate) struct Requests {
    answered: AtomicU64,
    reported: AtomicU64,
    limit: Option<NonZeroU64>,
    changed: Notify,
    reached: Notify,
}

impl Requests {
    pub(crate) fn new(limit: Option<NonZeroU64>) -> Self {
        Self {
            answered: AtomicU64::new(0),
            reported: AtomicU64::new(0),
            limit,
            changed: Notify::new(),
            reached: Notify::new(),
        }
    }

    /// Counts a request; whether that was the last that the worker should take.
    pub(crate) fn count(&self) -> bool {
        let before = self.answered.fetch_add(1, SeqCst);
        if before == self.reported.load(SeqCst) {
            self.changed.notify_one();
        }
        let enough = self.limit.is_some_and(|limit| before + 1 == limit.get());
        if enough {
            self.reached.notify_one();
        }
        enough
    }

    pub(crate) fn answered(&self) -> u64 {
        self.answered.load(SeqCst)
    }

    /// Waits until the limit is reached: for ever, if there is none.
    pub(crate) async fn enough(&self) {
        self.reached.notified().await;
    }

    /// Tells each new count, at most every [`REPORT_INTERVAL`].
    pub(crate) async fn report(&self, tell: impl Fn(u64)) -> Infallible {
        loop {
            self.changed.notified().await;
            loop {
                let answered = self.answered();
                // In this order: a request that comes after the look at `answered` sees the new value of `reported` and
                // wakes us, or is seen in the next round.
                if self.reported.swap(answered, SeqCst) == answered {
                    break;
                }
                tell(answered);
                #[expect(clippy::disallowed_methods, reason = "tells at most so often")]
                sleep(REPORT_INTERVAL).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[test]
    fn the_last_request_says_so_once() {
        let requests = Requests::new(NonZeroU64::new(3));
        let enough = [(); 5].map(|()| requests.count());
        assert_eq!(enough, [false, false, true, false, false]);
    }

    #[tokio::test]
    async fn many_requests_are_reported_with_few_words_and_the_last_is_never_forgotten() {
        let requests = Requests::new(None);
        let (sender, mut told) = mpsc::unbounded_channel();
        let count = async {
            for total in [1, 2_000, 2_001] {
                while requests.answered() < total {
                    requests.count();
                }
                assert_eq!(told.recv().await, Some(total));
            }
            assert!(told.is_empty());
        };
        tokio::select! {
            () = count => {}
            never = requests.report(|count| sender.send(count).unwrap()) => match never {},
        }
    }
}
