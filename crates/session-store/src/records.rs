//! The sessions of tower-sessions: what a browser's cookie stands for.

use async_trait::async_trait;
use tower_sessions_core::{
    ExpiredDeletion, SessionStore,
    session::{Id, Record},
    session_store::{Error as SessionError, Result},
};

use crate::{Entry, Error, SessionName, Store};

/// Keeps the records of tower-sessions in a [`Store`], beside the sessions that have names.
///
/// - The id that a browser's cookie holds is not in the store, only its hash. Who reads the folder cannot take a session over.
/// - `create` gives a record another id if there is a session with its own already.
/// - `save` writes only over a session that is there. So a session that has ended in one tab is not brought back by a slow
///   request of another, and an id that a client has made up never becomes a session.
/// - `load` does not find what has expired.
///
/// A record is saved as a whole, and of two requests at the same time the last one wins: that is how tower-sessions works. What must not be
/// lost belongs into [`Store::update`].
#[derive(Clone, Debug)]
pub struct SessionRecords {
    store: Store,
    worker: u32,
}

impl SessionRecords {
    /// Records in this store, written by the worker with this number.
    #[must_use]
    pub fn new(store: Store, worker: u32) -> Self {
        Self { store, worker }
    }

    fn entry(&self, name: &SessionName, record: &Record) -> Entry {
        let data = record.data.clone().into_iter().collect();
        let value = serde_json::Value::Object(data);
        Entry::new(name, value, self.worker).expires_at(record.expiry_date)
    }
}

#[async_trait]
impl SessionStore for SessionRecords {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let name = name(&record.id);
            let entry = self.entry(&name, record);
            let outcome = self
                .store
                .change(&name, move |before| before.is_none().then(|| entry.clone()))
                .await
                .map_err(backend)?;
            if outcome.written.is_some() {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let name = name(&record.id);
        let entry = self.entry(&name, record);
        let outcome = self
            .store
            .change(&name, move |before| before.map(|_| entry.clone()))
            .await
            .map_err(backend)?;
        if outcome.written.is_none() {
            let ended = "the session has ended since the request began, and is not brought back";
            return Err(SessionError::Backend(ended.to_owned()));
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(entry) = self.store.get(&name(id)).await.map_err(backend)? else {
            return Ok(None);
        };
        let Some(expiry_date) = entry.expires else {
            let reason = "the session's record does not say when it expires";
            return Err(SessionError::Decode(reason.to_owned()));
        };
        let data = serde_json::from_value(entry.value);
        Ok(Some(Record {
            id: *id,
            data: data.map_err(|error| SessionError::Decode(error.to_string()))?,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.store.remove(&name(id)).await.map_err(backend)
    }
}

#[async_trait]
impl ExpiredDeletion for SessionRecords {
    async fn delete_expired(&self) -> Result<()> {
        self.store.sweep().await.map(drop).map_err(backend)
    }
}

fn name(id: &Id) -> SessionName {
    SessionName::of_cookie(&id.to_string())
}

fn backend(error: Error) -> SessionError {
    match error {
        Error::Damaged { .. } => SessionError::Decode(error.to_string()),
        error => SessionError::Backend(error.to_string()),
    }
}
