//! Why a worker could not start.

use std::io;

use handover::bind::BindError;

/// Why a program could not start to serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no socket to listen on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A variable that a supervisor sets makes no sense.
    #[error("the environment variable {name} is `{value}`, expected {expected}")]
    Environment {
        /// The variable's name.
        name: &'static str,
        /// What it holds.
        value: String,
        /// What it may hold.
        expected: &'static str,
    },
    /// The supervisor could not be told that this worker is ready.
    #[error("cannot report to NOTIFY_SOCKET: {0}")]
    Notify(#[source] io::Error),
    /// The async runtime, a signal handler or the socket could not be set up.
    #[error("cannot set up the server: {0}")]
    Setup(#[source] io::Error),
    /// The app's layout and callbacks contradict each other.
    #[error(transparent)]
    App(#[from] callbacks::StartError),
    /// The app itself could not start.
    #[error("{0}")]
    Start(Box<dyn std::error::Error + Send + Sync>),
}
