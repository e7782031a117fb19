//! A row for each session, in one SQLite database.
//!
//! An update is one transaction that takes the write lock before it reads (`BEGIN IMMEDIATE`): the one that is second waits, and
//! then reads what the first has written. The database is in WAL mode, so that readers wait for nobody, and a process that is killed
//! leaves a transaction that was not committed, which the next one drops.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, TransactionBehavior, named_params};
use storage::files;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    Backend, BoxFuture, Change, Entry, Error, Outcome, Place, SessionName,
    files::{blocking, failed},
};

/// How long a process waits for another one's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long it sleeps before it tries again. SQLite keeps no queue, and its own handler soon sleeps a tenth of a second: among many that
/// write, one could then find the database busy at each of its few tries.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS sessions (
        key     TEXT PRIMARY KEY,
        session TEXT NOT NULL,
        value   TEXT NOT NULL, -- JSON
        worker  INTEGER NOT NULL,
        written TEXT NOT NULL, -- RFC 3339
        expires INTEGER        -- milliseconds since 1970
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sessions_expire ON sessions (expires) WHERE expires IS NOT NULL;
";

/// A database with one row for each session, which the processes of one machine share.
#[derive(Clone, Debug)]
pub struct Sqlite {
    path: Arc<Path>,
    connection: Arc<Mutex<Connection>>,
}

impl Sqlite {
    /// Opens the database, and makes it unless it is there.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or made.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path: PathBuf = path.into();
        blocking(move || {
            let connection = prepare(&path)?;
            Ok(Self {
                path: path.into(),
                connection: Arc::new(Mutex::new(connection)),
            })
        })
        .await
    }

    /// Runs work with the connection, on a thread that may wait for the disk and for other processes.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &Path) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let Self { path, connection } = self.clone();
        blocking(move || {
            // Work that panicked has dropped its transaction, and with that rolled it back.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut connection, &path)
        })
        .await
    }
}

impl Backend for Sqlite {
    fn update<'a>(
        &'a self,
        name: &'a SessionName,
        mut change: Change,
    ) -> BoxFuture<'a, Result<Outcome, Error>> {
        let name = name.clone();
        Box::pin(self.with(move |connection, path| {
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(explain(path))?;
            let kept = select(&transaction, &name, path)?;
            let outcome = Outcome::of(kept, &mut change);
            if let Some(entry) = &outcome.written {
                upsert(&transaction, &name, entry).map_err(explain(path))?;
            }
            transaction.commit().map_err(explain(path))?;
            Ok(outcome)
        }))
    }

    fn get<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>> {
        let name = name.clone();
        Box::pin(self.with(move |connection, path| {
            Ok(select(connection, &name, path)?.filter(Entry::is_live))
        }))
    }

    fn remove<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<(), Error>> {
        let name = name.clone();
        Box::pin(self.with(move |connection, path| {
            let removed = connection.execute("DELETE FROM sessions WHERE key = ?1", [name.key()]);
            removed.map(drop).map_err(explain(path))
        }))
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>> {
        Box::pin(self.with(|connection, path| {
            let now = milliseconds(OffsetDateTime::now_utc());
            connection
                .execute("DELETE FROM sessions WHERE expires <= ?1", [now])
                .map_err(explain(path))
        }))
    }

    fn place(&self, name: &SessionName) -> Place {
        Place::Row {
            key: name.key().to_owned(),
            database: self.path.to_path_buf(),
        }
    }
}

/// Opens the database and sees to its mode and its table.
///
/// Several workers start at once, and SQLite does not wait for another process while it changes to WAL mode. So they take turns, by
/// a lock on a file beside the database.
fn prepare(path: &Path) -> Result<Connection, Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed("create", folder))?;
    }
    let lock_path = path.with_extension("sqlite-open");
    let _lock = files::lock(&lock_path).map_err(failed("lock", &lock_path))?;

    // SQLite would let everyone read it. Its other files take their mode from this one.
    files::private().open(path).map_err(failed("open", path))?;
    let open = || {
        let mut connection = Connection::open(path)?;
        connection.busy_handler(Some(wait))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // In WAL mode this flushes when the log is written back, not at each commit. A power cut may take the last
        // commits with it; it never damages the database, and a killed process loses nothing.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(SCHEMA)?;
        Ok(connection)
    };
    open().map_err(explain(path))
}

/// Waits for another process's transaction, unless it has waited for the whole timeout.
fn wait(times: i32) -> bool {
    let most = BUSY_TIMEOUT.as_millis() / POLL_INTERVAL.as_millis();
    let may_wait = u128::try_from(times).is_ok_and(|times| times < most);
    if may_wait {
        #[expect(
            clippy::disallowed_methods,
            reason = "SQLite tells nobody when a transaction of another process is over"
        )]
        thread::sleep(POLL_INTERVAL);
    }
    may_wait
}

/// Reads a session's row, expired or not.
fn select(
    connection: &Connection,
    name: &SessionName,
    path: &Path,
) -> Result<Option<Entry>, Error> {
    let row = connection
        .prepare_cached(
            "SELECT session, value, worker, written, expires FROM sessions WHERE key = ?1",
        )
        .and_then(|mut statement| {
            let found = statement.query_row([name.key()], |row| Ok(entry(row)));
            found.optional()
        })
        .map_err(explain(path))?;
    row.transpose().map_err(|reason| Error::Damaged {
        place: Place::Row {
            key: name.key().to_owned(),
            database: path.to_owned(),
        },
        reason,
    })
}

/// Makes an entry of a row, or says why it is none.
fn entry(row: &Row<'_>) -> Result<Entry, String> {
    let column = |error: rusqlite::Error| error.to_string();
    let value: String = row.get("value").map_err(column)?;
    let written: String = row.get("written").map_err(column)?;
    let expires: Option<i64> = row.get("expires").map_err(column)?;
    Ok(Entry {
        session: row.get("session").map_err(column)?,
        value: serde_json::from_str(&value).map_err(|error| format!("its value: {error}"))?,
        worker: row.get("worker").map_err(column)?,
        written: OffsetDateTime::parse(&written, &Rfc3339)
            .map_err(|error| format!("when it was written: {error}"))?,
        expires: expires
            .map(|time| OffsetDateTime::from_unix_timestamp_nanos(i128::from(time) * 1_000_000))
            .transpose()
            .map_err(|error| format!("when it expires: {error}"))?,
    })
}

fn upsert(
    connection: &Connection,
    name: &SessionName,
    entry: &Entry,
) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO sessions (key, session, value, worker, written, expires)
         VALUES (:key, :session, :value, :worker, :written, :expires)",
    )?;
    let written = entry.written.format(&Rfc3339);
    statement.execute(named_params! {
        ":key": name.key(),
        ":session": entry.session,
        ":value": entry.value.to_string(),
        ":worker": entry.worker,
        ":written": written.expect("a time of our clock has a year of four digits"),
        ":expires": entry.expires.map(milliseconds),
    })?;
    Ok(())
}

fn milliseconds(time: OffsetDateTime) -> i64 {
    // Years have four digits at most, and so this fits.
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

fn explain(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    let path = path.to_owned();
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => Error::DatabaseBusy {
            path: path.clone(),
            seconds: BUSY_TIMEOUT.as_secs(),
        },
        _ => Error::Database {
            path: path.clone(),
            source,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_ends() {
        assert!(wait(0));
        assert!(wait(2_499), "2 ms each, that is 5 s");
        assert!(!wait(2_500));
    }
}
