//! Entries in Redis, for processes on several machines.
//!
//! ```text
//! shared-cache:<namespace>:entry:<hash>     an entry, as a file holds it; Redis lets it expire
//! shared-cache:<namespace>:written          sorted set of the hashes, by when they were written
//! shared-cache:<namespace>:expires          sorted set of the hashes, by when they expire
//! shared-cache:<namespace>:flight:<hash>    a computation that is under way: the token of its lease
//! shared-cache:<namespace>:ended:<token>    how a computation ended, for half a minute, for those who waited
//! ```
//!
//! Writing an entry and making room for it is one script, which Redis runs as one step: the limit holds whoever writes.
//! The time is that of Redis's machine, so that the clocks of the workers' machines need not agree.
//! The script names keys that it finds in the sorted sets, which Redis Cluster does not allow: the cache is on one server.

mod lease;
mod renewal;

use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::redis::{RedisResult, Script, pipe};
use storage::redis::{Connection, one, run};

pub(crate) use lease::Lease;

use crate::clock::{Clock, Millis};
use crate::entry::{self, Damage};
use crate::error::StoreError;
use crate::key::Key;
use crate::settings::Settings;
use crate::store::{Ended, Kept, Turn};
use renewal::Renewals;

/// Makes room, writes, and ends the lease.
static KEEP: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/keep.lua")));

/// No entry stays in Redis for longer, not even one that lives for ever.
const A_CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

#[derive(Debug)]
pub(crate) struct Redis {
    connection: Connection,
    renewals: Renewals,
    prefix: String,
    settings: Settings,
    /// What the server's clock showed, and when it was asked: each call has asked before it computes.
    time: Mutex<(Millis, Instant)>,
}

impl Redis {
    /// Connects, and asks the server for the time: it is there, and lets us in.
    pub(crate) async fn connect(
        address: &str,
        namespace: &str,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let connection = Connection::open(address, &[&KEEP, &lease::END]).await?;
        let redis = Self {
            renewals: Renewals::new(connection.clone()),
            connection,
            prefix: format!("shared-cache:{namespace}:"),
            settings,
            time: Mutex::new((0, Instant::now())),
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
        Ok(self.set_time(time))
    }

    fn set_time(&self, (seconds, micros): Time) -> Millis {
        let now = seconds * 1000 + micros / 1000;
        *self.time.lock().unwrap_or_else(PoisonError::into_inner) = (now, Instant::now());
        now
    }

    /// What the server's clock shows, without asking: what it showed, and the time since then.
    fn now(&self) -> Millis {
        match &self.settings.clock {
            Clock::System => {
                let (then, asked) = *self.time.lock().unwrap_or_else(PoisonError::into_inner);
                then + crate::clock::millis(asked.elapsed())
            }
            clock @ Clock::Manual(_) => clock.now(),
        }
    }

    pub(crate) async fn read(&self, key: &Key) -> Result<Option<Kept>, StoreError> {
        let name = self.entry(key.hash());
        let (bytes, time): (RedisResult<Option<Vec<u8>>>, RedisResult<Time>) = self
            .connection
            .ask(pipe().get(&name).cmd("TIME").ignore_errors())
            .await?;
        self.set_time(time.map_err(|error| self.connection.failed(error))?);
        let entry = match bytes {
            Ok(None) => return Ok(None),
            Ok(Some(bytes)) => entry::decode(&bytes, key),
            // Something else has this name: a list, for example.
            Err(error) if error.code() == Some("WRONGTYPE") => Err(Damage::Foreign),
            Err(error) => return Err(self.connection.failed(error).into()),
        };
        let entry = entry
            .map_err(|damage| tracing::warn!("the cached value in {name} is not used: {damage}"));
        Ok(entry.ok().and_then(|entry| Kept::of(entry, self.now())))
    }

    /// Keeps a value, and ends the lease of the call that has computed it.
    pub(crate) async fn write(
        &self,
        key: &Key,
        value: &str,
        lease: Option<&mut Lease>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let stamp = self.settings.stamp(now);
        // Redis refuses an expiry of nothing at all, and one that its clock cannot count. The entry's own end is what counts.
        let ttl = self.settings.ttl.clamp(Duration::from_millis(1), A_CENTURY);
        let (name, token, outcome) = match &lease {
            Some(lease) => (&*lease.name, &*lease.token, &*lease.outcome),
            None => ("", "", ""),
        };
        let entry = self.entry(key.hash());
        let (written, expires) = (self.index("written"), self.index("expires"));
        let mut keep = run(&KEEP, &[&entry, &written, &expires, name, outcome]);
        keep.arg(self.entry("")).arg(key.hash());
        keep.arg(entry::encode(&stamp, key, value)).arg(now);
        keep.arg(stamp.expires).arg(crate::clock::millis(ttl));
        keep.arg(self.settings.threshold.get()).arg(token);
        keep.arg(Ended::Done.to_json()).arg(lease::outcome_ttl());
        if let Some(lease) = &lease {
            lease.stop();
        }
        let ((),) = self.connection.ask(&one(keep)).await?;
        if let Some(lease) = lease {
            lease.ended = true;
        }
        Ok(())
    }

    pub(crate) async fn begin(&self, key: &Key) -> Result<Turn, StoreError> {
        let name = self.name("flight", key.hash());
        let (connection, renewals) = (self.connection.clone(), self.renewals.clone());
        Lease::begin(connection, renewals, name, self.index("ended:")).await
    }

    pub(crate) async fn len(&self) -> Result<usize, StoreError> {
        let now = match &self.settings.clock {
            Clock::System => self.server_time().await?,
            clock @ Clock::Manual(_) => clock.now(),
        };
        let after = format!("({now}");
        let (live,) = self
            .connection
            .ask(pipe().zcount(self.index("expires"), after, "+inf"))
            .await?;
        Ok(live)
    }
}

/// What `TIME` answers: seconds since 1970, and microseconds.
type Time = (u64, u64);
