//! Times as people write them on a command line: `2.5`.

use std::time::Duration;

/// Reads seconds.
///
/// ```
/// assert_eq!(handover::seconds::read("2.5").unwrap().as_millis(), 2500);
/// assert!(handover::seconds::read("-1").is_err());
/// ```
///
/// # Errors
///
/// A sentence, if the text is not a number, or is negative.
pub fn read(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "expected a number of seconds, such as 2.5".to_owned())
}

/// Reads seconds that are more than zero.
///
/// # Errors
///
/// As [`read`], and for `0`.
pub fn more_than_nothing(text: &str) -> Result<Duration, String> {
    read(text)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "expected a number of seconds greater than 0, such as 2.5".to_owned())
}
