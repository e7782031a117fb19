//! A pre-fork supervisor: one listening socket, N processes of any server that takes `LISTEN_FDS`.
//!
//! This is gunicorn's model. The supervisor binds the socket, starts N copies of a program and hands the socket to
//! each of them. From then on the kernel gives every new connection to one of the copies; the supervisor never
//! touches a client. It replaces a worker that dies, passes a request to stop on to all, and ends when all have ended.
//!
//! ```no_run
//! use std::num::NonZeroU32;
//!
//! # fn main() -> Result<(), workers::Error> {
//! let eight = NonZeroU32::new(8).expect("eight is not zero");
//! let config = workers::Config::new("option4", "target/debug/option4-server-cache")
//!     .workers(eight)
//!     .bind("127.0.0.1:8050".parse()?);
//! workers::run(config, |ready| println!("{ready}"))
//! # }
//! ```
//!
//! # What a worker sees
//!
//! | variable | meaning |
//! |---|---|
//! | `LISTEN_FDS=1` | descriptor 3 is the listening socket (systemd's socket activation; `LISTEN_PID` is not set) |
//! | `NOTIFY_SOCKET` | a Unix datagram socket of this worker alone: it sends `READY=1` once it accepts, and may send `STATUS=requests=<n>`, how many it has answered, and `STOPPING=1` when it is about to leave |
//! | `WORKER_NUMBER` | 1 to N; a replacement has its predecessor's number |
//! | `WORKER_LIFE` | 1 for the first worker of a number, 2 for its replacement, and so on |
//! | `WORKER_COUNT` | N when this worker was started |
//! | `WORKER_KEEP_ALIVE` | `1` when several workers may keep connections open |
//! | `WORKER_GRACE` | seconds between TERM and KILL |
//! | `WORKER_MAX_REQUESTS` | after so many requests the worker says `STOPPING=1` and leaves; unset: never ([`Config::max_requests`]) |
//! | `WATCHDOG_USEC` | microseconds in which the worker has to say `WATCHDOG=1` (systemd's watchdog); unset: it need not ([`Config::watchdog`]) |
//! | `WORKER_CONTROL` | the path of the control socket, where the supervisor takes orders ([`Config::teaching`]) |
//! | `WORKER_LIFELINE=1` | standard input is a pipe that nobody writes to: its end means that the supervisor is gone |
//!
//! TERM asks a worker to finish what is running and to leave. Its standard output and standard error are its log:
//! the supervisor copies each line to its own standard error, behind the worker's number and pid.
//!
//! A server that knows `LISTEN_FDS` but not `NOTIFY_SOCKET` is supervised with [`Readiness::Started`].
//!
//! # Signals of the supervisor
//!
//! | signal | effect |
//! |---|---|
//! | TERM, INT | drain: TERM to all, KILL to those that are still there after [`Config::grace`]; a second INT kills at once |
//! | QUIT | kills at once |
//! | HUP | replaces the workers one by one: a new one is ready before an old one gets TERM; drains if it comes because the terminal was closed |
//! | TTIN, TTOU | one worker more, one worker less |
//!
//! # Status and orders
//!
//! With [`Config::control`] the supervisor has a Unix socket of mode 0600. It replies to the line `status` with one line of
//! JSON, a [`Status`]. [`status()`] asks it, and so does `workers status`, which prints a table.
//!
//! With [`Config::teaching`] it also takes the orders `kill N` and `pause N SECONDS`: see the crate `handover`. A paused
//! worker goes on by itself, and also before it gets TERM.
//!
//! # In a container
//!
//! As the first process of a container, or as a child subreaper, it also waits for the orphans that become its children, so that none stays
//! as a zombie.
//!
//! # How it is built
//!
//! `fleet` is the part that decides: a state machine without a process, a socket or a clock in it. Events go in
//! (a worker is ready, a worker ended, a signal came), actions come out (start one, end one). Around it stands an
//! event loop on a single tokio thread, and one task for each worker, which owns the process.

mod backoff;
mod config;
mod control;
mod error;
mod exit;
mod fleet;
mod log;
mod notify;
mod output;
mod platform;
mod signals;
mod socket;
mod status;
mod supervisor;
mod worker;

pub use config::{Accept, Config, Readiness};
pub use error::{Error, StartFailure};
pub use exit::Exit;
pub use handover::{
    Bind,
    address::BindParseError,
    bind::{BindError, LONGEST_PATH},
};
pub use log::{log_to_stderr, say};
pub use status::{CONTROL_SOCKET, Status, StatusError, WorkerState, WorkerStatus, status};
pub use supervisor::{Ready, run};
