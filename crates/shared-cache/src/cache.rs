//! The cache, which several processes share and several functions may.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::files::Files;
use crate::flights::LocalFlights;
use crate::memo::Memo;
use crate::settings::Settings;
use crate::store::Store;

/// A cache that several processes share. Its clones are the same cache.
///
/// Every process that names the same folder, or the same Redis server and namespace, has the same cache. The limit of
/// [`Settings::threshold`] holds for all of its functions together.
#[derive(Clone, Debug)]
pub struct SharedCache {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    /// The computations of this process.
    pub(crate) flights: LocalFlights,
}

impl SharedCache {
    /// A cache in this folder, which is made with mode 0700 when the first value is computed.
    ///
    /// A folder that cannot be made or written is no error: values are then computed, and a
    /// [`warning`](crate::Found::warning) says why they are not kept. It must be on a disk of this machine, because on network file
    /// systems locks may not hold.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let folder = folder.path().join("cache");
    /// use shared_cache::{Memo, Settings, SharedCache};
    ///
    /// let cache = SharedCache::files(folder, Settings::default());
    /// let squares: Memo<u64, u64> = cache.memo("square");
    /// # let _ = squares;
    /// ```
    #[must_use]
    pub fn files(folder: impl Into<PathBuf>, settings: Settings) -> Self {
        let files = Files::new(folder.into(), settings.clone());
        Self::of(Store::Files(Arc::new(files)), settings)
    }

    /// A cache in the Redis server at `address`, such as `redis://127.0.0.1:6379`, for processes on several machines.
    ///
    /// All keys begin with `shared-cache:` and the namespace, so that several caches may have one server.
    ///
    /// # Errors
    ///
    /// If the address is none, or the server does not answer within two seconds.
    #[cfg(feature = "redis")]
    pub async fn redis(
        address: &str,
        namespace: &str,
        settings: Settings,
    ) -> Result<Self, StoreError> {
        let redis = crate::redis::Redis::connect(address, namespace, settings.clone()).await?;
        Ok(Self::of(Store::Redis(Arc::new(redis)), settings))
    }

    fn of(store: Store, settings: Settings) -> Self {
        Self {
            store,
            settings,
            flights: LocalFlights::default(),
        }
    }

    /// The memoized values of one function, whose name is part of every key.
    ///
    /// `K` is the type of its arguments, a tuple if there are several, and `V` the type of its value.
    #[must_use]
    pub fn memo<K, V>(&self, function: impl Into<Arc<str>>) -> Memo<K, V>
    where
        K: Serialize,
        V: Serialize + DeserializeOwned + PartialEq,
    {
        Memo::new(self.clone(), function.into())
    }

    /// How many entries are live, of all functions.
    ///
    /// # Errors
    ///
    /// If the folder cannot be listed, or Redis does not answer.
    pub async fn live_entries(&self) -> Result<usize, StoreError> {
        self.store.len().await
    }
}
