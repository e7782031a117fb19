//! Entries as files in a folder.
//!
//! ```text
//! cache/             mode 0700
//!   lock             is held while entries are counted, evicted and written
//!   new              the entry that is being written; it is renamed when it is complete
//!   entries/5f2b…    an entry, under the SHA-256 of its key
//!   flights/5f2b…    a computation that is under way: see `flight.rs`
//! ```
//!
//! # How the limit is kept
//!
//! Entries are written one at a time, under `lock`, and room is made before the new one appears: at no moment is there one too many.
//! Mostly a list of the folder's names is enough to see that there is room. If there is none, the first two lines of each file say when
//! it was written and when it ends. There is no index that could differ from the folder, or be lost by a kill at the wrong moment.
//!
//! `lock` also makes one name enough for the entry that is being written: what a kill leaves there, the next write replaces.

mod flight;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use storage::files::{create_folder, lock, remove, replace};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

pub(crate) use flight::LockFile;

use crate::clock::Millis;
use crate::entry::{self, Damage, Entry, Stamp};
use crate::error::StoreError;
use crate::key::Key;
use crate::settings::Settings;
use crate::store::{Kept, Turn};

/// Up to this length an entry is read where the call runs: opening and reading so little takes a few microseconds, and
/// going to another thread for it and back takes more.
const READ_IN_PLACE: u64 = 64 * 1024;

/// How many threads of a process may wait for other processes. tokio has 512 for what blocks, and if waiting took them all, none
/// would be left to write the values that other processes wait for.
const WAITING_THREADS: usize = 64;

#[derive(Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    settings: Settings,
    /// Whether this process has already removed what killed ones have left.
    swept: AtomicBool,
    waiting: Arc<Semaphore>,
}

impl Files {
    pub(crate) fn new(folder: PathBuf, settings: Settings) -> Self {
        Self {
            folder,
            settings,
            swept: AtomicBool::new(false),
            waiting: Arc::new(Semaphore::new(WAITING_THREADS)),
        }
    }

    fn entries(&self) -> PathBuf {
        self.folder.join("entries")
    }

    fn flights(&self) -> PathBuf {
        self.folder.join("flights")
    }

    fn now(&self) -> Millis {
        self.settings.clock.now()
    }

    /// Makes the folder and the two below it, if they are missing.
    fn make_folders(&self) -> io::Result<()> {
        for folder in [&self.folder, &self.entries(), &self.flights()] {
            create_folder(folder)?;
        }
        Ok(())
    }

    pub(crate) async fn read(self: &Arc<Self>, key: &Key) -> Result<Option<Kept>, StoreError> {
        let path = self.entries().join(key.hash());
        let Some(length) = length(&path) else {
            return Ok(None);
        };
        let entry = if length <= READ_IN_PLACE {
            read(&path, key)
        } else {
            let key = key.clone();
            spawn_blocking(move || read(&path, &key))
                .await
                .unwrap_or_default()
        };
        Ok(entry.and_then(|entry| Kept::of(entry, self.now())))
    }

    pub(crate) async fn write(self: &Arc<Self>, key: &Key, value: &str) -> Result<(), StoreError> {
        let stamp = self.settings.stamp(self.now());
        let text = entry::encode(&stamp, key, value);
        let hash = key.hash().to_owned();
        self.blocking(move |files| {
            let written = files.make_folders().and_then(|()| files.put(&hash, &text));
            written.map_err(|source| StoreError::NotKept {
                path: files.folder.clone(),
                source: Arc::new(source),
            })
        })
        .await
    }

    pub(crate) async fn begin(&self, key: &Key) -> Result<Turn, StoreError> {
        let path = self.flights().join(key.hash());
        let turn = match self.make_folders() {
            Ok(()) => LockFile::begin(path.clone(), &self.waiting).await,
            Err(error) => Err(error),
        };
        Ok(turn.unwrap_or_else(|source| {
            Turn::Alone(StoreError::NotLocked {
                path,
                source: Arc::new(source),
            })
        }))
    }

    pub(crate) async fn len(self: &Arc<Self>) -> Result<usize, StoreError> {
        self.under_lock(|files| {
            let now = files.now();
            let names = files.names()?;
            Ok(names
                .iter()
                .filter_map(|name| files.stamp(name))
                .filter(|stamp| stamp.is_live(now))
                .count())
        })
        .await
    }

    /// Runs `act` where it may block, while nobody else writes.
    async fn under_lock<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.blocking(move |files| {
            let done = files.make_folders().and_then(|()| {
                let _lock = lock(&files.folder.join("lock"))?;
                act(files)
            });
            done.map_err(|source| StoreError::NotListed {
                path: files.folder.clone(),
                source: Arc::new(source),
            })
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let files = Arc::clone(self);
        spawn_blocking(move || act(&files))
            .await
            .unwrap_or_else(|error| {
                Err(StoreError::NotKept {
                    path: self.folder.clone(),
                    source: Arc::new(io::Error::other(error)),
                })
            })
    }

    /// Makes room, and puts the entry into its place.
    fn put(&self, hash: &str, text: &str) -> io::Result<()> {
        let _lock = lock(&self.folder.join("lock"))?;
        if !self.swept.swap(true, Ordering::Relaxed) {
            LockFile::sweep(&self.flights());
        }
        self.make_room(hash)?;
        let entry = self.entries().join(hash);
        replace(&entry, &self.folder.join("new"), text.as_bytes(), false)
    }

    /// Removes entries until one more may be written: those that have expired or are none, and then the oldest.
    fn make_room(&self, hash: &str) -> io::Result<()> {
        let mut names = self.names()?;
        names.retain(|name| name != hash);
        let most = self.settings.threshold.get() - 1;
        if names.len() <= most {
            return Ok(());
        }
        let now = self.now();
        let mut live = Vec::with_capacity(names.len());
        for name in names {
            match self.stamp(&name) {
                Some(stamp) if stamp.is_live(now) => live.push((stamp.written, name)),
                // A folder with an entry's name cannot be removed, and is none.
                _ => drop(remove(&self.entries().join(name))),
            }
        }
        live.sort_unstable();
        let excess = live.len().saturating_sub(most);
        for (_, name) in live.drain(..excess) {
            remove(&self.entries().join(name))?;
        }
        Ok(())
    }

    /// The names in the folder of entries, of those files that may be entries.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for file in fs::read_dir(self.entries())? {
            let name = file?.file_name();
            let name = name.to_str().filter(|name| {
                name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            names.extend(name.map(ToOwned::to_owned));
        }
        Ok(names)
    }

    /// What the first two lines of a file say.
    fn stamp(&self, name: &str) -> Option<Stamp> {
        let path = self.entries().join(name);
        length(&path)?;
        let mut head = Vec::with_capacity(256);
        let file = File::open(path).ok()?;
        file.take(entry::HEAD_LENGTH).read_to_end(&mut head).ok()?;
        entry::head(&head)
    }
}

/// The length of the file, if there is one. What is no file is not opened, because opening a pipe would wait for its other end.
fn length(path: &Path) -> Option<u64> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Some(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            unused(path, &Damage::Unreadable(error));
            None
        }
        Ok(_) => {
            unused(path, &Damage::Foreign);
            None
        }
    }
}

/// The entry of this key. Whatever else there may be is as good as nothing.
fn read(path: &Path, key: &Key) -> Option<Entry> {
    let entry = match fs::read(path) {
        Ok(bytes) => entry::decode(&bytes, key),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => Err(Damage::Unreadable(error)),
    };
    entry.map_err(|damage| unused(path, &damage)).ok()
}

fn unused(path: &Path, damage: &Damage) {
    tracing::warn!(
        "the cached value in {} is not used: {damage}",
        path.display()
    );
}
