//! What comes before the app: its option, and the store.

use std::time::Duration;

use callbacks::App;
use serve::{AppError, Start};
use session_store::{SessionRecords, Store, StoreKind};

use crate::cookies;

/// The prefix of the keys in Redis, which other apps may use too.
const APP: &str = "option1";

/// How often expired sessions are removed.
const SWEEP: Duration = Duration::from_secs(3600);

/// The options after `--`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where sessions are kept: `file`, `sqlite`, or the address of a Redis server, redis://…
    #[arg(long, value_name = "STORE", default_value = "file")]
    pub store: StoreKind,
}

/// Opens the store, and makes the app over it.
///
/// # Errors
///
/// If the store cannot be opened: the folder, the database, or no Redis server at the address.
pub async fn start(start: Start<Options>) -> Result<App, AppError> {
    let store = Store::open(&start.options.store, &start.data, APP).await?;
    tokio::spawn(store.clone().sweep_every(SWEEP));
    let records = SessionRecords::new(store.clone(), start.worker.number);
    // A browser sends a `Secure` cookie over https alone. An app that only this machine can reach is asked over http.
    let local = start
        .address
        .is_some_and(|address| address.ip().is_loopback());
    Ok(crate::app(store, cookies(records, !local)))
}
