//! Why a worker could not start.

use std::{io, net::SocketAddr};

/// Why a program could not start to serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else listens there.
    #[error(
        "{address} is already in use: end the program that listens there or choose another address, for example `--bind {other}` (port 0 takes a free one)"
    )]
    AddressInUse {
        /// The address that was asked for.
        address: SocketAddr,
        /// The same address with the next port.
        other: SocketAddr,
    },
    /// The port is reserved.
    #[error(
        "no permission to listen on {address}: choose a higher port, for example `--bind {other}`"
    )]
    PermissionDenied {
        /// The address that was asked for.
        address: SocketAddr,
        /// The same address with a port that needs no permission.
        other: SocketAddr,
    },
    /// The socket could not be made for another reason.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the kernel answered.
        source: io::Error,
    },
    /// `LISTEN_FDS` was set, but there is no listening socket.
    #[error("LISTEN_FDS is set, but descriptor 3 is no listening socket: {0}")]
    Inherited(#[source] io::Error),
    /// More than one socket was handed over.
    #[error(
        "LISTEN_FDS hands over {0} sockets, expected one: nothing would ever answer at the others; give each socket a service of its own"
    )]
    SeveralInherited(usize),
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
