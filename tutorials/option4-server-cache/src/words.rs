//! The words on the page.

use callbacks::Worker;
use shared_cache::Found;

pub(crate) const LEAD: &str = "Both buttons need the same slow computation. It is done once for \
    each value, whichever button, page or worker asks first.";

pub(crate) const NOTE: &str = "Press one button, and the other while it still computes: that one \
    waits for the same result. Press either again: the answer comes at once, from whichever worker, \
    until the value has grown too old.";

/// Where a value came from, such as `hit: answered by worker 5, computed by worker 3, 12.3 s ago`.
pub(crate) fn origin<V>(found: &Found<V>, worker: Worker) -> String {
    let (origin, by, age) = (found.origin, found.computed_by, found.age.as_secs_f64());
    let line = format!("{origin}: answered by worker {worker}, computed by {by}, {age:.1} s ago");
    match &found.warning {
        Some(warning) => format!("{line}; {warning}"),
        None => line,
    }
}
