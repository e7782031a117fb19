//! The leases of this process are renewed on a thread of their own.
//!
//! A computation may block the thread that runs it, and on that thread may be all that this process does. The leases must not end then:
//! another process would begin what is being computed.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, LazyLock, OnceLock};
use std::thread;
use std::time::Instant;

use ::redis::{Client, RedisResult, Script};
use storage::redis::{Connection, TIMEOUT};

use super::lease::{LEASE, RENEWAL};
use crate::clock::millis;

/// Renews a lease, if it is still ours.
static RENEW: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0",
    )
});

/// The leases of this process. Its clones are the same; when the last is dropped the thread ends.
#[derive(Clone, Debug)]
pub(super) struct Renewals {
    client: Connection,
    /// The thread begins with the first lease: a process that only reads needs none.
    thread: Arc<OnceLock<Sender<Change>>>,
}

#[derive(Debug)]
enum Change {
    Begin { name: String, token: String },
    End { name: String },
}

impl Renewals {
    pub(super) fn new(client: Connection) -> Self {
        Self {
            client,
            thread: Arc::default(),
        }
    }

    pub(super) fn begin(&self, name: &str, token: &str) {
        let changes = self.thread.get_or_init(|| {
            let (changes, received) = channel();
            let client = self.client.client().clone();
            let leases = thread::Builder::new().name("leases".to_owned());
            if let Err(error) = leases.spawn(move || renew(&client, &received)) {
                tracing::warn!("no lease is renewed, because there is no thread for it: {error}");
            }
            changes
        });
        let (name, token) = (name.to_owned(), token.to_owned());
        let _ = changes.send(Change::Begin { name, token });
    }

    /// From now on it may end: nothing is said if it does.
    pub(super) fn end(&self, name: &str) {
        if let Some(changes) = self.thread.get() {
            let name = name.to_owned();
            let _ = changes.send(Change::End { name });
        }
    }
}

/// Renews all leases each half second, until nobody can take one any more.
fn renew(client: &Client, changes: &Receiver<Change>) {
    let mut leases: HashMap<String, String> = HashMap::new();
    let mut connection = None;
    let mut next = Instant::now();
    loop {
        let change = if leases.is_empty() {
            next = Instant::now() + RENEWAL;
            changes.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            changes.recv_timeout(next.saturating_duration_since(Instant::now()))
        };
        match change {
            Ok(change) => apply(&mut leases, change),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                next = Instant::now() + RENEWAL;
                let lost = match renew_each(client, &mut connection, &leases) {
                    Ok(lost) => lost,
                    Err(error) => {
                        connection = None;
                        tracing::warn!("the leases cannot be renewed: {error}");
                        continue;
                    }
                };
                // One that ended in the meantime was not lost.
                changes
                    .try_iter()
                    .for_each(|change| apply(&mut leases, change));
                for name in lost {
                    if leases.remove(&name).is_some() {
                        tracing::warn!("{name} took too long to renew, and may be computed twice");
                    }
                }
            }
        }
    }
}

fn apply(leases: &mut HashMap<String, String>, change: Change) {
    match change {
        Change::Begin { name, token } => drop(leases.insert(name, token)),
        Change::End { name } => drop(leases.remove(&name)),
    }
}

/// Renews the leases, and names those that are another's by now.
fn renew_each(
    client: &Client,
    connection: &mut Option<::redis::Connection>,
    leases: &HashMap<String, String>,
) -> RedisResult<Vec<String>> {
    let connection = match connection {
        Some(connection) => connection,
        None => {
            let new = client.get_connection_with_timeout(TIMEOUT)?;
            new.set_read_timeout(Some(TIMEOUT))?;
            new.set_write_timeout(Some(TIMEOUT))?;
            connection.insert(new)
        }
    };
    let mut lost = Vec::new();
    for (name, token) in leases {
        let mut renewal = RENEW.key(name);
        let is_ours: bool = renewal.arg(token).arg(millis(LEASE)).invoke(connection)?;
        if !is_ours {
            lost.push(name.clone());
        }
    }
    Ok(lost)
}
