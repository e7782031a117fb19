//! A file for each session.
//!
//! # Why a reader never sees half a file
//!
//! An update holds the session's lock while it reads the file, writes a new one beside it and renames that to the old one's name. A
//! rename is one step: at any moment the name stands for the old file or for the new one, whole. A process that is killed
//! before the rename leaves the old one and a temporary file, and the kernel lets go of its lock. The next update of the session
//! overwrites the temporary file; [`sweep`](Backend::sweep) removes those of sessions that nobody updates any more.
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
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    panic,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::task;

use self::lock::{Lock, Turns};
use crate::{Backend, BoxFuture, Change, Entry, Error, Outcome, Place, SessionName};

/// The ending of a session's file.
const ENDING: &str = "json";
/// The ending of the file that becomes it.
const TEMPORARY: &str = "json.tmp";
/// Who owns the folder may enter it.
const FOLDER_MODE: u32 = 0o700;
/// Who owns a file may read and write it.
const FILE_MODE: u32 = 0o600;

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
        create_folder(&self.folder)?;
        create_folder(&self.lock_folder())
    }

    fn lock_folder(&self) -> PathBuf {
        self.folder.join(".locks")
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.{ENDING}"))
    }

    fn lock(&self, key: &str) -> Result<Lock, Error> {
        Lock::acquire(&self.lock_folder(), key, || self.create_folders())
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
        let temporary = path.with_extension(TEMPORARY);
        let written = write_file(&temporary, &entry.to_json(), is_first)
            .map_err(failed("write", &temporary))
            .and_then(|()| fs::rename(&temporary, &path).map_err(failed("replace", &path)));
        if written.is_err() {
            // What stands in it is worth nothing; the old file still holds.
            let _ = fs::remove_file(&temporary);
        }
        written?;
        if is_first {
            let folder = File::open(&self.folder).and_then(|folder| folder.sync_all());
            folder.map_err(failed("flush", &self.folder))?;
        }
        Ok(())
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
                let gone = found(fs::remove_file(&path)).map_err(failed("remove", &path))?;
                removed += usize::from(gone.is_some());
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
        let name = name.clone();
        Box::pin(async move {
            let asked = name.clone();
            self.in_turn(&name, move |files| files.update_now(&asked, &mut change))
                .await
        })
    }

    fn get<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>> {
        let name = name.clone();
        Box::pin(self.blocking(move |files| Ok(files.read(&name)?.filter(Entry::is_live))))
    }

    fn remove<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<(), Error>> {
        let name = name.clone();
        Box::pin(async move {
            let path = self.path(name.key());
            let asked = name.clone();
            self.in_turn(&name, move |files| {
                let _lock = files.lock(asked.key())?;
                let removed = found(fs::remove_file(&path));
                removed.map(drop).map_err(failed("remove", &path))
            })
            .await
        })
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

/// Makes a folder that only its owner may enter.
pub(crate) fn create_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .map_err(failed("create", path))?;
    // One that was there before may let others in.
    let metadata = fs::metadata(path).map_err(failed("open", path))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        let permissions = fs::Permissions::from_mode(FOLDER_MODE);
        fs::set_permissions(path, permissions).map_err(failed("protect", path))?;
    }
    Ok(())
}

/// What to open a file with so that only its owner may read it.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(FILE_MODE);
    options
}

pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path,
        source,
    }
}

fn write_file(path: &Path, text: &str, flush: bool) -> io::Result<()> {
    let mut file = private().truncate(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    if flush { file.sync_data() } else { Ok(()) }
}

/// Whether a file holds an entry that has expired. One that is gone or damaged has not.
fn has_expired(path: &Path) -> Result<bool, Error> {
    let json = found(fs::read(path)).map_err(failed("read", path))?;
    let entry = json.and_then(|json| serde_json::from_slice::<Entry>(&json).ok());
    Ok(entry.is_some_and(|entry| !entry.is_live()))
}

/// A file that is not there is no error.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
