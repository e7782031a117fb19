//! What the three stores have in common.

use std::{fmt, path::PathBuf, pin::Pin};

use crate::{Entry, Error, SessionName};

/// A future that can be held behind a `dyn Backend`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// From what a session holds to what it shall hold; `None` leaves it as it is.
///
/// It may be called again with what another worker has written meanwhile, and so should do nothing but compute.
pub type Change = Box<dyn FnMut(Option<&Entry>) -> Option<Entry> + Send>;

/// What an update found, and what it wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What the session held; `None` if there was no such session, or it had expired.
    pub before: Option<Entry>,
    /// What was written in its place; `None` if it was left as it was.
    pub written: Option<Entry>,
}

/// A place that keeps one entry for each session, and that several processes share.
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// Reads a session and writes it, as one step: no other update of this session, in whatever process, comes between the two.
    fn update<'a>(
        &'a self,
        name: &'a SessionName,
        change: Change,
    ) -> BoxFuture<'a, Result<Outcome, Error>>;

    /// What a session holds now; `None` if there is no such session, or it has expired.
    fn get<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>>;

    /// Ends a session, whether or not there is one.
    fn remove<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<(), Error>>;

    /// Removes what has expired and what writers that were killed left behind; how many entries and leftovers it removed.
    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>>;

    /// Where a session is kept, for people.
    fn place(&self, name: &SessionName) -> Place;
}

impl Outcome {
    /// Applies a change to what a back end has read.
    pub(crate) fn of(kept: Option<Entry>, change: &mut Change) -> Self {
        let before = kept.filter(Entry::is_live);
        let written = change(before.as_ref());
        Self { before, written }
    }
}

/// Where one session is kept. Its text is a sentence's part, such as ``row `montreal-ab12…` of table `sessions` in `sessions.sqlite` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A row of the table `sessions`.
    Row {
        /// The row's primary key.
        key: String,
        /// The database's file.
        database: PathBuf,
    },
    /// A key of a Redis server.
    Key {
        /// The whole key.
        key: String,
        /// The server and the number of its database, without a password.
        server: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Row { key, database } => {
                write!(f, "row '{key}' of table sessions in {}", database.display())
            }
            Self::Key { key, server } => write!(f, "key {key} in {server}"),
        }
    }
}
