//! One computation per key across all processes: a locked file for each that is under way.
//!
//! The file *is* the flight. Who computes holds its lock; who wants the same value waits for that lock.
//! When the computation ends, its file is removed from the folder while it is still locked, so that whoever comes later makes a new one.
//! Those who wait have the old one open, and find in it how this very flight ended: nothing if there is a value, or the error.
//!
//! ```text
//! the lock was got, and the file is ...
//!   still in the folder      the holder was killed: it is our turn
//!   gone, and empty          there is a value: read the cache again
//!   gone, with a value       it could not be kept, and we get it from here
//!   gone, with an error      the computation that we waited for failed
//!   gone, and "abandoned"    its caller went away: open the file anew, perhaps it is our turn
//! ```
//!
//! Files do not pile up: a flight removes its own, and what killed processes have left the next process removes with its first write.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use storage::files::{self, is_at};

use crate::store::{self, Ended, Turn};

/// A locked file in the folder of flights.
#[derive(Debug)]
pub(crate) struct LockFile {
    file: File,
    path: PathBuf,
    ended: bool,
}

impl LockFile {
    /// Waits until nobody holds the file, and finds out what that means.
    ///
    /// Those who wait hold a thread each, as many as `threads` has permits.
    pub(super) async fn begin(path: PathBuf, threads: &Arc<Semaphore>) -> io::Result<Turn> {
        let mut waited = false;
        loop {
            let mut file = files::private().open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    tracing::debug!("waits for another process: {}", path.display());
                    file = wait(file, threads).await?;
                    waited = true;
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
            if is_at(&file, &path)? {
                // A process may have been killed between writing how it ended and removing the file.
                file.set_len(0)?;
                let flight = store::Flight::Files(Self {
                    file,
                    path,
                    ended: false,
                });
                return Ok(Turn::Ours { flight, waited });
            }
            if let Some(turn) = read(&mut file)?.turn() {
                return Ok(turn);
            }
        }
    }

    /// Ends the flight: those who wait get the lock of a file that is gone.
    pub(crate) fn end(mut self, ended: &Ended) {
        self.leave(ended);
    }

    fn leave(&mut self, ended: &Ended) {
        self.ended = true;
        if let Err(error) = write(&mut self.file, ended) {
            tracing::warn!(
                "those who wait compute too, because {} cannot be written: {error}",
                self.path.display()
            );
        }
        if let Err(error) = files::remove(&self.path) {
            tracing::warn!("the lock file {} stays: {error}", self.path.display());
        }
    }

    /// Removes the files of flights whose processes were killed: those that nobody holds.
    pub(super) fn sweep(folder: &Path) {
        let Ok(files) = fs::read_dir(folder) else {
            return;
        };
        for path in files.filter_map(|file| Some(file.ok()?.path())) {
            let Ok(file) = File::options().read(true).write(true).open(&path) else {
                continue;
            };
            if file.try_lock().is_ok() && is_at(&file, &path).unwrap_or(false) {
                drop(Self {
                    file,
                    path,
                    ended: false,
                });
            }
        }
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        if !self.ended {
            self.leave(&Ended::Abandoned);
        }
    }
}

/// Waits on a thread of its own. If the caller gives up, that thread gets the lock in the end, and releases it at once.
async fn wait(file: File, threads: &Arc<Semaphore>) -> io::Result<File> {
    let thread = Arc::clone(threads).acquire_owned().await;
    let locked = spawn_blocking(move || {
        let locked = files::wait(&file);
        drop(thread);
        locked.map(|()| file)
    });
    locked.await.map_err(io::Error::other)?
}

/// Writes how the flight ended. Nothing is written if there is a value: a full disk cannot get in the way of that.
fn write(file: &mut File, ended: &Ended) -> io::Result<()> {
    if *ended == Ended::Done {
        return Ok(());
    }
    file.write_all(ended.to_json().as_bytes())
}

fn read(file: &mut File) -> io::Result<Ended> {
    let mut text = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text).unwrap_or(Ended::Done))
}
