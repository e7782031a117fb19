//! Computations that are under way in this process: the first call leads, the others follow.
//!
//! Only the one that leads waits for other processes. So a process asks for each lock once, however many of its calls want the value.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::error::{Failure, StoreError};
use crate::key::Key;
use crate::store::Kept;

/// How a computation ended, for those who followed it.
pub(crate) type Outcome = Result<Arc<Kept>, Unkept>;

/// Why there is no value for those who followed.
#[derive(Clone, Debug)]
pub(crate) enum Unkept {
    Failed(Failure),
    Store(StoreError),
}

type Watched = watch::Receiver<Option<Outcome>>;

/// The computations of this process, by their keys' hashes.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocalFlights(Arc<Mutex<HashMap<String, Watched>>>);

/// What a call is to do for its key.
#[derive(Debug)]
pub(crate) enum Role {
    Leader(Leader),
    Follower(Follower),
}

impl LocalFlights {
    /// Joins the computation for this key, or becomes its leader.
    pub(crate) fn join(&self, key: &Key) -> Role {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watched) = flights.get(key.hash()) {
            return Role::Follower(Follower(watched.clone()));
        }
        let (outcome, watched) = watch::channel(None);
        flights.insert(key.hash().to_owned(), watched);
        Role::Leader(Leader {
            flights: self.clone(),
            hash: key.hash().to_owned(),
            outcome,
        })
    }
}

/// The call on whose outcome the others of this process wait. If it is dropped without one, the first of them to notice leads.
#[derive(Debug)]
pub(crate) struct Leader {
    flights: LocalFlights,
    hash: String,
    outcome: watch::Sender<Option<Outcome>>,
}

impl Leader {
    pub(crate) fn finish(self, outcome: Outcome) {
        let followers = self.outcome.clone();
        // Who comes now asks the cache again, and is not told of a failure that was before its time.
        drop(self);
        followers.send_replace(Some(outcome));
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let mut flights = self
            .flights
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        flights.remove(&self.hash);
    }
}

/// A call that waits for another call of its process.
#[derive(Debug)]
pub(crate) struct Follower(Watched);

impl Follower {
    /// Waits for the outcome; `None` if the leader gave up, because its caller did.
    pub(crate) async fn outcome(mut self) -> Option<Outcome> {
        let outcome = self.0.wait_for(Option::is_some).await.ok()?;
        outcome.clone()
    }
}
