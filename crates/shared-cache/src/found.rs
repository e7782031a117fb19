//! What a call of a memoized function gives.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// A value, and how it was come by.
#[derive(Clone, Debug)]
pub struct Found<V> {
    /// The value.
    pub value: V,
    /// Whether it was there, was computed, or was waited for.
    pub origin: Origin,
    /// How long ago the value was computed; nothing, if this call computed it.
    pub age: Duration,
    /// Who computed it.
    pub computed_by: Writer,
    /// Why the value, although it was computed, is not in the cache now, or why others could not wait for it: the disk is full, the
    /// folder is not writable. It is in the log too.
    pub warning: Option<StoreError>,
}

/// How a value was come by. It displays as `hit`, `miss` or `wait`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// It was in the cache.
    Hit,
    /// This call computed it.
    Miss,
    /// Another call was computing it, in this process or in another, and this one waited for that.
    Wait,
}

impl Origin {
    /// `hit`, `miss` or `wait`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Wait => "wait",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who computed a value. It displays as `worker 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Writer {
    /// The worker's number, as the [`Settings`](crate::Settings) of its cache say.
    pub worker: u32,
    /// The process's id, on the machine on which it ran.
    pub process: u32,
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "worker {}", self.worker)
    }
}
