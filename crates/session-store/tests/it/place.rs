//! Where the tests keep their sessions.

use std::path::Path;

use harness::RedisServer;
use session_store::{Store, StoreKind};
use tempfile::TempDir;

/// A store that is not there before and after.
pub(crate) struct Place {
    pub(crate) kind: StoreKind,
    data: TempDir,
    // Held, so that it lives as long.
    _server: Option<RedisServer>,
}

impl Place {
    /// One of each kind.
    pub(crate) async fn all() -> [Self; 3] {
        [Self::files(), Self::sqlite(), Self::redis().await]
    }

    pub(crate) fn files() -> Self {
        Self::of(StoreKind::File, None)
    }

    pub(crate) fn sqlite() -> Self {
        Self::of(StoreKind::Sqlite, None)
    }

    pub(crate) async fn redis() -> Self {
        let server = RedisServer::start().await;
        Self::of(StoreKind::Redis(server.url()), Some(server))
    }

    fn of(kind: StoreKind, server: Option<RedisServer>) -> Self {
        let data = tempfile::tempdir().unwrap();
        Self {
            kind,
            data,
            _server: server,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.data.path()
    }

    /// Opens the store as another process would.
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.kind, self.path(), "test").await.unwrap()
    }

    /// As the option `--store` has it.
    pub(crate) fn option(&self) -> String {
        match &self.kind {
            StoreKind::File => "file".to_owned(),
            StoreKind::Sqlite => "sqlite".to_owned(),
            StoreKind::Redis(address) => address.clone(),
        }
    }
}
