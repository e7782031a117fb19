//! systemd's notify protocol, the receiving side: one datagram socket for each worker.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process,
};

use handover::{bind::LONGEST_PATH, notify::Report};
use nix::{errno::Errno, sys::signal, unistd::Pid};
use tokio::net::UnixDatagram;
use tracing::debug;

use crate::Error;

/// Ours adds `/workers-4194304-99/` and a worker's key to the parent's path.
const LONGEST_PARENT: usize = LONGEST_PATH - 20 - 20;

/// A folder that only this user may enter, for the workers' notify sockets. It goes when this value goes.
#[derive(Debug)]
pub(crate) struct NotifyFolder {
    path: PathBuf,
    /// The folder itself, locked for as long as this process lives.
    _lock: File,
}

impl NotifyFolder {
    pub(crate) fn create() -> Result<Self, Error> {
        Self::create_in(std::env::temp_dir())
    }

    fn create_in(parent: PathBuf) -> Result<Self, Error> {
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
        let failed = |source| Error::NotifyFolder {
            path: parent.clone(),
            source,
        };
        // A name may be left over from a supervisor that was killed and had our pid, or be taken by an ill-wisher.
        let names =
            (0..100).map(|attempt| parent.join(format!("workers-{}-{attempt}", process::id())));
        for path in names {
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => match Self::lock(path) {
                    Ok(folder) => {
                        folder.remove_left_over(&parent);
                        return Ok(folder);
                    }
                    Err(source) => return Err(failed(source)),
                },
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(failed(source)),
            }
        }
        Err(failed(io::ErrorKind::AlreadyExists.into()))
    }

    fn lock(path: PathBuf) -> io::Result<Self> {
        let lock = File::open(&path)?;
        lock.lock()?;
        Ok(Self { path, _lock: lock })
    }

    /// Removes the folders of supervisors that were killed and could not do it themselves.
    fn remove_left_over(&self, parent: &Path) {
        let Ok(own) = fs::symlink_metadata(&self.path) else {
            return;
        };
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let path = entry.path();
            // Symbolic links are not followed, and what is another user's is not ours to remove.
            let is_ours = entry
                .metadata()
                .is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == own.uid());
            let pid = entry.file_name().to_str().and_then(supervisor);
            if is_ours && pid.is_some_and(is_dead) && !is_locked(&path) {
                debug!("removing what a killed supervisor left: {}", path.display());
                let _ = fs::remove_dir_all(&path);
            }
        }
    }

    /// Makes the socket on which one worker reports.
    pub(crate) fn socket(&self, name: &str) -> io::Result<NotifySocket> {
        let path = self.path.join(name);
        let socket = UnixDatagram::bind(&path)?;
        Ok(NotifySocket { socket, path })
    }
}

impl Drop for NotifyFolder {
    fn drop(&mut self) {
        // The folder is our own and holds sockets alone; what cannot be removed is left to the system.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The pid in the name of a supervisor's folder.
fn supervisor(folder: &str) -> Option<Pid> {
    let (pid, attempt) = folder.strip_prefix("workers-")?.split_once('-')?;
    attempt.parse::<u8>().ok()?;
    pid.parse().ok().filter(|pid| *pid > 0).map(Pid::from_raw)
}

fn is_dead(pid: Pid) -> bool {
    signal::kill(pid, None) == Err(Errno::ESRCH)
}

/// Whether a process holds the folder: one in another container has a pid that means nothing here.
fn is_locked(folder: &Path) -> bool {
    let lock = File::open(folder).map(|folder| folder.try_lock());
    matches!(lock, Ok(Err(TryLockError::WouldBlock)))
}

/// Where one worker reports.
#[derive(Debug)]
pub(crate) struct NotifySocket {
    socket: UnixDatagram,
    path: PathBuf,
}

impl NotifySocket {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for the next datagram and reads what of it concerns the supervisor.
    pub(crate) async fn receive(&self) -> io::Result<Vec<Report>> {
        let mut buffer = [0; 4096];
        let length = self.socket.recv(&mut buffer).await?;
        Ok(Report::read(&buffer[..length]))
    }
}

impl Drop for NotifySocket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pid that no process has: it has ended and been waited for.
    fn dead_pid() -> u32 {
        let mut child = process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    #[test]
    fn what_a_killed_supervisor_left_is_removed() {
        let parent = tempfile::tempdir().unwrap();
        let folder = |name: String| {
            let path = parent.path().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let dead = dead_pid();
        let left_over = folder(format!("workers-{dead}-0"));
        fs::write(left_over.join("1"), "").unwrap();
        let elsewhere = NotifyFolder::lock(folder(format!("workers-{dead}-1"))).unwrap();
        let stays = [
            folder(format!("workers-{}-7", std::os::unix::process::parent_id())),
            folder("workers-of-the-world".to_owned()),
            folder(format!("workers-{dead}-plans")),
        ];
        let created = NotifyFolder::create_in(parent.path().to_owned()).unwrap();
        assert!(!left_over.exists());
        assert!(
            elsewhere.path.exists(),
            "another container's supervisor lives"
        );
        assert!(stays.iter().all(|path| path.exists()));
        let path = created.path.clone();
        drop(created);
        assert!(!path.exists());
    }
}
