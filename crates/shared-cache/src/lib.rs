//! A memo cache that several processes share: files by default, Redis past one machine; one computation per key.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path().join("cache");
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! # runtime.block_on(async {
//! use std::convert::Infallible;
//! use shared_cache::{Error, Found, Memo, Settings, SharedCache};
//!
//! async fn square(memo: &Memo<u64, u64>, n: u64) -> Result<Found<u64>, Error<Infallible>> {
//!     memo.get_or_compute(&n, async || Ok(n * n)).await
//! }
//!
//! let memo = SharedCache::files(folder, Settings::default()).memo("square");
//! assert_eq!(square(&memo, 12).await?.origin.to_string(), "miss");
//! assert_eq!(square(&memo, 12).await?.origin.to_string(), "hit");
//! # Ok::<(), Error<Infallible>>(())
//! # }).unwrap();
//! ```
//!
//! Run that program eight times at once, and `n * n` is computed once.
//!
//! # What holds
//!
//! - **One computation per key**, across all processes. The others wait for it, without holding a thread of the runtime.
//! - **A killed process holds up nobody.** With files the next call takes over at once, with Redis within 1.5 s.
//! - **A failure is not cached.** It reaches those who waited for it, in whatever process, and whoever comes later computes anew.
//! - **The limit is strict.** There is no moment with more than [`Settings::threshold`] live entries. Expired ones go first, then
//!   the oldest, and never the one just written.
//! - **Each entry has its own end**, and lives while now is before it.
//! - **Keys cannot collide.** They hold the function's name and all arguments, and are compared whole.
//! - **Files cannot hurt.** They hold JSON and never code, in a folder of mode 0700. One that is damaged, foreign or unreadable is
//!   a miss and a warning in the log.
//! - **A value that was computed is returned**, whether or not it could be kept.
//!
//! # Why it is not the crate `cached`
//!
//! The macro of `cached` remembers in the memory of one process; tutorial `option4` has it as `--cache process`. Its store on disk is a
//! database that one process at a time may open, and its store in Redis has no limit on the number of entries. Nor could a store be made
//! to fit: the macro looks into it, runs the body and writes, so that a store never learns that a body began or failed, and
//! cannot let other processes wait. [`Memo::get_or_compute`] has the whole call in its hands.
//!
//! # Redis
//!
//! With the feature `redis` a cache may be on a Redis server, and its workers on several machines. A limit that is strict must be kept by
//! the very step that writes: here that is one script on the server.
//!
//! # Layout of the crate
//!
//! In the order of a call: `memo` asks and computes, `key` names, `flights` is for waiting within a process, `store` chooses between
//! `files` and `redis`, where entries are kept and processes wait for each other, and `entry` is how they are written.

mod cache;
mod clock;
mod entry;
mod error;
mod files;
mod flights;
mod found;
mod key;
mod memo;
#[cfg(feature = "redis")]
mod redis;
mod settings;
mod store;

pub use cache::SharedCache;
pub use clock::{Clock, ManualClock};
pub use error::{Error, Failure, StoreError};
pub use found::{Found, Origin, Writer};
pub use key::KeyError;
pub use memo::Memo;
pub use settings::Settings;
