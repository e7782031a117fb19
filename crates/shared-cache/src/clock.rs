//! Where the time comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time, in milliseconds since 1970.
pub(crate) type Millis = u64;

/// Where a cache reads the time that its entries are written and expire by.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The time of the machine; of Redis's machine, if the entries are there: several machines then agree.
    #[default]
    System,
    /// A time that stands still until it is moved: for tests, which do not wait for a minute to pass.
    Manual(ManualClock),
}

impl Clock {
    pub(crate) fn now(&self) -> Millis {
        match self {
            Self::System => millis(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default(),
            ),
            Self::Manual(clock) => clock.0.load(Ordering::SeqCst),
        }
    }
}

impl From<&ManualClock> for Clock {
    fn from(clock: &ManualClock) -> Self {
        Self::Manual(clock.clone())
    }
}

/// A clock that is moved by hand. Its clones are the same clock.
///
/// ```
/// use std::time::Duration;
/// use shared_cache::{Clock, ManualClock};
///
/// let hand = ManualClock::new();
/// let clock = Clock::from(&hand);
/// hand.advance(Duration::from_secs(60));
/// # let _ = clock;
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// A clock that shows the time at which it is made.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(Clock::System.now())))
    }

    /// Moves the clock forward. It counts in milliseconds.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

/// The whole milliseconds of a duration; five hundred million years are enough for an entry.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
