//! The options after `--`, and the cache that they ask for.

use std::num::NonZeroUsize;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use callbacks::App;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use serve::{AppError, Start};
use shared_cache::{Settings, SharedCache, StoreError};

use crate::{Expensive, Remembered, app};

/// The app with these options.
///
/// # Errors
///
/// If there is no cache to start with: see [`Options::memo`].
pub async fn start(start: Start<Checked>) -> Result<App, AppError> {
    let Checked(options) = start.options;
    let memo = options.memo(&start.data, start.worker.number).await?;
    let takes = options.compute_seconds;
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
    /// Where results are kept: `file`, the address of a Redis server, or `process`, the memory of each worker
    #[arg(
        long,
        value_name = "file|redis://HOST:PORT|process",
        default_value = "file"
    )]
    pub cache: Place,
}

/// The options, none of which another one makes meaningless.
#[derive(Clone, Debug)]
pub struct Checked(pub Options);

impl FromArgMatches for Checked {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let options = Options::from_arg_matches(matches)?;
        let is_given = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let given = ["ttl_seconds", "threshold"].into_iter().find(is_given);
        match given {
            Some(id) if options.cache == Place::Process => {
                let flag = id.replace('_', "-");
                let message = format!(
                    "`--{flag}` cannot be used with `--cache process`: its limits, 60 s and 200 \
                     results, are literals in the source, which the macro `#[cached]` needs when \
                     it compiles; leave `--{flag}` out, or take `--cache file`\n"
                );
                Err(clap::Error::raw(ErrorKind::ArgumentConflict, message))
            }
            _ => Ok(Self(options)),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Checked {
    fn augment_args(command: Command) -> Command {
        Options::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Options::augment_args_for_update(command)
    }
}

/// Where results are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In files below `--data`: for all workers of this machine.
    Files,
    /// In the Redis server at this address: for workers on several machines.
    Redis(String),
    /// In the memory of each worker, which no other worker sees.
    Process,
}

/// How the address of a Redis server begins.
const REDIS: [&str; 3] = ["redis:", "rediss:", "redis+unix:"];

impl FromStr for Place {
    type Err = String;

    fn from_str(place: &str) -> Result<Self, String> {
        match place {
            "file" => Ok(Self::Files),
            "process" => Ok(Self::Process),
            address if REDIS.iter().any(|scheme| address.starts_with(scheme)) => {
                Ok(Self::Redis(address.to_owned()))
            }
            _ => Err(
                "expected `file`, `process`, or an address such as redis://127.0.0.1:6379"
                    .to_owned(),
            ),
        }
    }
}

/// Why there is no cache to start with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A cache that this program was built without.
    #[error(
        "this program was built without the feature `{feature}`, which this value of `--cache` \
         needs: build it with that, as `cargo xtask run option4` does, or take `--cache file`"
    )]
    NotBuilt {
        /// What is missing.
        feature: &'static str,
    },
    /// The Redis server does not answer, or its address is not one.
    #[error("{0}; or take `--cache file`")]
    Unreachable(#[from] StoreError),
}

impl Options {
    /// What is remembered of the expensive computation. Files are below `data`, and name this worker.
    ///
    /// # Errors
    ///
    /// If the cache should be in Redis and cannot be, or the program was built without it. Files are made when the first result is
    /// written.
    pub async fn memo(&self, data: &Path, worker: u32) -> Result<Remembered, OpenError> {
        let settings = Settings {
            ttl: self.ttl_seconds,
            threshold: self.threshold,
            worker,
            ..Settings::default()
        };
        let cache = match &self.cache {
            Place::Files => SharedCache::files(data.join("cache"), settings),
            Place::Redis(address) => redis(address, settings).await?,
            Place::Process => return process(worker),
        };
        Ok(Remembered::Together(cache.memo("compute_expensive_data")))
    }
}

#[cfg(feature = "process")]
fn process(worker: u32) -> Result<Remembered, OpenError> {
    let process = std::process::id();
    Ok(Remembered::Alone(shared_cache::Writer { worker, process }))
}

#[cfg(not(feature = "process"))]
fn process(_: u32) -> Result<Remembered, OpenError> {
    Err(OpenError::NotBuilt { feature: "process" })
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
async fn redis(address: &str, _: Settings) -> Result<SharedCache, OpenError> {
    let is_encrypted = address.starts_with("rediss:");
    let feature = if is_encrypted { "tls" } else { "redis" };
    Err(OpenError::NotBuilt { feature })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::try_from_secs_f64);
    seconds
        .and_then(Result::ok)
        .ok_or_else(|| "expected a number of seconds, such as 5 or 0.5".to_owned())
}
