//! The memo that everybody writes first: one in the memory of this process, by the macro of the crate `cached`.
//!
//! It is right as long as there is one process. Of several each has a memo of its own, and computes what the others have computed.

use std::time::{Duration, Instant};

use cached::{Return, macros::cached};
use shared_cache::{Found, Origin, Writer};

/// A value, and when this process had it.
#[derive(Clone, Debug)]
struct Computed {
    value: Option<String>,
    at: Instant,
}

// ANCHOR: cached
/// Takes its time, unless this process has the value. `by_key`: who asks for what is being computed waits for that.
#[cached(
    max_size = 200,
    ttl_secs = 60,
    key = "Option<String>",
    convert = "{ value.clone() }",
    sync_writes = "by_key",
    with_cached_flag = true
)]
async fn compute_expensive_data(value: Option<String>, takes: Duration) -> Return<Computed> {
    tokio::time::sleep(takes).await;
    let at = Instant::now();
    Return::new(Computed { value, at })
}
// ANCHOR_END: cached

/// The value, and how it was come by. Whoever has it is this worker: no other can put anything in here.
pub(crate) async fn call(
    value: Option<String>,
    takes: Duration,
    worker: Writer,
) -> Found<Option<String>> {
    let asked = Instant::now();
    let found = compute_expensive_data(value, takes).await;
    let origin = match (found.was_cached(), found.at < asked) {
        (false, _) => Origin::Miss,
        (true, true) => Origin::Hit,
        (true, false) => Origin::Wait,
    };
    Found {
        origin,
        age: found.at.elapsed(),
        value: found.into_inner().value,
        computed_by: worker,
        warning: None,
    }
}
