//! The listening socket: inherited, or the program's own.

use std::{
    io,
    net::{SocketAddr, TcpListener as StdTcpListener},
    os::unix::net::UnixListener as StdUnixListener,
};

use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener};

use crate::Error;

/// A socket that connections come from.
#[derive(Debug)]
pub enum Listener {
    /// With an address and a port.
    Tcp(TcpListener),
    /// With a path.
    Unix(UnixListener),
}

/// The same before there is a runtime.
#[derive(Debug)]
pub(crate) enum StdListener {
    Tcp(StdTcpListener),
    Unix(StdUnixListener),
}

impl StdListener {
    /// Takes the socket that the process inherited, or binds `address`.
    ///
    /// It changes the environment and so comes before any thread is started.
    pub(crate) fn open(address: SocketAddr) -> Result<Self, Error> {
        if let Some(listener) = inherited()? {
            return Ok(listener);
        }
        StdTcpListener::bind(address)
            .map(Self::Tcp)
            .map_err(|source| explain(address, source))
    }

    /// Its address and port, if it has one.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(_) => None,
        }
    }

    /// Must be called within a runtime.
    pub(crate) fn register(self) -> io::Result<Listener> {
        // An inherited socket is as its maker left it; tokio would stand still on one that blocks.
        match self {
            Self::Tcp(listener) => {
                listener.set_nonblocking(true)?;
                TcpListener::from_std(listener).map(Listener::Tcp)
            }
            Self::Unix(listener) => {
                listener.set_nonblocking(true)?;
                UnixListener::from_std(listener).map(Listener::Unix)
            }
        }
    }
}

impl Listener {
    /// Where it listens, for a browser if it can be reached by one.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Tcp(listener) => listener.local_addr().map_or_else(
                |_| "an unknown address".to_owned(),
                |address| format!("http://{address}"),
            ),
            Self::Unix(listener) => match listener.local_addr() {
                Ok(address) => address.as_pathname().map_or("unix:".to_owned(), |path| {
                    format!("unix:{}", path.display())
                }),
                Err(_) => "unix:".to_owned(),
            },
        }
    }
}

fn inherited() -> Result<Option<StdListener>, Error> {
    let inherited = ListenFd::from_env();
    match inherited.len() {
        0 => Ok(None),
        1 => first(inherited).map_err(Error::Inherited),
        count => Err(Error::SeveralInherited(count)),
    }
}

fn first(mut inherited: ListenFd) -> io::Result<Option<StdListener>> {
    if let Ok(Some(listener)) = inherited.take_tcp_listener(0) {
        return Ok(Some(StdListener::Tcp(listener)));
    }
    Ok(inherited.take_unix_listener(0)?.map(StdListener::Unix))
}

fn explain(address: SocketAddr, source: io::Error) -> Error {
    let with_port = |port| SocketAddr::new(address.ip(), port);
    match source.kind() {
        io::ErrorKind::AddrInUse => Error::AddressInUse {
            address,
            other: with_port(address.port().checked_add(1).unwrap_or(8050)),
        },
        io::ErrorKind::PermissionDenied => Error::PermissionDenied {
            address,
            other: with_port(8050),
        },
        _ => Error::Bind { address, source },
    }
}
