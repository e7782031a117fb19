//! Which process holds which end of a connection.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    path::Path,
};

use crate::process::Pid;

/// The one of these processes that holds the server's end of the connection between these two addresses.
///
/// As long as nobody has accepted the connection there is none.
pub fn holder(
    server: SocketAddr,
    client: SocketAddr,
    mut among: impl Iterator<Item = Pid>,
) -> Option<Pid> {
    let connections = fs::read_to_string("/proc/net/tcp").ok()?;
    let inode = connections
        .lines()
        .find_map(|line| inode(line, server, client))?;
    let socket = format!("socket:[{inode}]");
    among.find(|pid| holds(*pid, Path::new(&socket)))
}

/// The socket's number, if a line of `/proc/net/tcp` is about the connection from `local` to `remote`.
///
/// Its second and third field are the addresses in hexadecimal, the tenth is the number.
fn inode(line: &str, local: SocketAddr, remote: SocketAddr) -> Option<&str> {
    let mut fields = line.split_whitespace().skip(1);
    let is_ours = fields.next()? == hexadecimal(local)? && fields.next()? == hexadecimal(remote)?;
    let inode = fields.nth(6)?;
    (is_ours && inode != "0").then_some(inode)
}

/// The four bytes as one number of this machine, and the port: `0100007F:1F90` for port 8080 of 127.0.0.1 on most machines.
fn hexadecimal(address: SocketAddr) -> Option<String> {
    let IpAddr::V4(ip) = address.ip() else {
        return None;
    };
    let ip = u32::from_ne_bytes(ip.octets());
    Some(format!("{ip:08X}:{:04X}", address.port()))
}

fn holds(pid: Pid, socket: &Path) -> bool {
    let open = fs::read_dir(format!("/proc/{pid}/fd"));
    open.is_ok_and(|files| {
        files
            .flatten()
            .any(|file| fs::read_link(file.path()).is_ok_and(|target| target == socket))
    })
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn an_accepted_connection_has_a_holder() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap();
        let stream = TcpStream::connect(server).unwrap();
        let client = stream.local_addr().unwrap();
        let this = || std::iter::once(Pid::this());
        assert_eq!(holder(server, client, this()), None);
        let accepted = listener.accept().unwrap();
        assert_eq!(holder(server, client, this()), Some(Pid::this()));
        assert_eq!(holder(server, client, [Pid::from_raw(1)].into_iter()), None);
        drop(accepted);
    }
}
