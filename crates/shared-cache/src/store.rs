//! Where entries are kept, and how calls of several processes take turns: files, or Redis.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::entry::{Entry, Stamp};
use crate::error::{Failure, StoreError};
use crate::files::{self, Files};
use crate::found::Writer;
use crate::key::Key;
#[cfg(feature = "redis")]
use crate::redis::{self, Redis};
use crate::settings::Settings;

#[derive(Clone, Debug)]
pub(crate) enum Store {
    Files(Arc<Files>),
    #[cfg(feature = "redis")]
    Redis(Arc<Redis>),
}

/// A value in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// As JSON.
    pub(crate) value: String,
    pub(crate) age: Duration,
    pub(crate) writer: Writer,
}

impl Kept {
    /// The entry's value, if it is still live.
    pub(crate) fn of(entry: Entry, now: Millis) -> Option<Self> {
        let age = Duration::from_millis(now.saturating_sub(entry.stamp.written));
        entry.stamp.is_live(now).then_some(Self {
            value: entry.value,
            age,
            writer: entry.stamp.writer,
        })
    }
}

impl Settings {
    /// The stamp of an entry that is written now.
    pub(crate) fn stamp(&self, now: Millis) -> Stamp {
        Stamp {
            written: now,
            expires: now.saturating_add(crate::clock::millis(self.ttl)),
            writer: self.writer(),
        }
    }
}

/// What a call may do when it has asked for its turn.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Compute, while the calls of other processes wait. `waited` says whether this one has waited for them before.
    Ours { flight: Flight, waited: bool },
    /// Take what another process has computed in the meantime, or its failure.
    Theirs(Result<(), Failure>),
    /// Compute without anyone waiting, because no lock can be had.
    Alone(StoreError),
}

/// How a flight ended, as those read it who waited for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ended {
    /// The value was computed.
    Done,
    /// The computation failed.
    Failed(Failure),
    /// The computation was given up: its caller did not want the value any more.
    Abandoned,
}

/// The right to compute the value of a key, which one call has among all processes. Dropped, it is another's turn.
#[derive(Debug)]
pub(crate) enum Flight {
    Files(files::Flight),
    #[cfg(feature = "redis")]
    Redis(redis::Flight),
}

impl Flight {
    /// Runs a computation, and keeps the right for as long as that takes.
    pub(crate) async fn during<T>(&self, computation: impl Future<Output = T>) -> T {
        match self {
            // The kernel keeps it, for as long as this process lives.
            Self::Files(_) => computation.await,
            #[cfg(feature = "redis")]
            Self::Redis(flight) => flight.during(computation).await,
        }
    }

    /// Ends the flight, and wakes those who wait for it.
    pub(crate) async fn end(self, ended: Ended) {
        match self {
            Self::Files(flight) => flight.end(&ended),
            #[cfg(feature = "redis")]
            Self::Redis(flight) => flight.end(&ended).await,
        }
    }
}

macro_rules! each {
    ($store:expr, $each:ident => $call:expr) => {
        match $store {
            Store::Files($each) => $call,
            #[cfg(feature = "redis")]
            Store::Redis($each) => $call,
        }
    };
}

impl Store {
    /// The live entry of this key. What is not one is no error, but a miss and a warning in the log.
    pub(crate) async fn read(&self, key: &Key) -> Result<Option<Kept>, StoreError> {
        each!(self, store => store.read(key).await)
    }

    /// Keeps a value, after making room for it.
    pub(crate) async fn write(&self, key: &Key, value: &str) -> Result<(), StoreError> {
        each!(self, store => store.write(key, value).await)
    }

    /// Waits until no other process computes this key's value.
    pub(crate) async fn begin(&self, key: &Key) -> Result<Turn, StoreError> {
        each!(self, store => store.begin(key).await)
    }

    /// How many entries are live.
    pub(crate) async fn len(&self) -> Result<usize, StoreError> {
        each!(self, store => store.len().await)
    }
}
