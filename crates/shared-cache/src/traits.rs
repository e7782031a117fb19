//! The traits of the crate `cached`, so that what is written for its stores works over this one.

use std::convert::Infallible;

use cached::{ConcurrentCacheBase, ConcurrentCachedAsync};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::memo::Memo;

impl<K, V> ConcurrentCacheBase for Memo<K, V> {
    type Error = Error<Infallible>;

    fn cache_capacity(&self) -> Option<usize> {
        Some(self.cache.settings.threshold.get())
    }
}

/// A [`Memo`] is a store of `cached`, for functions that are `async`; see [the crate](crate#the-macro-of-cached).
///
/// `async_cache_get_or_set_with` and `async_cache_try_get_or_set_with` are single flight here, across all processes.
impl<K, V> ConcurrentCachedAsync<K, V> for Memo<K, V>
where
    K: Serialize + Clone + Send + Sync,
    V: Serialize + DeserializeOwned + Send,
{
    async fn async_cache_get(&self, k: &K) -> Result<Option<V>, Self::Error> {
        Ok(self.get(k).await?.map(|found| found.value))
    }

    /// A value that cannot be kept because the disk is full is a warning in the log, and no error: whoever computed it has it.
    async fn async_cache_set(&self, k: K, v: V) -> Result<Option<V>, Self::Error> {
        let previous = self.async_cache_get(&k).await?;
        let json = serde_json::to_string(&v).map_err(|error| Error::Value(error.into()))?;
        if let Err(error) = self.cache.store.write(&self.key(&k)?, &json).await {
            tracing::warn!("{error}");
        }
        Ok(previous)
    }

    async fn async_cache_remove(&self, k: &K) -> Result<Option<V>, Self::Error> {
        let removed = self.cache.store.remove(&self.key(k)?).await?;
        let live = removed.filter(|removed| removed.was_live);
        Ok(live.and_then(|removed| serde_json::from_str(&removed.value).ok()))
    }

    async fn async_cache_remove_entry(&self, k: &K) -> Result<Option<(K, V)>, Self::Error> {
        let removed = self.cache.store.remove(&self.key(k)?).await?;
        let value = removed.and_then(|removed| serde_json::from_str(&removed.value).ok());
        Ok(value.map(|value| (k.clone(), value)))
    }

    async fn async_cache_delete(&self, k: &K) -> Result<bool, Self::Error> {
        Ok(self.cache.store.remove(&self.key(k)?).await?.is_some())
    }

    async fn async_cache_contains(&self, k: &K) -> Result<bool, Self::Error> {
        Ok(self.get(k).await?.is_some())
    }

    /// Removes the entries of this function, and leaves those of others that share the cache.
    async fn async_cache_clear(&self) -> Result<(), Self::Error> {
        let prefix = crate::key::prefix(&self.function);
        Ok(self.cache.store.clear(&prefix).await?)
    }

    async fn async_cache_reset(&self) -> Result<(), Self::Error> {
        self.async_cache_clear().await
    }

    async fn async_cache_get_or_set_with<F, Fut>(&self, k: K, f: F) -> Result<V, Self::Error>
    where
        V: Clone,
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = V> + Send,
    {
        let found = self.get_or_compute(&k, || async { Ok(f().await) }).await?;
        Ok(found.value)
    }

    /// The error reaches this call as itself, and those who waited for it as [`Error::Waited`]: nothing is known of it but that it is one.
    async fn async_cache_try_get_or_set_with<F, Fut, E>(
        &self,
        k: K,
        f: F,
    ) -> Result<Result<V, E>, Self::Error>
    where
        V: Clone,
        E: Send,
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = Result<V, E>> + Send,
    {
        let describe = |_: &E| "it returned an error".to_owned();
        match self.get_or_compute_with(&k, f, describe).await {
            Ok(found) => Ok(Ok(found.value)),
            Err(Error::Computation(error)) => Ok(Err(error)),
            Err(Error::Waited(failure)) => Err(Error::Waited(failure)),
            Err(Error::Key(error)) => Err(Error::Key(error)),
            Err(Error::Value(error)) => Err(Error::Value(error)),
            Err(Error::Store(error)) => Err(Error::Store(error)),
        }
    }
}
