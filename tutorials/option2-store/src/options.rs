//! The options after `--`.

use callbacks::{App, dcc::StorageType};
use serve::{AppError, Start};
use session_store::{Store, StoreKind};

use crate::counter;

/// The options of `option2-inputs` and `option2-counter`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// How long the browser keeps what is stored: `memory` until the page is loaded again, `session` until the tab is closed,
    /// `local` until it is deleted, for all tabs
    #[arg(long, value_name = "STORAGE", default_value = "memory")]
    pub storage: StorageType,
}

/// Opens the file with the sums of `option2-counter`, and makes the app over it.
///
/// # Errors
///
/// If the folder cannot be written to.
pub async fn start_counter(start: Start<Options>) -> Result<App, AppError> {
    let sums = Store::open(&StoreKind::File, &start.data, "option2-counter").await?;
    Ok(counter::app(start.options.storage, sums))
}
