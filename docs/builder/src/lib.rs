//! Checks, builds and serves the book.
//!
//! mdBook makes pages of Markdown, and goes on whatever it meets: a missing include becomes a hole, a dead link a dead link.
//! This crate lets it write pages only of what was checked first, and checks the pages afterwards. The modules in the order of
//! a book's life:
//!
//! - `repository`: the files that chapters may show or link.
//! - `page`, `include`, `anchors`: a chapter with what it includes, each line with the place where it was written.
//! - `check`: everything that may be wrong with it, one file for each kind of mistake.
//! - `rewrite`, `card`, `sources`: what the book shows that the chapters do not say.
//! - `kernel`: the game of one chapter, of the client's modules; `join` is the client's own bundler.
//! - `build`: all of this in order, whole or not at all.
//! - `serve`: the built book in a browser, anew after each change.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod anchors;
mod book;
mod build;
mod card;
mod check;
mod cli;
#[cfg(doctest)]
mod doctests;
mod finding;
mod functions;
mod html;
mod include;
#[path = "../../../crates/callbacks/build/join.rs"]
mod join;
mod kernel;
mod link;
mod log;
mod markdown;
mod outline;
mod page;
mod repository;
mod rewrite;
mod serve;
mod sources;

pub use self::cli::run;
