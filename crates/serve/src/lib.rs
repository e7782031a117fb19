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
//! once it accepts, and reads in `WORKER_NUMBER`, `WORKER_COUNT`, `WORKER_KEEP_ALIVE`, `WORKER_GRACE` and
//! `WORKER_LIFELINE` what it is: see the crate `workers`. Without them it binds a socket itself, is worker 1 of 1 and
//! prints that it listens.
//!
//! # Every answer
//!
//! - `X-Worker: 3` names the worker.
//! - `Server-Timing: worker;desc="3", callback;desc="content.children";dur=0.42` is what the browser's network panel
//!   shows; a callback adds entries of its own with `Context::time`.
//! - `Connection: close`, when there are several workers and `WORKER_KEEP_ALIVE` is not `1`: the next request meets
//!   whichever worker is free, as with gunicorn's sync workers.

mod arguments;
mod body;
mod connection;
mod error;
mod lifeline;
mod limits;
mod listener;
mod log;
mod program;
mod server;
mod shutdown;
mod stamp;
mod stream;
mod worker;

pub use error::Error;
pub use listener::Listener;
pub use program::{AppError, Start, main, main_with};
pub use server::serve_router;
pub use worker::Worker;
