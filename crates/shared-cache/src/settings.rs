//! What all processes that share a cache should agree on, and the little in which they differ.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::clock::Clock;
use crate::found::Writer;

/// How long values are kept, how many, and by whom they are written.
///
/// ```
/// use std::time::Duration;
/// use shared_cache::Settings;
///
/// let settings = Settings { ttl: Duration::from_secs(10), worker: 3, ..Settings::default() };
/// assert_eq!(settings.threshold.get(), 200);
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long an entry lives: 60 s by default. It is written into the entry, so that a change concerns later entries only.
    pub ttl: Duration,
    /// How many entries may be live at once: 200 by default. Before one more is written those go that have expired, and if that
    /// is not enough, the oldest.
    pub threshold: NonZeroUsize,
    /// The number of this worker, 1 by default, which the entries that it writes name.
    pub worker: u32,
    /// Where the time comes from: the machine's clock by default.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ttl: Duration::from_secs(60),
            threshold: const { NonZeroUsize::new(200).unwrap() },
            worker: 1,
            clock: Clock::System,
        }
    }
}

impl Settings {
    /// This process.
    pub(crate) fn writer(&self) -> Writer {
        Writer {
            worker: self.worker,
            process: std::process::id(),
        }
    }
}
