//! What several processes see of one cache, over both stores.
//!
//! The stores are tested by the same functions: [`on_each_store!`] makes two tests of each.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and its processes say what they do"
)]

#[macro_use]
mod support;

mod damage;
mod entries;
mod files;
mod flights;
mod processes;
mod redis;
