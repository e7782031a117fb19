//! The listening socket: inherited, or the program's own.

use std::io;

use handover::{
    Bind,
    bind::{self, BindError, SocketFile},
    inherited,
};
use tokio::net::{TcpListener, UnixListener};

/// A socket that connections come from.
#[derive(Debug)]
pub enum Listener {
    /// With an address and a port.
    Tcp(TcpListener),
    /// With a path.
    Unix(UnixListener),
}

/// Takes the socket that the process inherited, or binds one. The file is there if this program made it.
///
/// It changes the environment and so comes before any thread is started.
pub(crate) fn open(
    address: &Bind,
    mode: Option<u32>,
) -> Result<(bind::Listener, Option<SocketFile>), BindError> {
    match inherited::take()? {
        Some(listener) => Ok((listener, None)),
        None => bind::bind(address, mode),
    }
}

impl Listener {
    /// Must be called within a runtime.
    pub(crate) fn register(listener: bind::Listener) -> io::Result<Self> {
        // An inherited socket is as its maker left it; tokio would stand still on one that blocks.
        match listener {
            bind::Listener::Tcp(listener) => {
                listener.set_nonblocking(true)?;
                TcpListener::from_std(listener).map(Self::Tcp)
            }
            bind::Listener::Unix(listener) => {
                listener.set_nonblocking(true)?;
                UnixListener::from_std(listener).map(Self::Unix)
            }
        }
    }
}
