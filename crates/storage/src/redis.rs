//! The connection of one process to a Redis server: made at the start, shared by all calls, and made again when it breaks.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{
    Client, Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, FromRedisValue, IntoConnectionInfo,
    Pipeline, RedisError, RedisResult, Script, ServerErrorKind, cmd, pipe,
};

/// How long the server may take to accept a connection, and to answer. A person at a page should not wait longer to learn that it
/// is gone.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// Why a Redis server cannot be used. Each displays as one sentence, which names the server and never a password.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is not one that Redis has.
    #[error(
        "the address of the Redis server makes no sense: {reason}; it looks like redis://127.0.0.1:6379/0"
    )]
    Address {
        /// What is wrong with it.
        reason: String,
    },
    /// The address asks for an encrypted connection, which this program was built without.
    #[error(
        "this program was built without the feature `tls`, which rediss:// needs; build it with `--features tls`, or \
         give an address that begins with redis://"
    )]
    NoTls,
    /// There is no connection to the server at the start.
    #[error(
        "no Redis server answers at {server} ({source}); start it, or give the address of another one"
    )]
    Unreachable {
        /// Its address, without a password.
        server: Arc<str>,
        /// What the connection said.
        source: RedisError,
    },
    /// The server was asked, and did not do it.
    #[error("the Redis server at {server} failed: {source}; try again once it is well")]
    Failed {
        /// Its address, without a password.
        server: Arc<str>,
        /// What it said.
        source: RedisError,
    },
}

/// The connection of this process. Its clones are the same one: their requests go out one after the other, without waiting for
/// each other's answers.
#[derive(Clone)]
pub struct Connection(Arc<Shared>);

struct Shared {
    server: Arc<str>,
    client: Client,
    scripts: Vec<Script>,
    manager: ConnectionManager,
}

impl fmt::Debug for Connection {
    // The client knows the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.0.server).finish()
    }
}

impl Connection {
    /// Connects to the server at this address, and gives it the scripts that later calls will name by their hashes.
    ///
    /// # Errors
    ///
    /// If the address makes no sense, or no server answers there within two seconds, or it does not let us in.
    pub async fn open(address: &str, scripts: &[&Script]) -> Result<Self, Error> {
        if cfg!(not(feature = "tls")) && address.starts_with("rediss:") {
            return Err(Error::NoTls);
        }
        let address_error = |error: RedisError| Error::Address {
            reason: error.to_string(),
        };
        let info = address.into_connection_info().map_err(address_error)?;
        let server: Arc<str> = shown(&info).into();
        let client = Client::open(info).map_err(address_error)?;
        // No retry here: the next call makes another attempt.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let unreachable = |source| Error::Unreachable {
            server: Arc::clone(&server),
            source,
        };
        let manager = ConnectionManager::new_with_config(client.clone(), config)
            .await
            .map_err(unreachable)?;
        let scripts = scripts.iter().copied().cloned().collect();
        let connection = Self(Arc::new(Shared {
            server: Arc::clone(&server),
            client,
            scripts,
            manager,
        }));
        connection.load_scripts().await.map_err(unreachable)?;
        Ok(connection)
    }

    /// The server's address without user and password, and the number of its database.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.0.server
    }

    /// For another connection of the same kind.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Sends commands in one go and reads their answers. The commands must be safe to send twice. The connection may have been lost since
    /// its last use although the server is back: then they are sent again on a new connection.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, does not answer within two seconds, or refuses one of the commands.
    pub async fn ask<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        let began = Instant::now();
        let mut answer = self.try_ask(commands).await;
        // A slow failure does not come from a connection that was lost before, so it is not repeated.
        if answer.as_ref().is_err_and(is_lost) && began.elapsed() < TIMEOUT {
            answer = self.try_ask(commands).await;
        }
        answer.map_err(|error| self.failed(error))
    }

    /// Sends commands once only: if the answer is lost, nobody knows whether they were carried out.
    ///
    /// # Errors
    ///
    /// Those of [`ask`](Self::ask).
    pub async fn ask_once<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        let answer = self.try_ask(commands).await;
        answer.map_err(|error| self.failed(error))
    }

    /// What the server said, with its address.
    #[must_use]
    pub fn failed(&self, source: RedisError) -> Error {
        Error::Failed {
            server: Arc::clone(&self.0.server),
            source,
        }
    }

    async fn try_ask<T: FromRedisValue>(&self, commands: &Pipeline) -> RedisResult<T> {
        let mut manager = self.0.manager.clone();
        match commands.query_async(&mut manager).await {
            // A restarted server has forgotten the scripts, and has run none.
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.load_scripts().await?;
                commands.query_async(&mut manager).await
            }
            answer => answer,
        }
    }

    async fn load_scripts(&self) -> RedisResult<()> {
        let mut manager = self.0.manager.clone();
        for script in &self.0.scripts {
            script.load_async(&mut manager).await?;
        }
        Ok(())
    }
}

/// The command that runs a script which the server has been given.
///
/// ```
/// use redis::Script;
///
/// let script = Script::new("return ARGV[1]");
/// let mut command = storage::redis::run(&script, &["a key"]);
/// command.arg("an argument");
/// ```
#[must_use]
pub fn run(script: &Script, keys: &[&str]) -> Cmd {
    let mut command = cmd("EVALSHA");
    command.arg(script.get_hash()).arg(keys.len()).arg(keys);
    command
}

/// One command, as [`Connection::ask`] wants it.
#[must_use]
pub fn one(command: Cmd) -> Pipeline {
    let mut commands = pipe();
    commands.add_command(command);
    commands
}

fn shown(info: &ConnectionInfo) -> String {
    let scheme = match info.addr() {
        ConnectionAddr::TcpTls { .. } => "rediss",
        _ => "redis",
    };
    let database = info.redis_settings().db();
    format!("{scheme}://{}/{database}", info.addr())
}

/// Whether a new connection may help.
fn is_lost(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}
