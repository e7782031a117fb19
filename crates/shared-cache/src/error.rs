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
    /// The value cannot be kept, because JSON cannot hold it: a map whose keys are not text, for example.
    #[error("the value cannot be kept, because it cannot be written as JSON: {0}")]
    Value(Arc<serde_json::Error>),
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
    /// The address of a Redis server is not one.
    #[cfg(feature = "redis")]
    #[error("this is not the address of a Redis server, such as redis://127.0.0.1:6379: {source}")]
    RedisAddress {
        /// What is wrong with it.
        source: Arc<redis::RedisError>,
    },
    /// The Redis server did not answer, or refused.
    #[cfg(feature = "redis")]
    #[error("the cache cannot be asked: Redis at {address}: {source}")]
    Redis {
        /// Host and port, or the path of the socket.
        address: String,
        /// What the client says.
        source: Arc<redis::RedisError>,
    },
}
