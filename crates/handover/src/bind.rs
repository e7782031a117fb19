//! The listening socket at an address.

use std::{
    fs::{self, Permissions},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::{
        fd::OwnedFd,
        unix::{
            fs::{FileTypeExt, PermissionsExt},
            net::{UnixListener, UnixStream},
        },
    },
    path::{Path, PathBuf},
};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use crate::Bind;

/// How many connections may wait to be accepted. The kernel lowers it to its own limit.
const BACKLOG: i32 = 2048;

/// A Unix socket's path has at most this many bytes.
pub const LONGEST_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A listening socket.
#[derive(Debug)]
pub enum Listener {
    /// With an address and a port.
    Tcp(TcpListener),
    /// With a path.
    Unix(UnixListener),
}

impl Listener {
    /// Where it listens; the port is the real one.
    ///
    /// # Errors
    ///
    /// If the kernel does not say.
    pub fn address(&self) -> io::Result<Bind> {
        Ok(match self {
            Self::Tcp(listener) => Bind::Tcp(listener.local_addr()?),
            Self::Unix(listener) => {
                let address = listener.local_addr()?;
                Bind::Unix(
                    address
                        .as_pathname()
                        .map(Path::to_owned)
                        .unwrap_or_default(),
                )
            }
        })
    }
}

impl From<Listener> for OwnedFd {
    fn from(listener: Listener) -> Self {
        match listener {
            Listener::Tcp(listener) => listener.into(),
            Listener::Unix(listener) => listener.into(),
        }
    }
}

/// The file of a Unix socket. It is removed when this value is dropped.
#[derive(Debug)]
pub struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Listens at an address. A Unix socket is a file, whose mode may be given; otherwise the umask decides.
///
/// # Errors
///
/// If the address cannot be had; the message says what to do.
pub fn bind(
    address: &Bind,
    mode: Option<u32>,
) -> Result<(Listener, Option<SocketFile>), BindError> {
    match address {
        Bind::Tcp(address) => Ok((Listener::Tcp(tcp(*address, false)?), None)),
        Bind::Unix(path) => {
            let listener = unix(path, mode).map_err(|source| BindError::UnixSocket {
                path: path.clone(),
                source,
            })?;
            Ok((Listener::Unix(listener), Some(SocketFile(path.clone()))))
        }
    }
}

/// Listens on a port, which may be shared with further sockets of this user (`SO_REUSEPORT`).
///
/// # Errors
///
/// If the address cannot be had; the message says what to do.
pub fn tcp(address: SocketAddr, reuse_port: bool) -> Result<TcpListener, BindError> {
    let listen = || {
        let domain = Domain::for_address(address);
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        // A server that starts again must not wait for the connections of the one before to be forgotten.
        socket.set_reuse_address(true)?;
        socket.set_reuse_port(reuse_port)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(socket.into())
    };
    listen().map_err(|source| explain(address, source))
}

/// Listens at a path, in the place of a file that an older server left behind.
///
/// # Errors
///
/// If something else is there, or the folder does not exist.
pub fn unix(path: &Path, mode: Option<u32>) -> io::Result<UnixListener> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    let address = SockAddr::unix(path)?;
    match socket.bind(&address) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_left_over(path) => {
            fs::remove_file(path)?;
            socket.bind(&address)?;
        }
        result => result?,
    }
    if let Some(mode) = mode {
        // Before it listens: until then nobody can connect, whatever the file's mode.
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Reads a file's mode as `chmod` does: `660`.
///
/// # Errors
///
/// A sentence, if the text is not a mode.
pub fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok();
    mode.filter(|mode| *mode <= 0o777)
        .ok_or_else(|| "expected a mode as chmod has it, such as 660".to_owned())
}

/// Whether there is a socket's file.
pub fn is_socket(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket())
}

/// Whether the file is a socket that nobody answers.
pub fn is_left_over(path: &Path) -> bool {
    let refused = UnixStream::connect(path)
        .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    is_socket(path) && refused
}

/// Why there is no socket to listen on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// Somebody else listens there.
    #[error(
        "{address} is already in use: end the program that listens there or choose another address, for example `--bind {other}` (port 0 takes a free one)"
    )]
    InUse {
        /// The address that was asked for.
        address: SocketAddr,
        /// The same address with the next port.
        other: SocketAddr,
    },
    /// The port is reserved.
    #[error(
        "no permission to listen on {address}: ports below 1024 are reserved, so choose a higher one, for example `--bind {other}`"
    )]
    NotPermitted {
        /// The address that was asked for.
        address: SocketAddr,
        /// The same address with a port that needs no permission.
        other: SocketAddr,
    },
    /// The host part of the address is not this machine's.
    #[error(
        "this machine has no address {address}: choose one of its own, for example `--bind {other}`"
    )]
    NotHere {
        /// The address that was asked for.
        address: SocketAddr,
        /// The same port on the loopback interface.
        other: SocketAddr,
    },
    /// The socket could not be made for another reason.
    #[error("cannot listen on {address}: {source}")]
    Tcp {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the kernel answered.
        source: io::Error,
    },
    /// A Unix socket could not be made.
    #[error("cannot listen on unix:{}: {source}", path.display())]
    UnixSocket {
        /// The path that was asked for.
        path: PathBuf,
        /// What the kernel answered.
        source: io::Error,
    },
    /// `LISTEN_FDS` was set, but descriptor 3 is not a listening socket.
    #[error("LISTEN_FDS is set, but descriptor 3 is no listening socket: {0}")]
    Inherited(#[source] io::Error),
    /// More than one socket was handed over.
    #[error(
        "LISTEN_FDS hands over {0} sockets, expected one: nothing would ever answer at the others; give each socket a service of its own"
    )]
    SeveralInherited(usize),
}

fn explain(address: SocketAddr, source: io::Error) -> BindError {
    let with_port = |port: Option<u16>| SocketAddr::new(address.ip(), port.unwrap_or(8050));
    match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse {
            address,
            other: with_port(address.port().checked_add(1)),
        },
        io::ErrorKind::PermissionDenied => BindError::NotPermitted {
            address,
            other: with_port(address.port().checked_add(8000)),
        },
        io::ErrorKind::AddrNotAvailable => BindError::NotHere {
            address,
            other: (Ipv4Addr::LOCALHOST, address.port()).into(),
        },
        _ => BindError::Tcp { address, source },
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
        let message = tcp(([192, 0, 2, 1], 0).into(), false)
            .unwrap_err()
            .to_string();
        assert!(
            message.starts_with("this machine has no address 192.0.2.1:0"),
            "{message}"
        );
    }

    #[test]
    fn the_mode_of_a_socket_can_be_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.sock");
        for mode in [0o660, 0o600] {
            let (listener, file) = bind(&Bind::Unix(path.clone()), Some(mode)).unwrap();
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                mode
            );
            assert_eq!(listener.address().unwrap(), Bind::Unix(path.clone()));
            drop(file);
            assert!(!path.exists());
        }
        assert_eq!(mode("660"), Ok(0o660));
        assert!(
            ["", "8", "rw-", "1000"]
                .iter()
                .all(|text| mode(text).is_err())
        );
    }

    #[test]
    fn a_path_may_be_as_long_as_it_says_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let room = LONGEST_PATH - folder.path().as_os_str().len() - 1;
        unix(&folder.path().join("x".repeat(room)), None).unwrap();
        assert!(unix(&folder.path().join("x".repeat(room + 1)), None).is_err());
    }

    #[test]
    fn a_socket_that_was_left_behind_is_replaced_and_another_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.sock");
        drop(UnixListener::bind(&path).unwrap());
        let living = unix(&path, None).unwrap();
        assert_eq!(
            unix(&path, None).unwrap_err().kind(),
            io::ErrorKind::AddrInUse
        );
        drop(living);
        let notes = folder.path().join("notes.txt");
        fs::write(&notes, "keep").unwrap();
        assert!(unix(&notes, None).is_err());
        assert_eq!(fs::read_to_string(&notes).unwrap(), "keep");
    }
}
