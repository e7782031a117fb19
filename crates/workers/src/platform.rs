//! What differs between one Unix and another, all of it.
//!
//! `linux.rs` is what Linux alone can tell or do, `unix.rs` the same functions where it cannot: nobody is told a lie, and something is missing.
//! `--cfg plain_unix` compiles the second on Linux too.

#[cfg(all(target_os = "linux", not(plain_unix)))]
mod linux;
#[cfg(any(not(target_os = "linux"), plain_unix))]
mod unix;

#[cfg(all(target_os = "linux", not(plain_unix)))]
pub(crate) use linux::{OomKills, adopts, ignores_hangup, memory, reap, turn_away};
#[cfg(any(not(target_os = "linux"), plain_unix))]
pub(crate) use unix::{OomKills, adopts, ignores_hangup, memory, reap, turn_away};
