//! One memoized function: ask the cache, wait for whoever computes, or compute.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cache::SharedCache;
use crate::error::{Error, Failure, StoreError};
use crate::flights::{Leader, Outcome, Role, Unkept};
use crate::found::{Found, Origin};
use crate::key::Key;
use crate::store::{Ended, Flight, Kept, Turn};

/// The memoized values of one function from `K` to `V`, in a [`SharedCache`].
pub struct Memo<K, V> {
    cache: SharedCache,
    function: Arc<str>,
    types: PhantomData<fn(K) -> V>,
}

impl<K, V> Memo<K, V> {
    pub(crate) fn new(cache: SharedCache, function: Arc<str>) -> Self {
        Self {
            cache,
            function,
            types: PhantomData,
        }
    }
}

impl<K, V> Clone for Memo<K, V> {
    fn clone(&self) -> Self {
        Self::new(self.cache.clone(), Arc::clone(&self.function))
    }
}

impl<K, V> fmt::Debug for Memo<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo")
            .field("function", &self.function)
            .field("cache", &self.cache)
            .finish()
    }
}

impl<K, V> Memo<K, V>
where
    K: Serialize,
    V: Serialize + DeserializeOwned + PartialEq,
{
    /// The value for these arguments: from the cache, from the call that is computing it now in whatever process, or computed here.
    ///
    /// Of any number of calls at once, in any number of processes, one computes. If its process is killed, or its future dropped, the
    /// next one computes. If its computation fails or panics, those who waited get the failure, and nothing is cached. If its value cannot
    /// be kept, those who waited get it too, as long as it can be passed on: on a disk that takes not one file more, other
    /// processes compute for themselves.
    ///
    /// A computation that blocks its thread keeps whatever else that thread does from going on: give it to `tokio::task::spawn_blocking`.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let folder = folder.path().join("cache");
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(async {
    /// use shared_cache::{Memo, Origin, Settings, SharedCache};
    ///
    /// let cache = SharedCache::files(folder, Settings { worker: 3, ..Settings::default() });
    /// let lengths: Memo<(String, bool), usize> = cache.memo("length");
    ///
    /// let arguments = ("cache".to_owned(), true);
    /// let first = lengths.get_or_compute(&arguments, async || Ok::<_, std::io::Error>(5)).await?;
    /// assert_eq!((first.value, first.origin, first.computed_by.worker), (5, Origin::Miss, 3));
    ///
    /// let second = lengths.get_or_compute(&arguments, async || Ok::<_, std::io::Error>(6)).await?;
    /// assert_eq!((second.value, second.origin), (5, Origin::Hit));
    /// # Ok::<(), shared_cache::Error<std::io::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// That of the computation, be it this call's or the one that it waited for; that the arguments cannot be a
    /// key; and that Redis cannot be asked. Those who waited for a value that JSON cannot hold get an error too, and the one who computed
    /// it gets it with a [`warning`](Found::warning).
    pub async fn get_or_compute<E: fmt::Display, Fut>(
        &self,
        arguments: &K,
        compute: impl FnOnce() -> Fut,
    ) -> Result<Found<V>, Error<E>>
    where
        Fut: Future<Output = Result<V, E>>,
    {
        let key = self.key(arguments)?;
        if let Some(found) = self.look_up(&key, Origin::Hit).await? {
            return Ok(found);
        }
        loop {
            let follower = match self.cache.flights.join(&key) {
                Role::Leader(leader) => return self.lead(leader, &key, compute).await,
                Role::Follower(follower) => follower,
            };
            tracing::debug!("waits for another call of this process: {}", key.text());
            match follower.outcome().await {
                Some(Ok(kept)) => {
                    if let Some(found) = self.found(&key, &kept, Origin::Wait) {
                        return Ok(found);
                    }
                }
                Some(Err(unkept)) => return Err(unkept.into()),
                // Whoever computed does not want the value any more. The first of those who waited takes over.
                None => {}
            }
        }
    }

    /// The live value in the cache, if there is one. It neither computes nor waits.
    ///
    /// # Errors
    ///
    /// That the arguments cannot be a key, or Redis cannot be asked.
    pub async fn get(&self, arguments: &K) -> Result<Option<Found<V>>, Error<Infallible>> {
        let key = self.key(arguments)?;
        self.look_up(&key, Origin::Hit).await
    }

    fn key<E>(&self, arguments: &K) -> Result<Key, Error<E>> {
        Ok(Key::new(&self.function, arguments)?)
    }

    /// Waits for other processes, computes if none has, and tells those in this process who follow.
    async fn lead<E: fmt::Display, Fut>(
        &self,
        leader: Leader,
        key: &Key,
        compute: impl FnOnce() -> Fut,
    ) -> Result<Found<V>, Error<E>>
    where
        Fut: Future<Output = Result<V, E>>,
    {
        let (flight, warning, origin) = match self.cache.store.begin(key).await {
            Ok(Turn::Ours { flight, waited }) => (
                Some(flight),
                None,
                if waited { Origin::Wait } else { Origin::Hit },
            ),
            Ok(Turn::Theirs(Ok(Some(kept)))) => {
                if let Some(found) = self.found(key, &kept, Origin::Wait) {
                    leader.finish(Ok(Arc::new(kept)));
                    return Ok(found);
                }
                (None, None, Origin::Wait)
            }
            Ok(Turn::Theirs(Ok(None))) => (None, None, Origin::Wait),
            Ok(Turn::Alone(warning)) => {
                tracing::warn!("{warning}");
                (None, Some(warning), Origin::Hit)
            }
            Ok(Turn::Theirs(Err(failure))) => {
                return give_up(leader, Unkept::Failed(failure));
            }
            Err(error) => return give_up(leader, Unkept::Store(error)),
        };
        // The value may have been written since this call looked for it.
        match self.cache.store.read(key).await {
            Ok(Some(kept)) => {
                if let Some(found) = self.found(key, &kept, origin) {
                    end(flight, Ended::Done).await;
                    leader.finish(Ok(Arc::new(kept)));
                    return Ok(found);
                }
            }
            Ok(None) => {}
            Err(error) => return give_up(leader, Unkept::Store(error)),
        }
        self.compute(leader, key, flight, warning, compute).await
    }

    async fn compute<E: fmt::Display, Fut>(
        &self,
        leader: Leader,
        key: &Key,
        flight: Option<Flight>,
        warning: Option<StoreError>,
        compute: impl FnOnce() -> Fut,
    ) -> Result<Found<V>, Error<E>>
    where
        Fut: Future<Output = Result<V, E>>,
    {
        let computation = AssertUnwindSafe(async { compute().await }).catch_unwind();
        let computed = computation.await;
        let failure = match computed {
            Ok(Ok(value)) => return self.keep(leader, key, flight, warning, value).await,
            Ok(Err(error)) => {
                let message = error.to_string();
                (message, Ok(Error::Computation(error)))
            }
            Err(panic) => (panic_message(&*panic), Err(panic)),
        };
        let (message, cause) = failure;
        let failure = Failure {
            message,
            writer: self.cache.settings.writer(),
        };
        end(flight, Ended::Failed(failure.clone())).await;
        leader.finish(Err(Unkept::Failed(failure)));
        match cause {
            Ok(error) => Err(error),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Writes what was computed, and only then lets others have their turn.
    async fn keep<E>(
        &self,
        leader: Leader,
        key: &Key,
        mut flight: Option<Flight>,
        mut warning: Option<StoreError>,
        value: V,
    ) -> Result<Found<V>, Error<E>> {
        let writer = self.cache.settings.writer();
        let json = match to_json(&value) {
            Ok(json) => json,
            Err(reason) => {
                let error = StoreError::NotJson { reason };
                tracing::warn!("{}: {error}", key.text());
                let message = error.to_string();
                let failure = Failure { message, writer };
                end(flight, Ended::Failed(failure.clone())).await;
                leader.finish(Err(Unkept::Failed(failure)));
                return Ok(self.computed(value, Some(error)));
            }
        };
        let mut ended = Ended::Done;
        if let Err(error) = self.cache.store.write(key, &json, flight.as_mut()).await {
            tracing::warn!("{error}");
            ended = Ended::Unkept {
                value: json.clone(),
                writer,
                warning: error.to_string(),
            };
            warning = Some(error);
        }
        end(flight, ended).await;
        leader.finish(Ok(Arc::new(Kept {
            value: json,
            age: Duration::ZERO,
            writer,
            warning: warning.clone(),
        })));
        Ok(self.computed(value, warning))
    }

    /// What this call computed.
    fn computed(&self, value: V, warning: Option<StoreError>) -> Found<V> {
        Found {
            value,
            origin: Origin::Miss,
            age: Duration::ZERO,
            computed_by: self.cache.settings.writer(),
            warning,
        }
    }

    async fn look_up<E>(&self, key: &Key, origin: Origin) -> Result<Option<Found<V>>, Error<E>> {
        let kept = self.cache.store.read(key).await?;
        Ok(kept.and_then(|kept| self.found(key, &kept, origin)))
    }

    /// The value of an entry. One that is of another type, such as an earlier version of this program wrote, is as good as none.
    fn found(&self, key: &Key, kept: &Kept, origin: Origin) -> Option<Found<V>> {
        match serde_json::from_str(&kept.value) {
            Ok(value) => Some(Found {
                value,
                origin,
                age: kept.age,
                computed_by: kept.writer,
                warning: kept.warning.clone(),
            }),
            Err(error) => {
                let call = key.text();
                tracing::warn!("the cached value of {call} is not used: {error}");
                None
            }
        }
    }
}

impl<E> From<Unkept> for Error<E> {
    fn from(unkept: Unkept) -> Self {
        match unkept {
            Unkept::Failed(failure) => Self::Waited(failure),
            Unkept::Store(error) => Self::Store(error),
        }
    }
}

/// The value as JSON that gives back this very value, or what is lost.
fn to_json<V: Serialize + DeserializeOwned + PartialEq>(value: &V) -> Result<String, String> {
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    match serde_json::from_str::<V>(&json) {
        Ok(read) if read == *value => Ok(json),
        Ok(_) => Err("it gives back another value".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Tells those who follow why there is no value, and the caller too.
fn give_up<T, E>(leader: Leader, unkept: Unkept) -> Result<T, Error<E>> {
    leader.finish(Outcome::Err(unkept.clone()));
    Err(unkept.into())
}

async fn end(flight: Option<Flight>, ended: Ended) {
    if let Some(flight) = flight {
        flight.end(ended).await;
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    match message {
        Some(message) => format!("it panicked: {message}"),
        None => "it panicked".to_owned(),
    }
}
