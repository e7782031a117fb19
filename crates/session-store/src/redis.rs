//! A key for each session, on a Redis server that the workers of several machines share.
//!
//! The server does not run our `change`. So an update reads the entry, computes the new one, and asks the server to write it if
//! the key still holds, byte for byte, what was read: a script, which the server runs as one step. If another worker was faster the
//! script writes nothing and answers what the key holds now, and the update begins again from that. One of those that
//! compete always gets through.

use std::sync::{Arc, LazyLock};

use redis::{Cmd, Script};
use storage::redis::{Connection, one, run};

use crate::{Backend, BoxFuture, Change, Entry, Error, Outcome, Place, SessionName};

/// How often an update begins again before it gives up.
const ATTEMPTS: u32 = 1000;

// ANCHOR: replace
/// Writes ARGV[2] if the key holds ARGV[1] or, if that is empty, does not exist. ARGV[3] is when it expires, in milliseconds since 1970,
/// or empty. Answers nothing if it has written, otherwise what the key holds, which is empty if it does not exist.
static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "
local kept = redis.call('GET', KEYS[1]) or ''
if kept ~= ARGV[1] then
    return kept
end
redis.call('SET', KEYS[1], ARGV[2])
if ARGV[3] ~= '' then
    redis.call('PEXPIREAT', KEYS[1], ARGV[3])
end
return false
",
    )
});
// ANCHOR_END: replace

/// A Redis server with one key for each session.
#[derive(Clone, Debug)]
pub struct Redis {
    connection: Connection,
    prefix: Arc<str>,
}

impl Redis {
    /// Connects to the server at this address; all keys will begin with `prefix`.
    ///
    /// # Errors
    ///
    /// If the address makes no sense, or no server answers there within two seconds.
    pub async fn open(address: &str, prefix: impl Into<Arc<str>>) -> Result<Self, Error> {
        Ok(Self {
            connection: Connection::open(address, &[&REPLACE]).await?,
            prefix: prefix.into(),
        })
    }

    /// What the key holds, byte for byte; empty if it does not exist.
    async fn fetch(&self, name: &SessionName) -> Result<String, Error> {
        let get = one(Cmd::get(self.key(name)));
        let (kept,): (Option<String>,) = self.connection.ask(&get).await?;
        Ok(kept.unwrap_or_default())
    }

    /// Writes an entry if the key still holds `kept`; otherwise it answers what it holds.
    ///
    /// It is sent once only. If the answer is lost nobody knows whether it was written, and a second time might write over what
    /// another worker has read and written since.
    async fn replace(
        &self,
        name: &SessionName,
        kept: &str,
        entry: &Entry,
    ) -> Result<Option<String>, Error> {
        let expires = entry
            .expires
            .map(|time| (time.unix_timestamp_nanos() / 1_000_000).to_string());
        let mut replace = run(&REPLACE, &[&self.key(name)]);
        replace.arg(kept);
        replace.arg(entry.to_json());
        replace.arg(expires.unwrap_or_default());
        let (other,) = self.connection.ask_once(&one(replace)).await?;
        Ok(other)
    }

    fn key(&self, name: &SessionName) -> String {
        format!("{}{}", self.prefix, name.key())
    }

    /// Reads an entry, expired or not, of what the key holds.
    fn parse(&self, name: &SessionName, kept: &str) -> Result<Option<Entry>, Error> {
        if kept.is_empty() {
            return Ok(None);
        }
        let entry = serde_json::from_str(kept);
        entry.map(Some).map_err(|error| Error::Damaged {
            place: self.place(name),
            reason: error.to_string(),
        })
    }
}

impl Backend for Redis {
    fn update<'a>(
        &'a self,
        name: &'a SessionName,
        mut change: Change,
    ) -> BoxFuture<'a, Result<Outcome, Error>> {
        Box::pin(async move {
            let mut kept = self.fetch(name).await?;
            for _ in 0..ATTEMPTS {
                let outcome = Outcome::of(self.parse(name, &kept)?, &mut change);
                let Some(entry) = &outcome.written else {
                    return Ok(outcome);
                };
                match self.replace(name, &kept, entry).await? {
                    None => return Ok(outcome),
                    Some(other) => kept = other,
                }
            }
            Err(Error::Contended {
                place: self.place(name),
                attempts: ATTEMPTS,
            })
        })
    }

    fn get<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>> {
        Box::pin(async move {
            let kept = self.fetch(name).await?;
            Ok(self.parse(name, &kept)?.filter(Entry::is_live))
        })
    }

    fn remove<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let delete = one(Cmd::del(self.key(name)));
            let (_,): (u32,) = self.connection.ask(&delete).await?;
            Ok(())
        })
    }

    /// The server removes by itself what has expired.
    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>> {
        Box::pin(std::future::ready(Ok(0)))
    }

    fn place(&self, name: &SessionName) -> Place {
        Place::Key {
            key: self.key(name),
            server: self.connection.server().to_owned(),
        }
    }
}
