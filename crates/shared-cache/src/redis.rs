//! Entries in Redis, for processes on several machines.
//!
//! ```text
//! shared-cache:<namespace>:entry:<hash>     an entry, as a file holds it; Redis lets it expire
//! shared-cache:<namespace>:written          sorted set of the hashes, by when they were written
//! shared-cache:<namespace>:expires          sorted set of the hashes, by when they expire
//! shared-cache:<namespace>:flight:<hash>    a computation that is under way: the token of its flight
//! shared-cache:<namespace>:ended:<token>    how a flight ended, for half a minute, for those who waited
//! ```
//!
//! Writing an entry and making room for it is one script, which Redis runs as one step: the limit holds whoever writes.
//! The time is that of Redis's machine, so that the clocks of the workers' machines need not agree.
//! The script names keys that it finds in the sorted sets, which Redis Cluster does not allow: the cache is on one server.

mod connection;
mod flight;

use std::time::Duration;

use ::redis::{RedisResult, pipe};

pub(crate) use flight::Flight;

use crate::clock::{Clock, Millis};
use crate::entry::{self, Damage, Entry};
use crate::error::StoreError;
use crate::key::Key;
use crate::settings::Settings;
use crate::store::{Kept, Turn};
use connection::Connection;

/// Makes room and writes.
const KEEP: &str = include_str!("redis/keep.lua");

/// No entry stays in Redis for longer, not even one that lives for ever.
const A_CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

#[derive(Debug)]
pub(crate) struct Redis {
    connection: Connection,
    prefix: String,
    settings: Settings,
}

impl Redis {
    /// Connects, and asks the server for the time: it is there, and lets us in.
    pub(crate) async fn connect(
        address: &str,
        namespace: &str,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let redis = Self {
            connection: Connection::new(address)?,
            prefix: format!("shared-cache:{namespace}:"),
            settings,
        };
        redis.server_time().await?;
        Ok(redis)
    }

    fn name(&self, kind: &str, rest: &str) -> String {
        format!("{}{kind}:{rest}", self.prefix)
    }

    fn entry(&self, hash: &str) -> String {
        self.name("entry", hash)
    }

    fn index(&self, by: &str) -> String {
        format!("{}{by}", self.prefix)
    }

    async fn server_time(&self) -> Result<Millis, StoreError> {
        let (time,): (Time,) = self.connection.ask(pipe().cmd("TIME")).await?;
        Ok(millis(time))
    }

    async fn now(&self) -> Result<Millis, StoreError> {
        match &self.settings.clock {
            Clock::System => self.server_time().await,
            clock @ Clock::Manual(_) => Ok(clock.now()),
        }
    }

    /// The entry of this key, live or not, and the time.
    async fn find(&self, key: &Key) -> Result<Option<(Entry, Millis)>, StoreError> {
        let name = self.entry(key.hash());
        let (bytes, time): (RedisResult<Option<Vec<u8>>>, RedisResult<Time>) = self
            .connection
            .ask(pipe().get(&name).cmd("TIME").ignore_errors())
            .await?;
        let now = match &self.settings.clock {
            Clock::System => millis(time.map_err(|error| self.connection.error(error))?),
            clock @ Clock::Manual(_) => clock.now(),
        };
        let entry = match bytes {
            Ok(None) => return Ok(None),
            Ok(Some(bytes)) => entry::decode(&bytes, key),
            // Something else has this name: a list, for example.
            Err(error) if error.code() == Some("WRONGTYPE") => Err(Damage::Foreign),
            Err(error) => return Err(self.connection.error(error)),
        };
        let entry = entry
            .map_err(|damage| tracing::warn!("the cached value in {name} is not used: {damage}"));
        Ok(entry.ok().map(|entry| (entry, now)))
    }

    pub(crate) async fn read(&self, key: &Key) -> Result<Option<Kept>, StoreError> {
        let found = self.find(key).await?;
        Ok(found.and_then(|(entry, now)| Kept::of(entry, now)))
    }

    pub(crate) async fn write(&self, key: &Key, value: &str) -> Result<(), StoreError> {
        let now = self.now().await?;
        let stamp = self.settings.stamp(now);
        // Redis refuses an expiry of nothing at all, and one that its clock cannot count. The entry's own end is what counts.
        let ttl = self.settings.ttl.clamp(Duration::from_millis(1), A_CENTURY);
        self.connection
            .ask(
                pipe()
                    .cmd("EVAL")
                    .arg(KEEP)
                    .arg(3)
                    .arg(self.entry(key.hash()))
                    .arg(self.index("written"))
                    .arg(self.index("expires"))
                    .arg(self.entry(""))
                    .arg(key.hash())
                    .arg(entry::encode(&stamp, key, value))
                    .arg(now)
                    .arg(stamp.expires)
                    .arg(crate::clock::millis(ttl))
                    .arg(self.settings.threshold.get())
                    .ignore(),
            )
            .await
    }

    pub(crate) async fn begin(&self, key: &Key) -> Result<Turn, StoreError> {
        let flight = self.name("flight", key.hash());
        Flight::begin(self.connection.clone(), flight, self.index("ended:")).await
    }

    pub(crate) async fn len(&self) -> Result<usize, StoreError> {
        let after = format!("({}", self.now().await?);
        let (live,) = self
            .connection
            .ask(pipe().zcount(self.index("expires"), after, "+inf"))
            .await?;
        Ok(live)
    }
}

/// What `TIME` answers: seconds since 1970, and microseconds.
type Time = (u64, u64);

fn millis((seconds, micros): Time) -> Millis {
    seconds * 1000 + micros / 1000
}
