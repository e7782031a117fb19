//! How long the replacement of a dead worker waits.

use std::time::Duration;

/// The wait before the second replacement in a row.
const FIRST: Duration = Duration::from_millis(100);
/// No replacement waits longer than this.
const LONGEST: Duration = Duration::from_secs(5);

/// A worker that served this long has not died "quickly": what killed it was not its start.
pub(crate) const STEADY: Duration = LONGEST;

/// How long to wait before replacing a worker after `quick_deaths` workers of its number died quickly, one after the
/// other, before this one.
///
/// One death is an accident and is mended at once. From the second on the wait doubles, so that a program that dies as
/// soon as it serves costs a fork every five seconds and not a processor.
pub(crate) fn delay(quick_deaths: u32) -> Duration {
    match quick_deaths {
        0 => Duration::ZERO,
        n => FIRST
            .saturating_mul(2_u32.saturating_pow(n - 1))
            .min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_replacement_comes_at_once() {
        assert_eq!(delay(0), Duration::ZERO);
    }

    #[test]
    fn the_wait_doubles_up_to_five_seconds() {
        let millis: Vec<_> = (1..=8).map(|deaths| delay(deaths).as_millis()).collect();
        assert_eq!(millis, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    }

    #[test]
    fn a_program_that_never_lives_does_not_overflow_the_wait() {
        assert_eq!(delay(u32::MAX), LONGEST);
    }
}
