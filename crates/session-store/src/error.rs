//! Why a session could not be read or written.

use std::{io, path::PathBuf};

use crate::Place;

/// Why a session could not be read or written.
///
/// The text says what it was about and what to do. It names files and addresses, never a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot {action} {}: {source}; {}", path.display(), remedy(source))]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something is kept, and it is not what a store writes.
    #[error("the {place} holds no session: {reason}; remove it, and the session begins anew")]
    Damaged {
        /// Where.
        place: Place,
        /// What is wrong with it.
        reason: String,
    },
    /// The database refused.
    #[cfg(feature = "sqlite")]
    #[error("the database {} failed: {source}; check that it is a SQLite database that this user may write, on a disk with room", path.display())]
    Database {
        /// Its file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Another process did not let go of the database.
    #[cfg(feature = "sqlite")]
    #[error("the database {} was locked by another process for {seconds} s; end what holds it, and try again", path.display())]
    DatabaseBusy {
        /// Its file.
        path: PathBuf,
        /// How long this process waited.
        seconds: u64,
    },
    /// The Redis server cannot be reached, or failed.
    #[cfg(feature = "redis")]
    #[error(transparent)]
    Redis(#[from] storage::redis::Error),
    /// Others wrote the session, again and again, between this update's reading and its writing.
    #[error("the {place} was changed by others in each of {attempts} attempts; try again")]
    Contended {
        /// Where.
        place: Place,
        /// How often it was tried.
        attempts: u32,
    },
    /// The program was built without this store.
    #[error(
        "this program was built without the feature `{feature}`, which --store {kind} needs; build it with `--features {feature}`"
    )]
    FeatureMissing {
        /// The store.
        kind: &'static str,
        /// The Cargo feature that brings it.
        feature: &'static str,
    },
    /// The runtime ended before the work began.
    #[error("the program is ending and takes no more work")]
    Ending,
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk, or choose another folder with --data"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "let the user who runs the app write there, or choose another folder with --data"
        }
        _ => "check the folder, or choose another one with --data",
    }
}
