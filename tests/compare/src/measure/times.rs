//! How long a callback takes, asked by HTTP over a new connection each time, as a browser has to when eight workers answer.

use std::time::Instant;

use futures_util::{StreamExt, stream};
use harness::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{deployment::Deployment, lesson::UPDATE};

/// How many calls are timed.
const CALLS: usize = 500;

/// How many are made before that and count for nothing.
const WARM_UP: usize = 50;

/// How many computations run at the same time. They sleep, and so do not take each other's time.
const AT_ONCE: usize = 4;

/// How many computations are timed.
const MISSES: usize = 300;

/// How large the data is, in bytes.
const SIZE: usize = 1_000;

/// How long calls of one kind took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Timed {
    /// `read`; `hit` and `miss` where there is a cache.
    pub(crate) what: String,
    pub(crate) calls: usize,
    /// In milliseconds, as the next one.
    pub(crate) median_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Times the callback that reads 1 kB of stored data, and shows it.
pub(super) async fn measure(deployment: &Deployment<'_>) -> Vec<Timed> {
    let (lesson, value) = (deployment.lesson(), "x".repeat(SIZE));
    let mut held = None;
    for call in lesson.write(&value, "a session") {
        held = lesson.left_in_browser(&answer(deployment, &call).await);
    }
    let read = lesson.read(&value, "a session", held.as_ref());
    for _ in 0..WARM_UP {
        answer(deployment, &read).await;
    }
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        times.push(time(deployment, &read).await);
    }
    if !lesson.computes() {
        return vec![Timed::new("read", &times)];
    }
    let misses: Vec<Value> = (0..MISSES)
        .map(|number| lesson.read(&format!("{number}{value}"), "", None))
        .collect();
    let misses = stream::iter(&misses)
        .map(|call| time(deployment, call))
        .buffer_unordered(AT_ONCE);
    vec![
        Timed::new("hit", &times),
        Timed::new("miss", &misses.collect::<Vec<_>>().await),
    ]
}

impl Timed {
    fn new(what: &str, times: &[f64]) -> Self {
        Self {
            what: what.to_owned(),
            calls: times.len(),
            median_ms: percentile(times, 50),
            p99_ms: percentile(times, 99),
        }
    }
}

/// The milliseconds from before the connection to the end of the answer.
async fn time(deployment: &Deployment<'_>, call: &Value) -> f64 {
    let start = Instant::now();
    answer(deployment, call).await;
    start.elapsed().as_secs_f64() * 1000.0
}

/// The answer, which is no error: the time of one would say nothing.
async fn answer(deployment: &Deployment<'_>, call: &Value) -> Response {
    let answer = deployment.app.post(UPDATE, call).await;
    assert!(
        answer.status.is_success(),
        "wanted the callback's time; it answered {}",
        answer.status
    );
    answer
}

/// The value below which so many hundredths of the values lie: the nearest of them, none in between.
fn percentile(values: &[f64], hundredths: u8) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let rank = (values.len() * usize::from(hundredths)).div_ceil(100);
    values[rank.clamp(1, values.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        for (hundredths, value) in [(0, 1.0), (50, 100.0), (99, 198.0), (100, 200.0)] {
            assert_eq!(percentile(&values, hundredths), value);
        }
        assert_eq!(percentile(&[0.5], 50), 0.5);
        assert_eq!(percentile(&[4.0, 1.0, 3.0, 2.0], 50), 2.0);
    }
}
