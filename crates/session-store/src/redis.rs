//! A key for each session, on a Redis server that the workers of several machines share.
//!
//! The server does not run our `change`. So an update reads the entry, computes the new one, and asks the server to write it if
//! the key still holds, byte for byte, what was read: a script, which the server runs as one step. If another worker was faster the
//! script writes nothing and answers what the key holds now, and the update begins again from that. One of those that
//! compete always gets through.

use std::{fmt, io, sync::Arc, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, IntoConnectionInfo, RedisError, Script,
    aio::MultiplexedConnection,
};
use tokio::{sync::Mutex, time::timeout};

use crate::{Backend, BoxFuture, Change, Entry, Error, Outcome, Place, SessionName};

/// How long to wait for a connection; and, once there is one, for an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How often an update begins again before it gives up.
const ATTEMPTS: u32 = 1000;

// ANCHOR: replace
/// Writes ARGV[2] if the key holds ARGV[1] or, if that is empty, does not exist. ARGV[3] is when it expires, in milliseconds since 1970,
/// or empty. Answers nothing if it has written, otherwise what the key holds, which is empty if it does not exist.
const REPLACE: &str = "
local kept = redis.call('GET', KEYS[1]) or ''
if kept ~= ARGV[1] then
    return kept
end
if ARGV[3] == '' then
    redis.call('SET', KEYS[1], ARGV[2])
else
    redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
end
return false
";
// ANCHOR_END: replace

/// A Redis server with one key for each session.
#[derive(Clone)]
pub struct Redis {
    server: Arc<str>,
    prefix: Arc<str>,
    client: Client,
    replace: Arc<Script>,
    connection: Arc<Mutex<Option<MultiplexedConnection>>>,
}

impl fmt::Debug for Redis {
    // The client knows the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("server", &self.server)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl Redis {
    /// Connects to the server at this address; all keys will begin with `prefix`.
    ///
    /// # Errors
    ///
    /// If the address makes no sense, or no server answers there within two seconds.
    pub async fn open(address: &str, prefix: impl Into<Arc<str>>) -> Result<Self, Error> {
        let address_error = |error: RedisError| Error::Address {
            reason: error.to_string(),
        };
        let info = address.into_connection_info().map_err(address_error)?;
        let redis = Self {
            server: shown(&info).into(),
            prefix: prefix.into(),
            client: Client::open(info).map_err(address_error)?,
            replace: Arc::new(Script::new(REPLACE)),
            connection: Arc::default(),
        };
        redis.connect().await?;
        Ok(redis)
    }

    /// The connection that all calls of this process share; a new one if the last one broke. Who waits for another call to connect
    /// waits no longer than that call.
    async fn connect(&self) -> Result<MultiplexedConnection, Error> {
        let too_late = |_| io::Error::from(io::ErrorKind::TimedOut);
        match timeout(CONNECT_TIMEOUT, self.connect_in_turn())
            .await
            .map_err(too_late)
        {
            Ok(connected) => connected,
            Err(error) => Err(Error::Unreachable {
                server: self.server.to_string(),
                source: error.into(),
            }),
        }
    }

    async fn connect_in_turn(&self) -> Result<MultiplexedConnection, Error> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(CONNECT_TIMEOUT));
        let connected = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await
            .map_err(|source| Error::Unreachable {
                server: self.server.to_string(),
                source,
            })?;
        Ok(connection.insert(connected).clone())
    }

    /// Says what went wrong, and drops a connection that broke, so that the next call makes a new one.
    async fn failed(&self, source: RedisError) -> Error {
        if breaks_connection(&source) {
            *self.connection.lock().await = None;
        }
        Error::Server {
            server: self.server.to_string(),
            source,
        }
    }

    /// Sends a command that may be sent twice. The connection may have broken since its last use, while the server is there
    /// again: then a new connection has the answer.
    async fn query<T: redis::FromRedisValue>(&self, command: Cmd) -> Result<T, Error> {
        let mut connection = self.connect().await?;
        match command.query_async(&mut connection).await {
            Err(error) if breaks_connection(&error) && !error.is_timeout() => {
                *self.connection.lock().await = None;
                let mut connection = self.connect().await?;
                match command.query_async(&mut connection).await {
                    Ok(answer) => Ok(answer),
                    Err(error) => Err(self.failed(error).await),
                }
            }
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.failed(error).await),
        }
    }

    /// What the key holds, byte for byte; empty if it does not exist.
    async fn fetch(&self, name: &SessionName) -> Result<String, Error> {
        let kept: Option<String> = self.query(Cmd::get(self.key(name))).await?;
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
        let mut connection = self.connect().await?;
        let answer = self
            .replace
            .key(self.key(name))
            .arg(kept)
            .arg(entry.to_json())
            .arg(expires.unwrap_or_default())
            .invoke_async(&mut connection)
            .await;
        match answer {
            Ok(other) => Ok(other),
            Err(error) => Err(self.failed(error).await),
        }
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
        Box::pin(self.query(Cmd::del(self.key(name))))
    }

    /// The server removes by itself what has expired.
    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>> {
        Box::pin(std::future::ready(Ok(0)))
    }

    fn place(&self, name: &SessionName) -> Place {
        Place::Key {
            key: self.key(name),
            server: self.server.to_string(),
        }
    }
}

/// The server's address without user and password.
fn shown(info: &ConnectionInfo) -> String {
    format!("redis://{}/{}", info.addr(), info.redis_settings().db())
}

fn breaks_connection(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}
