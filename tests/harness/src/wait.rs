//! Waiting for a state, with an end.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// How long a wait lasts before the test fails.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// How often a state is looked at. The only place in the tests where time passes on purpose.
const INTERVAL: Duration = Duration::from_millis(10);

/// A state that did not come, and what was there instead.
pub struct Missed {
    /// What the last look saw.
    pub seen: String,
    /// How long it was waited for.
    pub waited: Duration,
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "after {:.1} s this was seen: {}",
            self.waited.as_secs_f32(),
            self.seen
        )
    }
}

/// Looks again and again until `look` finds what it wants. `Err` holds what it sees instead.
pub async fn poll<T>(
    deadline: Duration,
    mut look: impl AsyncFnMut() -> Result<T, String>,
) -> Result<T, Missed> {
    let start = Instant::now();
    loop {
        let seen = match look().await {
            Ok(found) => return Ok(found),
            Err(seen) => seen,
        };
        let waited = start.elapsed();
        if waited >= deadline {
            return Err(Missed { seen, waited });
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where tests let time pass: between two looks at a state"
        )]
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Waits until `look` returns `Ok`; an `Err` says what it sees instead.
///
/// # Panics
///
/// When [`DEADLINE`] has passed, naming what was `wanted` and what was seen last.
pub async fn until<T>(wanted: &str, look: impl AsyncFnMut() -> Result<T, String>) -> T {
    match poll(DEADLINE, look).await {
        Ok(found) => found,
        Err(missed) => panic!("wanted {wanted}; {missed}"),
    }
}
