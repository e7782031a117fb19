//! A file for each session.
//!
//! An update holds the session's lock while it reads the file and replaces it: a reader never sees half a file. What a process
//! that was killed leaves is a temporary file. The next update of the session overwrites it; [`sweep`](Backend::sweep) removes those of
//! sessions that nobody updates any more.
//!
//! # What is flushed to the disk
//!
//! A kill, even `kill -9`, loses nothing that the kernel has taken, and so needs no flush. A power cut loses what is not on the disk yet.
//! When a session begins, its file and the folder are flushed: once a session, that is cheap. Later updates are not, as each flush
//! would take as long as ten to a hundred updates. ext4 and btrfs, as they are set up by default, write a new file's content before
//! its name takes the place of another, so that a power cut leaves the file as it was before one of the last updates or after
//! it. A file system without that rule may leave an empty file: it counts as not there, with a warning in the log.

mod lock;

use std::{
    fs, io, panic,
    path::{Path, PathBuf},
    sync::Arc,
};

use storage::files::{create_folder, found, remove, replace};
use tokio::task;

use self::lock::{Lock, Turns};
use crate::{Backend, BoxFuture, Change, Entry, Error, Outcome, Place, SessionName};

/// The ending of a session's file.
const ENDING: &str = "json";
/// The ending of the file that becomes it.
const TEMPORARY: &str = "json.tmp";
/// A folder with one file for each session, which the processes of one machine share.
#[derive(Clone, Debug)]
pub struct Files {
    folder: Arc<Path>,
    turns: Arc<Turns>,
}

impl Files {
    /// Makes the folder, which only its owner may enter, unless it is there.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder: PathBuf = folder.into();
        let files = Self {
            folder: folder.into(),
            turns: Arc::default(),
        };
        files.blocking(|files| files.create_folders()).await?;
        Ok(files)
    }

    /// Runs work on a thread that may wait for the disk and for other processes.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let files = self.clone();
        blocking(move || work(files)).await
    }

    /// Runs work that takes the session's lock, when no other call of this process has it or waits for it on a thread.
    async fn in_turn<T: Send + 'static>(
        &self,
        name: &SessionName,
        work: impl FnOnce(Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.turns.wait(name.key()).await;
        self.blocking(move |files| {
            // The work goes on if the caller gives up, and keeps its turn.
            let _turn = turn;
            work(files)
        })
        .await
    }

    fn create_folders(&self) -> Result<(), Error> {
        for folder in [&*self.folder, &self.lock_folder()] {
            create_folder(folder).map_err(failed("create", folder))?;
        }
        Ok(())
    }

    fn lock_folder(&self) -> PathBuf {
        self.folder.join(".locks")
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.{ENDING}"))
    }

    fn lock(&self, key: &str) -> Result<Lock, Error> {
        Lock::acquire(&self.lock_folder(), key)
    }

    fn update_now(&self, name: &SessionName, change: &mut Change) -> Result<Outcome, Error> {
        let _lock = self.lock(name.key())?;
        let kept = self.read(name)?;
        let is_first = kept.is_none();
        let outcome = Outcome::of(kept, change);
        if let Some(entry) = &outcome.written {
            self.write(name.key(), entry, is_first)?;
        }
        Ok(outcome)
    }

    /// Reads a session's file, expired or not. It needs no lock.
    fn read(&self, name: &SessionName) -> Result<Option<Entry>, Error> {
        let path = self.path(name.key());
        let damaged = |reason: String| Error::Damaged {
            place: Place::File(path.clone()),
            reason,
        };
        let Some(json) = found(fs::read(&path)).map_err(failed("read", &path))? else {
            return Ok(None);
        };
        if json.is_empty() {
            tracing::warn!(path = %path.display(), "an empty file counts as no session: a power cut leaves such files");
            return Ok(None);
        }
        let entry: Entry =
            serde_json::from_slice(&json).map_err(|error| damaged(error.to_string()))?;
        if entry.session != name.as_str() {
            return Err(damaged(format!(
                "it is that of the session `{}`, and was renamed",
                entry.session
            )));
        }
        Ok(Some(entry))
    }

    /// Puts a new file in the place of the old one. The caller holds the lock.
    fn write(&self, key: &str, entry: &Entry, is_first: bool) -> Result<(), Error> {
        let path = self.path(key);
        let json = entry.to_json() + "\n";
        replace(
            &path,
            &path.with_extension(TEMPORARY),
            json.as_bytes(),
            is_first,
        )
        .map_err(failed("write", &path))
    }

    fn sweep_now(&self) -> Result<usize, Error> {
        let listed = fs::read_dir(&self.folder).map_err(failed("list", &self.folder))?;
        let mut removed = 0;
        for file in listed {
            let path = file.map_err(failed("list", &self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some((key, ending)) = name.and_then(|name| name.split_once('.')) else {
                continue;
            };
            if !SessionName::is_key(key) {
                continue;
            }
            let is_leftover = match ending {
                TEMPORARY => true,
                ENDING if has_expired(&path)? => false,
                _ => continue,
            };
            let _lock = self.lock(key)?;
            // Under the lock no writer has a temporary file, and no session is renewed.
            if is_leftover || has_expired(&path)? {
                let gone = remove(&path).map_err(failed("remove", &path))?;
                removed += usize::from(gone);
            }
        }
        Ok(removed)
    }
}

impl Backend for Files {
    fn update<'a>(
        &'a self,
        name: &'a SessionName,
        mut change: Change,
    ) -> BoxFuture<'a, Result<Outcome, Error>> {
        let asked = name.clone();
        Box::pin(self.in_turn(name, move |files| files.update_now(&asked, &mut change)))
    }

    fn get<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>> {
        let name = name.clone();
        Box::pin(self.blocking(move |files| Ok(files.read(&name)?.filter(Entry::is_live))))
    }

    fn remove<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<(), Error>> {
        let (key, path) = (name.key().to_owned(), self.path(name.key()));
        Box::pin(self.in_turn(name, move |files| {
            let _lock = files.lock(&key)?;
            remove(&path).map(drop).map_err(failed("remove", &path))
        }))
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>> {
        Box::pin(self.blocking(|files| files.sweep_now()))
    }

    fn place(&self, name: &SessionName) -> Place {
        Place::File(self.path(name.key()))
    }
}

/// Runs work on a thread that may wait. A panic of the work is a panic here.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panicked) => panic::resume_unwind(panicked),
            Err(_) => Err(Error::Ending),
        },
    }
}

pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path,
        source,
    }
}

/// Whether a file holds an entry that has expired. One that is gone or damaged has not.
fn has_expired(path: &Path) -> Result<bool, Error> {
    let json = found(fs::read(path)).map_err(failed("read", path))?;
    let entry = json.and_then(|json| serde_json::from_slice::<Entry>(&json).ok());
    Ok(entry.is_some_and(|entry| !entry.is_live()))
}
