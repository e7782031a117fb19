//! The options after `--`.

use callbacks::{App, dcc::StorageType};
use serve::{AppError, Start};
use session_store::{Store, StoreKind};

/// The options of `option2-inputs` and `option2-counter`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// How long the browser keeps what is stored: `memory` until the page is loaded again, `session` until the tab is closed,
    /// `local` until it is deleted, for all tabs
    #[arg(long, value_name = "STORAGE", default_value = "memory")]
    pub storage: StorageType,
}

/// Opens the store for the server's sum, and makes the app `option2-counter` over it.
///
/// # Errors
///
/// If the folder cannot be made.
pub async fn counter(start: Start<Options>) -> Result<App, AppError> {
    let sums = Store::open(&StoreKind::File, &start.data, "option2-counter").await?;
    Ok(crate::counter::app(start.options.storage, sums))
}
