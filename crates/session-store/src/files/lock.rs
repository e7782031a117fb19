//! The locks of a folder of sessions.
//!
//! A lock belongs to an open file, and an update replaces the session's file: the lock must be on another one. There is a
//! fixed set of lock files, which are never removed, and each session uses the one that its key's last two digits name. Two sessions with
//! the same digits wait for each other now and then; in exchange there is no lock file to clean up, and so no worker that
//! holds a file which another has replaced.

use std::{fs::File, path::Path, sync::Arc};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::failed;
use crate::Error;

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
    /// Waits for the lock of a key.
    pub(super) fn acquire(folder: &Path, key: &str) -> Result<Self, Error> {
        let path = folder.join(digits(key));
        let file = storage::files::lock(&path).map_err(failed("lock", &path))?;
        Ok(Self { _file: file })
    }
}

/// The last two digits of a key's hash.
fn digits(key: &str) -> &str {
    key.get(key.len().saturating_sub(2)..).unwrap_or("00")
}
