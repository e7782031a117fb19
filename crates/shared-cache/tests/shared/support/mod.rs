//! Where the tests keep their entries, and the processes that they start.

pub(crate) mod child;
pub(crate) mod worker;

use std::convert::Infallible;
use std::fs;
use std::path::PathBuf;

use ::redis::AsyncTypedCommands;
use harness::RedisServer;
use serde::{Deserialize, Serialize};
use shared_cache::{Clock, Found, ManualClock, Memo, Settings, SharedCache};
use tempfile::TempDir;

/// Makes two tests of each function: one over files, and one over a Redis server of its own.
macro_rules! on_each_store {
    ($($(#[doc = $doc:literal])* async fn $name:ident($store:ident: &TestStore) $body:block)*) => {
        $($(#[doc = $doc])* async fn $name($store: &crate::support::TestStore) $body)*

        mod over_files {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&crate::support::TestStore::files()).await;
            })*
        }

        mod over_redis {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&crate::support::TestStore::redis().await).await;
            })*
        }
    };
}

/// Where a cache is, as another process can be told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Place {
    Files(PathBuf),
    Redis(String),
}

impl Place {
    pub(crate) async fn cache(&self, settings: Settings) -> SharedCache {
        match self {
            Self::Files(folder) => SharedCache::files(folder, settings),
            Self::Redis(address) => SharedCache::redis(address, "test", settings)
                .await
                .expect("the test's Redis server answers"),
        }
    }
}

/// A place for entries that is gone with the test.
pub(crate) struct TestStore {
    pub(crate) place: Place,
    pub(crate) folder: TempDir,
    // Held, so that it lives as long.
    _server: Option<RedisServer>,
}

impl TestStore {
    pub(crate) fn files() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            place: Place::Files(folder.path().join("cache")),
            folder,
            _server: None,
        }
    }

    pub(crate) async fn redis() -> Self {
        let server = RedisServer::start().await;
        Self {
            place: Place::Redis(server.url()),
            folder: tempfile::tempdir().unwrap(),
            _server: Some(server),
        }
    }

    pub(crate) async fn cache(&self, settings: Settings) -> SharedCache {
        self.place.cache(settings).await
    }

    /// Puts these bytes in place of the only entry.
    pub(crate) async fn damage(&self, bytes: &[u8]) {
        match &self.place {
            Place::Files(folder) => {
                let mut entries = fs::read_dir(folder.join("entries")).unwrap();
                let entry = entries.next().unwrap().unwrap().path();
                fs::write(entry, bytes).unwrap();
            }
            Place::Redis(address) => {
                let client = ::redis::Client::open(address.as_str()).unwrap();
                let mut connection = client.get_multiplexed_async_connection().await.unwrap();
                let mut names = connection.keys("*:entry:*").await.unwrap();
                let name = names.pop().unwrap();
                connection.set(name, bytes).await.unwrap();
            }
        }
    }
}

/// Settings with a clock that stands still.
pub(crate) fn settings(clock: &ManualClock, threshold: usize) -> Settings {
    Settings {
        clock: Clock::from(clock),
        threshold: threshold.try_into().unwrap(),
        ..Settings::default()
    }
}

/// A call whose computation takes no time.
pub(crate) async fn call(memo: &Memo<String, String>, value: &str) -> Found<String> {
    let value = value.to_owned();
    let found = memo.get_or_compute(&value, async || Ok::<_, Infallible>(value.clone()));
    found.await.unwrap()
}

/// Whether there is a live entry for this value.
pub(crate) async fn has(memo: &Memo<String, String>, value: &str) -> bool {
    memo.get(&value.to_owned()).await.unwrap().is_some()
}
