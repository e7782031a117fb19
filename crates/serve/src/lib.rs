//! What every app's `main` shares: arguments, the log, an inherited or own socket, answers that say who gave them, and
//! an end that loses nothing.
//!
//! ```no_run
//! use callbacks::{App, html};
//!
//! fn app() -> App {
//!     App::new("Hello").layout(html::H1::new("content"))
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     serve::main(app)
//! }
//! ```
//!
//! An app with options of its own uses [`main_with`]. Whoever has an `axum::Router` and a `main` already takes
//! [`serve_router`], which is the accept loop alone.
//!
//! # Under a supervisor
//!
//! A program that is started with `LISTEN_FDS` serves the socket that it inherits, says `READY=1` on `NOTIFY_SOCKET`
//! once it accepts, and reads in `WORKER_NUMBER`, `WORKER_COUNT`, `WORKER_KEEP_ALIVE`, `WORKER_GRACE`,
//! `WORKER_MAX_REQUESTS`, `WATCHDOG_USEC` and `WORKER_LIFELINE` what it is: see the crate `workers`. Without them it binds a socket
//! itself, is worker 1 of 1 and prints that it listens.
//!
//! After `WORKER_MAX_REQUESTS` requests it says `STOPPING=1`, drains and ends with 0. How many it has answered it reports
//! as `STATUS=requests=<n>`, at most four times a second.
//!
//! # Every answer
//!
//! - `X-Worker: 3` names the worker.
//! - `Server-Timing: worker;desc="3", life;desc="1", callback;desc="content.children";dur=0.42` is what the browser's network panel
//!   shows. `life` counts the workers with this number: 2 is the replacement of the first. A callback adds entries of its own with `Context::time`.
//! - `Connection: close`, when there are several workers and `WORKER_KEEP_ALIVE` is not `1`: the next request meets
//!   whichever worker is free, as with gunicorn's sync workers.

//! # For lessons
//!
//! Where the supervisor runs with `--teaching`, a page may do to the workers what happens to them in life:
//!
//! - `POST /_workers/3/kill` kills worker 3, as `kill -9` does.
//! - `POST /_workers/3/pause?seconds=2.5` lets it stand still for so long, 10 s at most.
//!
//! The answer is `{"worker":3,"life":1}`: whom it met. A worker that is told to kill or pause itself answers first.
//! A mistake is `{"error":"…"}`: 400 for a number that is none, 403 for a page of another site, 404 for a worker that is not there,
//! 409 for one that starts or leaves. Without `WORKER_CONTROL` nothing is at these addresses.
//!
//! # Limits
//!
//! The head of a request may take 10 s and 64 KiB. Its body may take 60 s, with no pause of more than 10 s: 408 otherwise. A client that takes
//! nothing of its answer for 30 s is given up. A worker has 2,000 connections at most: 503 for one more. On a loopback
//! address the `Host` must be localhost or a loopback address, so that no other site gets in by DNS rebinding; a request
//! of HTTP/1.1 without a `Host` is refused everywhere but on a Unix socket. `--callback-timeout`, `--max-callbacks`,
//! `--max-connections`, `--body-limit` and `--allow-host` are options of every app.
//!
//! # The book
//!
//! With `--chapter option1.html --book DIR` the page has a link to that chapter, and the built book in the folder is
//! served below `/book/`. `cargo xtask run` passes both.
//!
//! # Log
//!
//! Standard error, warnings and what the app says. `RUST_LOG=serve=debug` adds a line for each request: worker, method,
//! path, status, callback, milliseconds, bytes up and down; no value of an input and no query. `--log json` writes one
//! JSON object a line.

mod access;
mod arguments;
mod body;
mod book;
mod connection;
mod error;
mod hosts;
mod lifeline;
mod limits;
mod listener;
mod log;
mod program;
mod requests;
mod sentence;
mod server;
mod shutdown;
mod stamp;
mod stream;
mod teaching;
mod worker;

pub use error::Error;
pub use listener::Listener;
pub use program::{AppError, Start, main, main_with};
pub use server::serve_router;
pub use worker::Worker;
