//! The options after `--`, and the cache below `--data`.

use std::time::Duration;

use callbacks::App;
use serve::{AppError, Start};
use shared_cache::{Settings, SharedCache};

use crate::{Sales, app};

/// How the tables come to be.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many seconds a computation takes
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    pub compute_seconds: Duration,
    /// Leave the signal and the cache out: each graph computes for itself
    #[arg(long)]
    pub without_signal: bool,
}

/// The app with these options.
///
/// # Errors
///
/// None: the folder of the cache is made when the first table is written.
pub async fn start(start: Start<Options>) -> Result<App, AppError> {
    let settings = Settings {
        worker: start.worker.number,
        ..Settings::default()
    };
    let cache = SharedCache::files(start.data.join("cache"), settings);
    Ok(app(&Sales {
        memo: cache.memo("sales"),
        takes: start.options.compute_seconds,
        has_signal: !start.options.without_signal,
    }))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::try_from_secs_f64);
    seconds
        .and_then(Result::ok)
        .ok_or_else(|| "expected a number of seconds, such as 5 or 0.5".to_owned())
}
