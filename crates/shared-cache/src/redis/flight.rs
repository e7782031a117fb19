//! One computation per key across all machines: a token under the key's name for each that is under way.
//!
//! Who computes puts a token of its own there, if there is none, with an expiry that it renews while it computes. A killed process
//! renews nothing, and soon it is another's turn. A process that was only held up for longer than that finds its token gone, and
//! computes on: then a value is computed twice, which costs time and breaks nothing.
//!
//! Who waits asks again and again, ever less often, and learns from `ended:<token>` how the flight it waited for has ended.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::process;
use std::time::{Duration, Instant};

use ::redis::pipe;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::connection::Connection;
use crate::clock::millis;
use crate::error::StoreError;
use crate::store::{self, Ended, Turn};

// ANCHOR: lease
/// For how long nobody else has a turn, unless it is renewed.
const LEASE: Duration = Duration::from_millis(1500);
/// How often it is renewed: twice may go wrong.
const RENEWAL: Duration = Duration::from_millis(500);
// ANCHOR_END: lease
/// For how long those who waited can read how a flight ended.
const MEMORY: Duration = Duration::from_secs(30);
/// How long who waits pauses between two questions, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// Renews the lease, if it is still ours.
const RENEW: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";

/// Ends the lease, if it is still ours, and says how.
const END: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end \
    if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end";

/// A token that is ours.
#[derive(Debug)]
pub(crate) struct Flight {
    connection: Connection,
    /// Where the token is.
    name: String,
    token: String,
    /// Where it will be written how this flight ended.
    outcome: String,
    ended: bool,
}

impl Flight {
    /// Waits until no other flight is under way, or the one that was has ended well or with a failure.
    pub(super) async fn begin(
        connection: Connection,
        name: String,
        outcomes: String,
    ) -> Result<Turn, StoreError> {
        let token = random_token();
        let mut theirs: Option<String> = None;
        let mut pause = PAUSES.0;
        loop {
            // In this order: a token that was gone at the first question has its outcome at the second.
            let watched = format!("{outcomes}{}", theirs.as_ref().unwrap_or(&token));
            let (holder, ended): (Option<String>, Option<String>) =
                connection.ask(pipe().get(&name).get(watched)).await?;
            match ended.and_then(|ended| serde_json::from_str(&ended).ok()) {
                Some(Ended::Done) => return Ok(Turn::Theirs(Ok(()))),
                Some(Ended::Failed(failure)) => return Ok(Turn::Theirs(Err(failure))),
                Some(Ended::Abandoned) | None => {}
            }
            if holder.is_none() && take(&connection, &name, &token).await? {
                let waited = theirs.is_some();
                let flight = store::Flight::Redis(Self {
                    connection,
                    name,
                    outcome: format!("{outcomes}{token}"),
                    token,
                    ended: false,
                });
                return Ok(Turn::Ours { flight, waited });
            }
            if theirs.is_none() && holder.is_some() {
                tracing::debug!("waits for another process: {name}");
            }
            theirs = holder.or(theirs);
            #[expect(
                clippy::disallowed_methods,
                reason = "Redis is asked again until the other process has an answer"
            )]
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Runs a computation, and renews the lease meanwhile.
    pub(crate) async fn during<T>(&self, computation: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            value = computation => value,
            never = self.keep_renewing() => match never {},
        }
    }

    async fn keep_renewing(&self) -> Infallible {
        loop {
            #[expect(clippy::disallowed_methods, reason = "a lease is renewed in time")]
            sleep(RENEWAL).await;
            self.renew().await;
        }
    }

    async fn renew(&self) {
        let lease = millis(LEASE);
        let renewed: Result<(u32,), _> = self
            .connection
            .ask(
                pipe()
                    .cmd("EVAL")
                    .arg(RENEW)
                    .arg(1)
                    .arg(&self.name)
                    .arg(&self.token)
                    .arg(lease),
            )
            .await;
        match renewed {
            Ok((1,)) => {}
            Ok(_) => tracing::warn!(
                "{} took too long to renew, and may be computed twice",
                self.name
            ),
            Err(error) => tracing::warn!("{error}"),
        }
    }

    /// Ends the flight, so that those who wait learn of it.
    pub(crate) async fn end(mut self, ended: &Ended) {
        self.ended = true;
        if let Err(error) = self.leave(ended).await {
            tracing::warn!("{error}");
        }
    }

    async fn leave(&self, ended: &Ended) -> Result<(), StoreError> {
        let outcome = match ended {
            // Those who wait see that the token is gone, and that nothing is said of it.
            Ended::Abandoned => String::new(),
            ended => serde_json::to_string(ended).unwrap_or_default(),
        };
        self.connection
            .ask(
                pipe()
                    .cmd("EVAL")
                    .arg(END)
                    .arg(2)
                    .arg(&self.name)
                    .arg(&self.outcome)
                    .arg(&self.token)
                    .arg(outcome)
                    .arg(millis(MEMORY))
                    .ignore(),
            )
            .await
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        // Without a runtime there is nothing to send it with; the lease then ends by itself.
        if !self.ended
            && let Ok(runtime) = Handle::try_current()
        {
            let flight = Self {
                connection: self.connection.clone(),
                name: std::mem::take(&mut self.name),
                token: std::mem::take(&mut self.token),
                outcome: std::mem::take(&mut self.outcome),
                ended: true,
            };
            runtime.spawn(async move { flight.leave(&Ended::Abandoned).await });
        }
    }
}

async fn take(connection: &Connection, name: &str, token: &str) -> Result<bool, StoreError> {
    let (taken,): (Option<String>,) = connection
        .ask(
            pipe()
                .cmd("SET")
                .arg(name)
                .arg(token)
                .arg("NX")
                .arg("PX")
                .arg(millis(LEASE)),
        )
        .await?;
    Ok(taken.is_some())
}

/// Two numbers that the standard library's hasher makes of random keys, and of what no other process has now.
fn random_token() -> String {
    let half = || RandomState::new().hash_one((process::id(), Instant::now()));
    format!("{:016x}{:016x}", half(), half())
}
