//! What can go wrong.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::found::Writer;
use crate::key::KeyError;

/// Why a call of a memoized function has no value. `E` is what the function itself fails with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error<E> {
    /// This call computed, and that failed. It is not cached: the next call computes anew.
    #[error("{0}")]
    Computation(E),
    /// The computation that this call waited for failed.
    #[error(transparent)]
    Waited(Failure),
    /// The arguments cannot be a key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The cache cannot be asked. Files never cause this: a value whose file cannot be read is computed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a computation failed that others waited for, as they are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("what this call waited for failed in {writer}: {message}")]
pub struct Failure {
    /// The error of the computation, as it displays.
    pub message: String,
    /// Whose computation failed.
    pub writer: Writer,
}

/// Why a cache cannot be used. Each displays as one sentence.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// An entry could not be written: the disk is full, or the folder is missing and cannot be made, or is not writable.
    #[error("the value is not kept, because {path} cannot be written: {source}", path = .path.display())]
    NotKept {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The file by which calls wait for each other could not be made or locked. The value is computed, by each caller for itself.
    #[error("nobody can wait for this value, because {path} cannot be locked: {source}", path = .path.display())]
    NotLocked {
        /// The lock's file.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The folder cannot be listed.
    #[error("the entries in {path} cannot be listed: {source}", path = .path.display())]
    NotListed {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The value would not be the same when it is read: a number that is not finite, `Some(None)`, a map whose keys are not text.
    #[error("the value is not kept, because JSON cannot hold it: {reason}")]
    NotJson {
        /// What is lost.
        reason: String,
    },
    /// Another process has computed the value and could not keep it. This is what it said.
    #[error("{0}")]
    Elsewhere(String),
    /// The Redis server cannot be reached, or failed.
    #[cfg(feature = "redis")]
    #[error("the cache cannot be asked: {0}")]
    Redis(#[from] storage::redis::Error),
}
