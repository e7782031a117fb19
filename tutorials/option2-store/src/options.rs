//! The options after `--`.

use callbacks::dcc::StorageType;

/// The options of `option2-inputs` and `option2-counter`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// How long the browser keeps what is stored: `memory` until the page is loaded again, `session` until the tab is closed,
    /// `local` until it is deleted, for all tabs
    #[arg(long, value_name = "STORAGE", default_value = "memory")]
    pub storage: StorageType,
}
