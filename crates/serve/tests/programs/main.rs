//! Programs whose `main` is this crate's, as processes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod client;
mod crowd;
mod load;
mod log;
mod program;
mod supervised;
mod teaching;
