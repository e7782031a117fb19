//! The listening sockets: one for all workers, or one for each.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    os::{
        fd::OwnedFd,
        unix::{
            fs::FileTypeExt,
            net::{UnixListener, UnixStream},
        },
    },
    path::{Path, PathBuf},
};

use listenfd::ListenFd;
use socket2::{Domain, Protocol, Socket, Type};

use crate::{Accept, Bind, Error};

/// How many connections may wait to be accepted; the kernel lowers it to its own limit.
const BACKLOG: i32 = 2048;

/// The sockets on which the workers listen. The supervisor keeps them, so that a connection which waits in a queue
/// outlives the worker that it would have gone to.
#[derive(Debug)]
pub(crate) struct Sockets {
    address: Bind,
    kind: Kind,
    /// The socket file that goes when the supervisor goes.
    file: Option<PathBuf>,
}

#[derive(Debug)]
enum Kind {
    Shared(OwnedFd),
    /// By the worker's number.
    Each(HashMap<u32, OwnedFd>),
}

impl Sockets {
    /// Takes the socket that this process inherited, or binds.
    pub(crate) fn open(bind: &Bind, accept: Accept, workers: u32) -> Result<Self, Error> {
        if let Some((address, socket)) = inherited()? {
            return match accept {
                Accept::Shared => Ok(Self {
                    address,
                    kind: Kind::Shared(socket),
                    file: None,
                }),
                Accept::ReusePort => Err(Error::ReusePortNeedsPort),
            };
        }
        match (bind, accept) {
            (Bind::Tcp(address), Accept::Shared) => {
                let socket = listen(*address, false).map_err(|source| explain(*address, source))?;
                let address = local_address(&socket).unwrap_or(*address);
                Ok(Self {
                    address: Bind::Tcp(address),
                    kind: Kind::Shared(socket.into()),
                    file: None,
                })
            }
            (Bind::Tcp(address), Accept::ReusePort) => Self::one_for_each(*address, workers),
            (Bind::Unix(path), Accept::Shared) => {
                let socket = listen_unix(path).map_err(|source| Error::UnixSocket {
                    path: path.clone(),
                    source,
                })?;
                Ok(Self {
                    address: bind.clone(),
                    kind: Kind::Shared(socket.into()),
                    file: Some(path.clone()),
                })
            }
            (Bind::Unix(_), Accept::ReusePort) => Err(Error::ReusePortNeedsPort),
        }
    }

    fn one_for_each(address: SocketAddr, workers: u32) -> Result<Self, Error> {
        // With SO_REUSEPORT the kernel would let us in beside a forgotten older server, which would go on to take a
        // part of the connections. Without it, it refuses.
        let probe = listen(address, false).map_err(|source| explain(address, source))?;
        let address = local_address(&probe).unwrap_or(address);
        drop(probe);
        let mut sockets = Self {
            address: Bind::Tcp(address),
            kind: Kind::Each(HashMap::new()),
            file: None,
        };
        for number in 1..=workers {
            sockets
                .of(number)
                .map_err(|source| explain(address, source))?;
        }
        Ok(sockets)
    }

    /// Where the workers listen; the port is the real one.
    pub(crate) fn address(&self) -> &Bind {
        &self.address
    }

    /// A copy of the socket of this worker, made if it has none yet.
    pub(crate) fn of(&mut self, number: u32) -> io::Result<OwnedFd> {
        match (&mut self.kind, &self.address) {
            (Kind::Each(sockets), Bind::Tcp(address)) => {
                if let Some(socket) = sockets.get(&number) {
                    return socket.try_clone();
                }
                let socket = OwnedFd::from(listen(*address, true)?);
                let copy = socket.try_clone();
                sockets.insert(number, socket);
                copy
            }
            (Kind::Shared(socket), _) => socket.try_clone(),
            (Kind::Each(_), Bind::Unix(_)) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Stops to listen, so that a new connection is refused as soon as the workers have closed their copies too.
    pub(crate) fn close(&mut self) {
        self.kind = Kind::Each(HashMap::new());
        self.remove_file();
    }

    fn remove_file(&mut self) {
        if let Some(path) = self.file.take() {
            let _ = std::fs::remove_file(path);
        }
    }

    /// Closes the socket of a worker that will not come back.
    pub(crate) fn retire(&mut self, number: u32) {
        if let Kind::Each(sockets) = &mut self.kind {
            sockets.remove(&number);
        }
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        self.remove_file();
    }
}

fn inherited() -> Result<Option<(Bind, OwnedFd)>, Error> {
    let inherited = ListenFd::from_env();
    match inherited.len() {
        0 => Ok(None),
        1 => first(inherited).map_err(Error::Inherited),
        count => Err(Error::SeveralInherited(count)),
    }
}

fn first(mut inherited: ListenFd) -> io::Result<Option<(Bind, OwnedFd)>> {
    if let Ok(Some(socket)) = inherited.take_tcp_listener(0) {
        return Ok(Some((Bind::Tcp(socket.local_addr()?), socket.into())));
    }
    let socket = inherited.take_unix_listener(0)?;
    Ok(socket.map(|socket| {
        let path = socket
            .local_addr()
            .ok()
            .and_then(|address| address.as_pathname().map(Path::to_owned));
        (Bind::Unix(path.unwrap_or_default()), socket.into())
    }))
}

fn listen(address: SocketAddr, reuse_port: bool) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // A server that starts again must not wait for the connections of the one before to be forgotten.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(reuse_port)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket)
}

fn local_address(socket: &Socket) -> Option<SocketAddr> {
    socket.local_addr().ok()?.as_socket()
}

/// Binds a Unix socket, in the place of a file that an older server left behind.
fn listen_unix(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_left_over(path) => {
            std::fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        result => result,
    }
}

/// Whether there is a socket's file.
pub(crate) fn is_socket(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
}

/// Whether the file is a socket at which nobody answers.
pub(crate) fn is_left_over(path: &Path) -> bool {
    let refused = UnixStream::connect(path)
        .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    is_socket(path) && refused
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
            other: with_port(address.port().checked_add(8000).unwrap_or(8050)),
        },
        io::ErrorKind::AddrNotAvailable => Error::AddressNotAvailable {
            address,
            other: (Ipv4Addr::LOCALHOST, address.port()).into(),
        },
        _ => Error::Bind { address, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(address: &str, kind: io::ErrorKind) -> String {
        explain(address.parse().unwrap(), kind.into()).to_string()
    }

    #[test]
    fn a_reserved_port_is_answered_with_one_that_is_not() {
        let message = error("127.0.0.1:80", io::ErrorKind::PermissionDenied);
        assert!(message.contains("`--bind 127.0.0.1:8080`"), "{message}");
    }

    #[test]
    fn the_last_port_is_answered_with_another() {
        let message = error("[::1]:65535", io::ErrorKind::AddrInUse);
        assert!(message.contains("`--bind [::1]:8050`"), "{message}");
    }

    #[test]
    fn an_address_of_another_machine_is_answered_with_one_of_this() {
        // RFC 5737 keeps this address for documentation: no machine has it.
        let address = Bind::Tcp(([192, 0, 2, 1], 0).into());
        let message = Sockets::open(&address, Accept::Shared, 1)
            .unwrap_err()
            .to_string();
        assert!(
            message.starts_with("this machine has no address 192.0.2.1:0"),
            "{message}"
        );
    }
}
