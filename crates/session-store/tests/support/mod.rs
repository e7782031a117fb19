//! What the tests of several files share.

#![allow(
    dead_code,
    reason = "each test file takes what it needs, and is compiled by itself"
)]

mod redis_server;

use std::path::Path;

use session_store::{Store, StoreKind};
use tempfile::TempDir;

pub(crate) use redis_server::RedisServer;

/// A store that is not there before and after.
pub(crate) struct Place {
    pub(crate) kind: StoreKind,
    pub(crate) data: TempDir,
    server: Option<RedisServer>,
}

impl Place {
    /// One of each kind.
    pub(crate) fn all() -> [Self; 3] {
        [Self::files(), Self::sqlite(), Self::redis()]
    }

    pub(crate) fn files() -> Self {
        Self::of(StoreKind::File, None)
    }

    pub(crate) fn sqlite() -> Self {
        Self::of(StoreKind::Sqlite, None)
    }

    pub(crate) fn redis() -> Self {
        let server = RedisServer::start();
        Self::of(StoreKind::Redis(server.address()), Some(server))
    }

    fn of(kind: StoreKind, server: Option<RedisServer>) -> Self {
        let data = tempfile::tempdir().unwrap();
        Self { kind, data, server }
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
