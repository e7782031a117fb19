//! The locks of a folder of sessions.
//!
//! A lock belongs to an open file, and an update replaces the session's file: the lock must be on another one. There is a
//! fixed set of lock files, which are never removed, and each session uses the one that its key's last two digits name. Two sessions with
//! the same digits wait for each other now and then; in exchange there is no lock file to clean up, and so no worker that
//! holds a file which another has replaced.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    sync::Arc,
};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{failed, private};
use crate::Error;

/// How often a lock file may vanish, because somebody removes the folder, before that is an error.
const ATTEMPTS: u32 = 100;

/// One call of this process for each lock file waits for other processes, on a thread; the others wait for that call, which takes no
/// thread. A process that keeps a lock for ever would otherwise take all threads, and no other session could be read or written.
#[derive(Debug)]
pub(super) struct Turns(Vec<Arc<Mutex<()>>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..=u8::MAX).map(|_| Arc::default()).collect())
    }
}

impl Turns {
    /// Waits for the turn of this key's lock file.
    pub(super) async fn wait(&self, key: &str) -> OwnedMutexGuard<()> {
        let index = usize::from_str_radix(digits(key), 16).unwrap_or_default();
        Arc::clone(&self.0[index % self.0.len()]).lock_owned().await
    }
}

/// The right to change the sessions of one lock file. It ends when this is dropped, or with the process, however that ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of a key. `create_folders` is called when somebody has removed the folder.
    pub(super) fn acquire(
        folder: &Path,
        key: &str,
        create_folders: impl Fn() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let path = folder.join(digits(key));
        for _ in 0..ATTEMPTS {
            let file = match private().open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    create_folders()?;
                    continue;
                }
                Err(error) => return Err(failed("open", &path)(error)),
            };
            file.lock().map_err(failed("lock", &path))?;
            if is_still(&file, &path).map_err(failed("check", &path))? {
                return Ok(Self { _file: file });
            }
        }
        let vanished = "it vanished whenever it was made";
        Err(failed("lock", &path)(io::Error::other(vanished)))
    }
}

/// The last two digits of a key's hash.
fn digits(key: &str) -> &str {
    key.get(key.len().saturating_sub(2)..).unwrap_or("00")
}

/// Whether the path still names this file. A person may remove the whole folder while a worker waits, and the next worker makes a new one.
fn is_still(file: &File, path: &Path) -> io::Result<bool> {
    let held = file.metadata()?;
    match fs::metadata(path) {
        Ok(named) => Ok((held.dev(), held.ino()) == (named.dev(), named.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
