//! systemd's notify protocol, the receiving side: one datagram socket for each worker.

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process,
};

use tokio::net::UnixDatagram;

use crate::Error;

/// A socket's path has at most 107 bytes, and ours adds `/workers-4194304-99/` and a worker's key to the parent's.
const LONGEST_PARENT: usize = 107 - 20 - 20;

/// A folder that only this user may enter, for the workers' notify sockets. It goes when this value goes.
#[derive(Debug)]
pub(crate) struct NotifyFolder(PathBuf);

impl NotifyFolder {
    pub(crate) fn create() -> Result<Self, Error> {
        let parent = std::env::temp_dir();
        if parent.as_os_str().len() > LONGEST_PARENT {
            let source = io::Error::new(
                io::ErrorKind::InvalidFilename,
                "the path is too long for a socket",
            );
            return Err(Error::NotifyFolder {
                path: parent,
                source,
            });
        }
        // A name may be left over from a supervisor that was killed and had our pid, or be taken by an ill-wisher.
        let names =
            (0..100).map(|attempt| parent.join(format!("workers-{}-{attempt}", process::id())));
        for path in names {
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => {
                    return Err(Error::NotifyFolder {
                        path: parent,
                        source,
                    });
                }
            }
        }
        Err(Error::NotifyFolder {
            path: parent,
            source: io::ErrorKind::AlreadyExists.into(),
        })
    }

    /// Makes the socket on which one worker reports.
    pub(crate) fn socket(&self, name: &str) -> io::Result<NotifySocket> {
        let path = self.0.join(name);
        let socket = UnixDatagram::bind(&path)?;
        Ok(NotifySocket { socket, path })
    }
}

impl Drop for NotifyFolder {
    fn drop(&mut self) {
        // The folder is our own and holds sockets alone; what cannot be removed is left to the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where one worker reports.
#[derive(Debug)]
pub(crate) struct NotifySocket {
    socket: UnixDatagram,
    path: PathBuf,
}

/// What a worker reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// `READY=1`: it accepts connections.
    Ready,
    /// `STOPPING=1`: it is about to leave.
    Stopping,
}

impl NotifySocket {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for the next datagram and reads what of it concerns the supervisor.
    pub(crate) async fn receive(&self) -> io::Result<Vec<Report>> {
        let mut buffer = [0; 4096];
        let length = self.socket.recv(&mut buffer).await?;
        Ok(reports(&buffer[..length]))
    }
}

impl Drop for NotifySocket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The protocol is lines of `NAME=value`; names that mean nothing to us are allowed.
fn reports(datagram: &[u8]) -> Vec<Report> {
    datagram
        .split(|byte| *byte == b'\n')
        .filter_map(|line| match line {
            b"READY=1" => Some(Report::Ready),
            b"STOPPING=1" => Some(Report::Stopping),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_lines_of_a_report_are_passed_over() {
        assert_eq!(
            reports(b"STATUS=warming up\nREADY=1\nMAINPID=12"),
            [Report::Ready]
        );
        assert_eq!(reports(b"READY=0\n\xff\xfe"), []);
        assert_eq!(reports(b"STOPPING=1\n"), [Report::Stopping]);
    }
}
