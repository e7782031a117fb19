//! How patient a worker is.

use std::time::Duration;

// ANCHOR: limits
/// What a client may take of a worker's time and memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For the head of a request; a connection without a request is closed after it too.
    pub(crate) head: Duration,
    /// How large that head may be, in bytes.
    pub(crate) head_size: usize,
    /// For a pause within the body of a request.
    pub(crate) pause: Duration,
    /// For the whole of that body.
    pub(crate) body: Duration,
    /// For a client to take something of its answer, when it has taken too little.
    pub(crate) take: Duration,
    /// How many connections may be open. One more is answered with 503.
    pub(crate) connections: usize,
    /// When the worker leaves: for a client that has a connection to spare and may be sending its next request on it.
    pub(crate) farewell: Duration,
    /// When the worker leaves: for a client that has begun a request to go on with it.
    pub(crate) half_sent: Duration,
    /// For the rest of a body that nobody wants, after its request has been answered.
    pub(crate) linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            head_size: 64 * 1024,
            pause: Duration::from_secs(10),
            body: Duration::from_secs(60),
            take: Duration::from_secs(30),
            connections: 2000,
            farewell: Duration::from_millis(100),
            half_sent: Duration::from_millis(500),
            linger: Duration::from_secs(2),
        }
    }
}
// ANCHOR_END: limits
