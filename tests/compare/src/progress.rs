//! How far a run is, on standard error: a line for each part that is done.

use std::time::{Duration, Instant};

/// The time since a run began.
pub(crate) struct Progress(Instant);

impl Progress {
    /// Begins now.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Says that a part is done.
    #[expect(clippy::print_stderr, reason = "a program for the terminal")]
    pub(crate) fn done(&self, what: &str) {
        eprintln!("{:5.1} s  {what}", self.elapsed().as_secs_f64());
    }

    /// Since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
