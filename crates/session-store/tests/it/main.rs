//! The stores as workers use them: opened by several at once, in files, in SQLite and in Redis.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod every_store;
mod files;
mod place;
mod records;
mod redis;
mod several_processes;
mod tls;
