//! Waiting for a state, with an end.

use std::time::{Duration, Instant};

/// How long a wait lasts before the test fails, also on a machine that has much else to do.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// How often a state is looked at. The only place in the tests where time passes on purpose.
const INTERVAL: Duration = Duration::from_millis(10);

/// Looks again and again until `look` finds what it wants. `Err` holds what it sees instead.
///
/// The error after `deadline` goes on after `wanted …; `: for how long, and what was seen last.
pub async fn poll<T>(
    deadline: Duration,
    mut look: impl AsyncFnMut() -> Result<T, String>,
) -> Result<T, String> {
    let start = Instant::now();
    loop {
        let seen = match look().await {
            Ok(found) => return Ok(found),
            Err(seen) => seen,
        };
        let waited = start.elapsed();
        if waited >= deadline {
            let waited = waited.as_secs_f32();
            return Err(format!("after {waited:.1} s this was seen: {seen}"));
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where tests let time pass: between two looks at a state"
        )]
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Waits until `look` returns `Ok`; an `Err` says what it sees instead.
pub async fn until<T>(wanted: &str, look: impl AsyncFnMut() -> Result<T, String>) -> T {
    match poll(DEADLINE, look).await {
        Ok(found) => found,
        Err(missed) => panic!("wanted {wanted}; {missed}"),
    }
}
