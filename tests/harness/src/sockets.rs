//! Which process holds which end of a connection.

use std::net::SocketAddr;

use procfs::{
    net,
    process::{FDTarget, Process},
};

use crate::process::Pid;

/// The one of these processes that holds the server's end of the connection between these two addresses.
///
/// As long as nobody has accepted the connection there is none.
pub(crate) fn holder(
    server: SocketAddr,
    client: SocketAddr,
    mut among: impl Iterator<Item = Pid>,
) -> Option<Pid> {
    let connections = net::tcp().ok()?;
    let connection = connections
        .iter()
        .find(|entry| entry.local_address == server && entry.remote_address == client)?;
    // Until it is accepted, its socket has no number.
    let socket = Some(connection.inode).filter(|&inode| inode != 0)?;
    among.find(|&pid| holds(pid, socket))
}

fn holds(pid: Pid, socket: u64) -> bool {
    let open = Process::new(pid.as_raw()).and_then(|process| process.fd());
    open.is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.target == FDTarget::Socket(socket)))
    })
}
