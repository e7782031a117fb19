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
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// As JSON.
    pub(crate) value: String,
    pub(crate) age: Duration,
    pub(crate) writer: Writer,
    /// Why it is not in the cache, if it is not.
    pub(crate) warning: Option<StoreError>,
}

impl Kept {
    /// The entry's value, if it is still live.
    pub(crate) fn of(entry: Entry, now: Millis) -> Option<Self> {
        let age = Duration::from_millis(now.saturating_sub(entry.stamp.written));
        entry.stamp.is_live(now).then_some(Self {
            value: entry.value,
            age,
            writer: entry.stamp.writer,
            warning: None,
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
    /// Take what another process has computed in the meantime, or its failure. `None` says that it is in the cache.
    Theirs(Result<Option<Kept>, Failure>),
    /// Compute without anyone waiting, because no lock can be had.
    Alone(StoreError),
}

/// How a flight ended, as those read it who waited for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ended {
    /// The value was computed, and is in the cache.
    Done,
    /// The value was computed, and could not be kept: those who waited get it from here.
    Unkept {
        value: String,
        writer: Writer,
        warning: String,
    },
    /// The computation failed.
    Failed(Failure),
    /// The computation was given up: its caller did not want the value any more.
    Abandoned,
}

impl Ended {
    /// What this means for a call that waited; `None` if it is to try for its own turn again.
    pub(crate) fn turn(self) -> Option<Turn> {
        match self {
            Self::Done => Some(Turn::Theirs(Ok(None))),
            Self::Unkept {
                value,
                writer,
                warning,
            } => Some(Turn::Theirs(Ok(Some(Kept {
                value,
                age: Duration::ZERO,
                writer,
                warning: Some(StoreError::Elsewhere(warning)),
            })))),
            Self::Failed(failure) => Some(Turn::Theirs(Err(failure))),
            Self::Abandoned => None,
        }
    }

    pub(crate) fn to_json(&self) -> String {
        // Text and numbers are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The right to compute the value of a key, which one call has among all processes. Dropped, it is another's turn.
#[derive(Debug)]
pub(crate) enum Flight {
    Files(files::LockFile),
    #[cfg(feature = "redis")]
    Redis(redis::Lease),
}

impl Flight {
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

    /// Keeps a value, after making room for it. In Redis the same step ends the call's turn.
    pub(crate) async fn write(
        &self,
        key: &Key,
        value: &str,
        #[cfg_attr(
            not(feature = "redis"),
            expect(unused_variables, reason = "files end a turn apart from the write")
        )]
        flight: Option<&mut Flight>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Files(store) => store.write(key, value).await,
            #[cfg(feature = "redis")]
            Self::Redis(store) => {
                let lease = flight.and_then(|flight| match flight {
                    Flight::Redis(lease) => Some(lease),
                    Flight::Files(_) => None,
                });
                store.write(key, value, lease).await
            }
        }
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
