//! The one connection of this process to Redis, made anew when it breaks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, FromRedisValue, Pipeline, RedisError, RedisResult};

use crate::error::StoreError;

/// How long the server may take to accept, and to answer. A person at a page should not wait longer to learn that it is gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// Its clones are the same connection. All calls of a process share it: their requests go out one after the other, without waiting
/// for each other's answers.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    client: Arc<Client>,
    current: Arc<Mutex<Option<MultiplexedConnection>>>,
}

impl Connection {
    /// Reads the address, and connects when it is first asked.
    pub(super) fn new(address: &str) -> Result<Self, StoreError> {
        let client = Client::open(address).map_err(|source| StoreError::RedisAddress {
            source: Arc::new(source),
        })?;
        Ok(Self {
            client: Arc::new(client),
            current: Arc::default(),
        })
    }

    /// Sends these commands in one go, and reads their answers.
    ///
    /// If the connection was lost since it was last used, it is made anew and the commands are sent again: each of ours may run twice.
    /// If there is no answer in time they are not, so that a call never waits longer than that.
    pub(super) async fn ask<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, StoreError> {
        let mut answer = self.try_ask(commands).await;
        if answer.as_ref().is_err_and(is_lost) {
            answer = self.try_ask(commands).await;
        }
        answer.map_err(|error| self.error(error))
    }

    /// What the server said, with its address: without the password that there may be in the address as it was given.
    pub(super) fn error(&self, error: RedisError) -> StoreError {
        StoreError::Redis {
            address: self.client.get_connection_info().addr().to_string(),
            source: Arc::new(error),
        }
    }

    async fn try_ask<T: FromRedisValue>(&self, commands: &Pipeline) -> RedisResult<T> {
        let known = self.current().clone();
        let mut connection = match known {
            Some(connection) => connection,
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(PATIENCE))
                    .set_response_timeout(Some(PATIENCE));
                let made = self
                    .client
                    .get_multiplexed_async_connection_with_config(&config)
                    .await?;
                self.current().insert(made).clone()
            }
        };
        let answer = commands.query_async(&mut connection).await;
        if answer
            .as_ref()
            .is_err_and(|error| is_lost(error) || error.is_timeout())
        {
            // A server that vanished without a word would otherwise be asked in vain until the kernel gives up.
            *self.current() = None;
        }
        answer
    }

    fn current(&self) -> MutexGuard<'_, Option<MultiplexedConnection>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a new connection may help.
fn is_lost(error: &RedisError) -> bool {
    !error.is_timeout() && (error.is_connection_dropped() || error.is_unrecoverable_error())
}
