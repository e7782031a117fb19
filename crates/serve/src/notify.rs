//! systemd's notify protocol, the sending side.

use std::{env, ffi::OsStr, io, os::unix::net::UnixDatagram};

/// Where the supervisor listens to this worker.
#[derive(Debug)]
pub(crate) struct Notifier(UnixDatagram);

impl Notifier {
    /// `None` if nobody wants to know.
    pub(crate) fn from_env() -> io::Result<Option<Self>> {
        env::var_os(handover::variable::NOTIFY_SOCKET)
            .map(|path| Self::connect(&path))
            .transpose()
    }

    fn connect(path: &OsStr) -> io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        // A supervisor that has been stopped must not stop its workers.
        socket.set_nonblocking(true)?;
        #[cfg(target_os = "linux")]
        if let Some(name) = path.as_encoded_bytes().strip_prefix(b"@") {
            // systemd writes a socket without a file like this.
            use std::os::{linux::net::SocketAddrExt, unix::net::SocketAddr};
            socket.connect_addr(&SocketAddr::from_abstract_name(name)?)?;
            return Ok(Self(socket));
        }
        socket.connect(path)?;
        Ok(Self(socket))
    }

    /// Sends lines of `NAME=value`.
    pub(crate) fn send(&self, state: &str) -> io::Result<()> {
        self.0.send(state.as_bytes()).map(drop)
    }
}
