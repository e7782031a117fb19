//! systemd's notify protocol: a worker sends lines to `NOTIFY_SOCKET`, and the supervisor reads them.

use std::{env, ffi::OsStr, fmt, io, os::unix::net::UnixDatagram};

use crate::variable;

/// What a worker reports about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// `READY=1`: it accepts connections.
    Ready,
    /// `WATCHDOG=1`: it is not stuck.
    Alive,
    /// `STOPPING=1`: it is about to leave.
    Stopping,
    /// `STATUS=requests=123`: how many requests it has answered so far.
    Requests(u64),
}

impl Report {
    /// Reads a datagram. Lines that mean nothing here are allowed.
    pub fn read(datagram: &[u8]) -> Vec<Self> {
        let lines = datagram.split(|byte| *byte == b'\n');
        lines.filter_map(Self::line).collect()
    }

    fn line(line: &[u8]) -> Option<Self> {
        match line {
            b"READY=1" => Some(Self::Ready),
            b"WATCHDOG=1" => Some(Self::Alive),
            b"STOPPING=1" => Some(Self::Stopping),
            _ => {
                let count = line.strip_prefix(b"STATUS=requests=")?;
                str::from_utf8(count).ok()?.parse().ok().map(Self::Requests)
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("READY=1"),
            Self::Alive => f.write_str("WATCHDOG=1"),
            Self::Stopping => f.write_str("STOPPING=1"),
            Self::Requests(count) => write!(f, "STATUS=requests={count}"),
        }
    }
}

/// The worker's end.
#[derive(Debug)]
pub struct Notifier(UnixDatagram);

impl Notifier {
    /// `None` if nobody wants to know.
    ///
    /// # Errors
    ///
    /// If nobody listens at the socket that the environment names.
    pub fn from_env() -> io::Result<Option<Self>> {
        let path = env::var_os(variable::NOTIFY_SOCKET);
        path.map(|path| Self::connect(&path)).transpose()
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

    /// Sends reports in one datagram.
    ///
    /// # Errors
    ///
    /// If the supervisor is gone, or does not read.
    pub fn send(&self, reports: &[Report]) -> io::Result<()> {
        let lines: Vec<_> = reports.iter().map(ToString::to_string).collect();
        self.0.send(lines.join("\n").as_bytes()).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_worker_sends_is_what_the_supervisor_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let supervisor = UnixDatagram::bind(&path).unwrap();
        let worker = Notifier::connect(path.as_os_str()).unwrap();
        let mut buffer = [0; 256];
        for reports in [
            &[Report::Ready, Report::Alive, Report::Requests(0)][..],
            &[Report::Requests(u64::MAX), Report::Stopping],
        ] {
            worker.send(reports).unwrap();
            let length = supervisor.recv(&mut buffer).unwrap();
            assert_eq!(Report::read(&buffer[..length]), reports);
        }
    }

    #[test]
    fn other_lines_of_a_report_are_passed_over() {
        let read = |text: &str| Report::read(text.as_bytes());
        assert_eq!(
            read("STATUS=warming up\nREADY=1\nMAINPID=12"),
            [Report::Ready]
        );
        assert_eq!(read("STOPPING=1\n"), [Report::Stopping]);
        assert_eq!(read("STATUS=requests=many\nREADY=0"), []);
        assert_eq!(Report::read(b"\xff\xfe\nREADY=1"), [Report::Ready]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_of_systemd_may_have_no_file() {
        use std::os::{linux::net::SocketAddrExt, unix::net::SocketAddr};
        let name = format!("handover-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let supervisor = UnixDatagram::bind_addr(&address).unwrap();
        let worker = Notifier::connect(OsStr::new(&format!("@{name}"))).unwrap();
        worker.send(&[Report::Ready]).unwrap();
        let mut buffer = [0; 16];
        assert_eq!(supervisor.recv(&mut buffer).unwrap(), 7);
    }
}
