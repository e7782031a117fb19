//! One computation per key across all machines: a token under the key's name for each that is under way.
//!
//! Who computes puts a token of its own there, if there is none, with an expiry that is renewed while it computes. A killed process
//! renews nothing, and soon it is another's turn. A process that was only held up for longer than that finds its token gone, and
//! computes on: then a value is computed twice, which costs time and breaks nothing.
//!
//! Who waits asks again and again, ever less often, and learns from `ended:<token>` how the computation it waited for has ended.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use ::redis::{Script, pipe};
use storage::redis::{Connection, one, run};
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::renewal::Renewals;
use crate::clock::millis;
use crate::error::StoreError;
use crate::store::{self, Ended, Turn};

// ANCHOR: lease
/// For how long nobody else has a turn, unless it is renewed.
pub(super) const LEASE: Duration = Duration::from_millis(1500);
/// How often it is renewed: twice may go wrong.
pub(super) const RENEWAL: Duration = Duration::from_millis(500);
// ANCHOR_END: lease
/// For how long those who waited can read how a computation ended.
const OUTCOME_TTL: Duration = Duration::from_secs(30);
/// How long who waits pauses between two questions, at first and at most.
const POLL_INTERVALS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// Ends the lease, if it is still ours, and says how.
pub(super) static END: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
         if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end",
    )
});

/// A token that is ours.
#[derive(Debug)]
pub(crate) struct Lease {
    connection: Connection,
    renewals: Renewals,
    /// Where the token is.
    pub(super) name: String,
    pub(super) token: String,
    /// Where it will be written how this computation ended.
    pub(super) outcome: String,
    pub(super) ended: bool,
}

impl Lease {
    /// Waits until nobody else computes, or the one who did has ended well or with a failure.
    pub(super) async fn begin(
        connection: Connection,
        renewals: Renewals,
        name: String,
        outcomes: String,
    ) -> Result<Turn, StoreError> {
        let token = random_token();
        let mut theirs: Option<String> = None;
        let (mut waited, mut pause) = (false, POLL_INTERVALS.0);
        loop {
            let holder = match &theirs {
                None => take(&connection, &name, &token).await?,
                Some(theirs) => {
                    // In this order: a token that was gone at the first question has its outcome at the second.
                    let outcome = format!("{outcomes}{theirs}");
                    let (holder, ended): (Option<String>, Option<String>) =
                        connection.ask(pipe().get(&name).get(outcome)).await?;
                    let ended = ended.and_then(|ended| serde_json::from_str::<Ended>(&ended).ok());
                    if let Some(turn) = ended.and_then(Ended::turn) {
                        return Ok(turn);
                    }
                    holder
                }
            };
            if holder.as_ref() == Some(&token) {
                renewals.begin(&name, &token);
                let lease = store::Flight::Redis(Self {
                    connection,
                    renewals,
                    name,
                    outcome: format!("{outcomes}{token}"),
                    token,
                    ended: false,
                });
                return Ok(Turn::Ours {
                    flight: lease,
                    waited,
                });
            }
            theirs = holder;
            if theirs.is_none() {
                continue;
            }
            if !waited {
                tracing::debug!("waits for another process: {name}");
            }
            waited = true;
            #[expect(
                clippy::disallowed_methods,
                reason = "Redis is asked again until the other process has an answer"
            )]
            sleep(pause).await;
            pause = (pause * 2).min(POLL_INTERVALS.1);
        }
    }

    /// Ends the lease, so that those who wait learn of it.
    pub(crate) async fn end(mut self, ended: &Ended) {
        self.stop();
        // The script that keeps a value has ended it already.
        if !std::mem::replace(&mut self.ended, true)
            && let Err(error) = self.leave(ended).await
        {
            tracing::warn!("{error}");
        }
    }

    /// Stops renewing: what comes next ends the lease.
    pub(super) fn stop(&self) {
        self.renewals.end(&self.name);
    }

    async fn leave(&self, ended: &Ended) -> Result<(), StoreError> {
        let outcome = match ended {
            // Those who wait see that the token is gone, and that nothing is said of it.
            Ended::Abandoned => String::new(),
            ended => ended.to_json(),
        };
        let mut end = run(&END, &[&self.name, &self.outcome]);
        end.arg(&self.token).arg(outcome).arg(outcome_ttl());
        let ((),) = self.connection.ask(&one(end)).await?;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        self.stop();
        // Without a runtime there is nothing to send it with; the lease then ends by itself.
        if let Ok(runtime) = Handle::try_current() {
            let lease = Self {
                connection: self.connection.clone(),
                renewals: self.renewals.clone(),
                name: std::mem::take(&mut self.name),
                token: std::mem::take(&mut self.token),
                outcome: std::mem::take(&mut self.outcome),
                ended: true,
            };
            runtime.spawn(async move { lease.leave(&Ended::Abandoned).await });
        }
    }
}

/// Puts the token there if there is none, and gives the one that is there: ours too, if the answer to a first attempt was lost.
async fn take(
    connection: &Connection,
    name: &str,
    token: &str,
) -> Result<Option<String>, StoreError> {
    let mut commands = pipe();
    commands.cmd("SET").arg(name).arg(token);
    commands.arg("NX").arg("PX").arg(millis(LEASE)).ignore();
    let (holder,) = connection.ask(commands.get(name)).await?;
    Ok(holder)
}

/// For how many milliseconds how a computation ended can be read.
pub(super) fn outcome_ttl() -> u64 {
    millis(OUTCOME_TTL)
}

/// Two numbers that the standard library's hasher makes of random keys, and of what no other process has now.
fn random_token() -> String {
    let half = || RandomState::new().hash_one((process::id(), Instant::now()));
    format!("{:016x}{:016x}", half(), half())
}
