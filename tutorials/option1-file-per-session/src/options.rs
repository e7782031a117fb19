//! What comes before the app: its option, the store, and the cookie.

use std::time::Duration;

use callbacks::App;
use serve::{AppError, Start};
use session_store::{SessionRecords, Store, StoreKind};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

/// What begins the keys in Redis, and the name of the cookie: cookies ignore the port, and so the apps of two ports share them.
const APP: &str = "option1";
const COOKIE: &str = "option1.sid";

/// How long a browser's own session lasts after its last click.
const IDLE: time::Duration = time::Duration::DAY;

/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_secs(3600);

/// The layer that finds a browser's session by its cookie.
pub type Cookies = SessionManagerLayer<SessionRecords>;

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
    // A browser sends a `Secure` cookie by https alone. An app that only this machine reaches is asked by http.
    let local = start
        .address
        .is_some_and(|address| address.ip().is_loopback());
    Ok(crate::app(store, cookies(records, !local)))
}

/// The cookie: a random id that scripts cannot read, that no other site can make the browser send, and that ends.
#[must_use]
pub fn cookies(records: SessionRecords, secure: bool) -> Cookies {
    SessionManagerLayer::new(records)
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(IDLE))
}
