//! What a session keeps: a file, a SQLite row or a Redis key of its own, which every worker can reach.
//!
//! The central operation is [`Store::update`]. It reads a session and writes it in one step, across threads, processes and, with
//! Redis, machines. Of any number of updates at the same time each sees what exactly one other has written.
//!
//! ```
//! use session_store::{Entry, SessionName, Store, StoreKind};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let data = tempfile::tempdir()?;
//! # let data = data.path();
//! let store = Store::open(&StoreKind::File, data, "option1").await?;
//! let montreal = SessionName::new("Montréal")?;
//!
//! let name = montreal.clone();
//! let update = store
//!     .update(&montreal, move |before| {
//!         let visits = before.and_then(|entry| entry.value.as_u64()).unwrap_or(0);
//!         Entry::new(&name, visits + 1, 3)
//!     })
//!     .await?;
//! assert_eq!(update.before, None);
//! assert_eq!(update.after.value, 1);
//! println!("{} holds {}", store.place(&montreal), update.after.value);
//! # Ok(())
//! # }
//! ```
//!
//! # Which one
//!
//! | store | where | atomic across | feature |
//! |---|---|---|---|
//! | [`Files`] | one file for each session, readable JSON | the processes of one machine | |
//! | `Sqlite` | one row for each session | the processes of one machine | `sqlite` |
//! | `Redis` | one key for each session | all machines that reach the server | `redis` |
//!
//! With the feature `tower-sessions`, `SessionRecords` keeps the sessions of tower-sessions in any of them.
//!
//! # What is not here
//!
//! A cache: each read asks the file, the database or the server, because another worker may have written since.

mod backend;
mod entry;
mod error;
mod files;
mod name;
#[cfg(feature = "tower-sessions")]
mod records;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;

pub use backend::{Backend, BoxFuture, Change, Outcome, Place};
pub use entry::Entry;
pub use error::Error;
pub use files::Files;
pub use name::{InvalidName, LONGEST_NAME, SessionName};
#[cfg(feature = "tower-sessions")]
pub use records::SessionRecords;
#[cfg(feature = "redis")]
pub use redis::Redis;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
pub use store::{Store, StoreKind, UnknownStore, Update};
