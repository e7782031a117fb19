//! The options after `--`, and the cache that they ask for.

use std::num::NonZeroUsize;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use callbacks::App;
use serve::{AppError, Start};
use shared_cache::{Memo, Settings, SharedCache, StoreError};

use crate::{Expensive, app};

/// The app with these options.
///
/// # Errors
///
/// If there is no cache to start with: see [`Options::memo`].
pub async fn start(start: Start<Options>) -> Result<App, AppError> {
    let memo = start.options.memo(&start.data, start.worker.number).await?;
    let takes = start.options.compute_seconds;
    Ok(app(Expensive { memo, takes }))
}

/// How long the computation takes, and how its results are kept.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many seconds the computation takes
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub compute_seconds: Duration,
    /// For how many seconds a result is kept
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub ttl_seconds: Duration,
    /// How many results are kept at most
    #[arg(long, value_name = "ENTRIES", default_value = "200")]
    pub threshold: NonZeroUsize,
    /// Where results are kept: `file`, or the address of a Redis server
    #[arg(long, value_name = "file|redis://HOST:PORT", default_value = "file")]
    pub cache: Place,
}

/// Where results are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In files below `--data`: for all workers of this machine.
    Files,
    /// In the Redis server at this address: for workers on several machines.
    Redis(String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(place: &str) -> Result<Self, String> {
        match place {
            "file" => Ok(Self::Files),
            address if address.starts_with("redis:") || address.starts_with("redis+unix:") => {
                Ok(Self::Redis(address.to_owned()))
            }
            _ => Err("expected `file`, or an address such as redis://127.0.0.1:6379".to_owned()),
        }
    }
}

/// Why there is no cache to start with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// `--cache redis://…`, in a program that was built without it.
    #[error(
        "this program was built without Redis: build it with the feature `redis`, as \
         `cargo xtask run option4 -- --cache redis://…` does, or take `--cache file`"
    )]
    NoRedis,
    /// The Redis server does not answer, or its address is not one.
    #[error("{0}; give the address of a server that runs, or take `--cache file`")]
    Unreachable(#[from] StoreError),
}

impl Options {
    /// What is remembered of the expensive computation. Files are below `data`, and name this worker.
    ///
    /// # Errors
    ///
    /// If the cache should be in Redis and cannot be. Files are made when the first result is written.
    pub async fn memo(
        &self,
        data: &Path,
        worker: u32,
    ) -> Result<Memo<Option<String>, Option<String>>, OpenError> {
        let settings = Settings {
            ttl: self.ttl_seconds,
            threshold: self.threshold,
            worker,
            ..Settings::default()
        };
        let cache = match &self.cache {
            Place::Files => SharedCache::files(data.join("cache"), settings),
            Place::Redis(address) => redis(address, settings).await?,
        };
        Ok(cache.memo("compute_expensive_data"))
    }
}

#[cfg(feature = "redis")]
async fn redis(address: &str, settings: Settings) -> Result<SharedCache, OpenError> {
    Ok(SharedCache::redis(address, "option4", settings).await?)
}

#[cfg(not(feature = "redis"))]
#[expect(
    clippy::unused_async,
    reason = "with the feature `redis` it waits for the server"
)]
async fn redis(_: &str, _: Settings) -> Result<SharedCache, OpenError> {
    Err(OpenError::NoRedis)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::try_from_secs_f64);
    seconds
        .and_then(Result::ok)
        .ok_or_else(|| "expected a number of seconds, such as 5 or 0.5".to_owned())
}
