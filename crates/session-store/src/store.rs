//! The store that an app opens: one of the three, chosen at the start.

use std::{fmt, path::Path, str::FromStr, sync::Arc, time::Duration};

use tokio::time::MissedTickBehavior;

use crate::{Backend, Change, Entry, Error, Files, Outcome, Place, SessionName};

// ANCHOR: kind
/// Which store to open: `file`, `sqlite`, or the address of a Redis server.
///
/// Its text may hold a password, and so it has no `Display`.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum StoreKind {
    /// A file for each session.
    #[default]
    File,
    /// A row for each session.
    Sqlite,
    /// A key for each session, on the server with this address.
    Redis(String),
}
// ANCHOR_END: kind

/// How the address of a Redis server begins.
const REDIS: [&str; 3] = ["redis://", "rediss://", "redis+unix://"];

/// A text that names no store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no store `{0}`; it is `file`, `sqlite`, or the address of a Redis server such as redis://127.0.0.1:6379"
)]
pub struct UnknownStore(String);

impl FromStr for StoreKind {
    type Err = UnknownStore;

    fn from_str(text: &str) -> Result<Self, UnknownStore> {
        match text {
            "file" => Ok(Self::File),
            "sqlite" => Ok(Self::Sqlite),
            address if REDIS.iter().any(|scheme| address.starts_with(scheme)) => {
                Ok(Self::Redis(address.to_owned()))
            }
            // It may hold a password.
            address if address.contains("://") => Err(UnknownStore("…://…".to_owned())),
            other => Err(UnknownStore(other.to_owned())),
        }
    }
}

impl fmt::Debug for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "File",
            Self::Sqlite => "Sqlite",
            Self::Redis(_) => "Redis(…)",
        })
    }
}

/// What a session held, and what it holds now.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// `None` if there was no such session, or it had expired.
    pub before: Option<Entry>,
    /// What this update wrote.
    pub after: Entry,
}

/// The sessions of an app. Clones are the same store.
#[derive(Clone, Debug)]
pub struct Store(Arc<dyn Backend>);

impl Store {
    /// Opens the store of this kind. `data` is the folder for what is kept on this machine; `app` begins the keys in Redis, where
    /// other apps may have theirs.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made, the database cannot be opened, no server answers within two seconds, or the program was built
    /// without the feature that the kind needs.
    pub async fn open(kind: &StoreKind, data: &Path, app: &str) -> Result<Self, Error> {
        match kind {
            StoreKind::File => Files::open(data.join("sessions")).await.map(Self::new),
            #[cfg(feature = "sqlite")]
            StoreKind::Sqlite => crate::Sqlite::open(data.join("sessions.sqlite"))
                .await
                .map(Self::new),
            #[cfg(not(feature = "sqlite"))]
            StoreKind::Sqlite => Err(Error::FeatureMissing {
                kind: "sqlite",
                feature: "sqlite",
            }),
            #[cfg(feature = "redis")]
            StoreKind::Redis(address) => {
                let prefix = format!("{app}:session:");
                crate::Redis::open(address, prefix).await.map(Self::new)
            }
            #[cfg(not(feature = "redis"))]
            StoreKind::Redis(address) => {
                let _ = app;
                let (kind, feature) = if address.starts_with("rediss:") {
                    ("rediss://…", "tls")
                } else {
                    ("redis://…", "redis")
                };
                Err(Error::FeatureMissing { kind, feature })
            }
        }
    }

    /// A store over any back end.
    pub fn new(backend: impl Backend) -> Self {
        Self(Arc::new(backend))
    }

    /// Reads a session and writes it in one step: no other update of it, by whatever worker, comes between the two.
    ///
    /// `change` computes the new entry from the old one. It may be called again with what another worker has written meanwhile.
    ///
    /// # Errors
    ///
    /// If the store fails; then the session holds what it held. Only if it failed last of all, because the connection to a Redis
    /// server broke after the request to write, or a disk did not take a new session's flush, the session may hold the new entry.
    pub async fn update(
        &self,
        name: &SessionName,
        mut change: impl FnMut(Option<&Entry>) -> Entry + Send + 'static,
    ) -> Result<Update, Error> {
        let outcome = self
            .change(name, move |before| Some(change(before)))
            .await?;
        let after = outcome.written.expect("this change always writes");
        Ok(Update {
            before: outcome.before,
            after,
        })
    }

    /// Like [`update`](Self::update), for a change that may also leave the session as it is, with `None`.
    ///
    /// # Errors
    ///
    /// As those of [`update`](Self::update).
    pub async fn change(
        &self,
        name: &SessionName,
        change: impl FnMut(Option<&Entry>) -> Option<Entry> + Send + 'static,
    ) -> Result<Outcome, Error> {
        let change: Change = Box::new(change);
        self.0.update(name, change).await
    }

    /// What a session holds now; `None` if there is no such session, or it has expired.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn get(&self, name: &SessionName) -> Result<Option<Entry>, Error> {
        self.0.get(name).await
    }

    /// Ends a session, whether or not there is one.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn remove(&self, name: &SessionName) -> Result<(), Error> {
        self.0.remove(name).await
    }

    /// Where a session is kept, for people.
    #[must_use]
    pub fn place(&self, name: &SessionName) -> Place {
        self.0.place(name)
    }

    /// Removes what has expired and what writers that were killed left behind; how much that was.
    ///
    /// An expired entry counts as not there in any case. This makes room.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn sweep(&self) -> Result<usize, Error> {
        self.0.sweep().await
    }

    /// [Sweeps](Self::sweep) now and after each period, for ever: a task to spawn. Any number of workers may do so.
    pub async fn sweep_every(self, period: Duration) {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.sweep().await {
                Ok(removed) => tracing::debug!(removed, "swept the sessions"),
                Err(error) => tracing::warn!(%error, "could not sweep the sessions"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_or_has_an_address() {
        let address = "redis://:secret@127.0.0.1:6379/2";
        assert_eq!("file".parse(), Ok(StoreKind::File));
        assert_eq!("sqlite".parse(), Ok(StoreKind::Sqlite));
        assert_eq!(address.parse(), Ok(StoreKind::Redis(address.to_owned())));
        let error = "files".parse::<StoreKind>().unwrap_err().to_string();
        assert!(
            error.starts_with("there is no store `files`; it is `file`"),
            "{error}"
        );
    }

    #[test]
    fn a_password_stays_out_of_the_log() {
        let kind: StoreKind = "redis://:secret@127.0.0.1".parse().unwrap();
        assert!(!format!("{kind:?}").contains("secret"));
    }
}
