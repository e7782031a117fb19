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
//! # The macro of `cached`
//!
//! A [`Memo`] implements the traits of the crate [`cached`], and so its macro works over it:
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! use std::convert::Infallible;
//! use cached::macros::concurrent_cached;
//! use shared_cache::{Error, Memo, Settings, SharedCache};
//!
//! # fn folder() -> std::path::PathBuf {
//! #     static FOLDER: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
//! #     FOLDER.get_or_init(|| tempfile::tempdir().unwrap()).path().join("cache")
//! # }
//! #[concurrent_cached(
//!     ty = "Memo<u64, u64>",
//!     create = r#"{ SharedCache::files(folder(), Settings::default()).memo("square") }"#,
//!     map_error = r#"|error| error"#
//! )]
//! async fn square(n: u64) -> Result<u64, Error<Infallible>> {
//!     Ok(n * n)
//! }
//! # runtime.block_on(async {
//! assert_eq!(square(12).await?, 144);
//! # Ok::<(), Error<Infallible>>(())
//! # }).unwrap();
//! ```
//!
//! Such a function is memoized for all processes, but it is not single flight: the macro looks into the cache, runs the body and
//! writes, and gives a store no way to learn that a body began or failed. A lock taken by the look would never be released after an error.
//! [`Memo::get_or_compute`] has the whole call in its hands. So have the trait's `async_cache_get_or_set_with` and
//! `async_cache_try_get_or_set_with`, which are single flight here.
//!
//! # Redis
//!
//! With the feature `redis` a cache may be on a Redis server, and its workers on several machines. `cached` has a store for Redis, but it
//! does not serve here: it has no limit on the number of entries, and a limit that is strict must be kept by the very step that writes.
//! Here that is one script on the server.
//!
//! # Layout of the crate
//!
//! In the order of a call: `memo` asks and computes, `key` names, `flights` is for waiting within a process, `store` chooses between
//! `files` and `redis`, where entries are kept and processes wait for each other, `entry` is how they are written, and `traits` is
//! for `cached`.

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
mod traits;

pub use cache::SharedCache;
pub use clock::{Clock, ManualClock};
pub use error::{Error, Failure, StoreError};
pub use found::{Found, Origin, Writer};
pub use key::KeyError;
pub use memo::Memo;
pub use settings::Settings;
