//! The options after `--`.

use callbacks::dcc::StorageType;

/// The options of `option2-inputs`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// How long the browser keeps what is stored
    #[arg(long, value_enum, default_value_t)]
    pub storage: Storage,
}

/// How long the browser keeps what is stored.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum Storage {
    /// Until the page is loaded again
    #[default]
    Memory,
    /// Until the tab is closed
    Session,
    /// Until it is deleted; all tabs share it
    Local,
}

impl From<Storage> for StorageType {
    fn from(storage: Storage) -> Self {
        match storage {
            Storage::Memory => Self::Memory,
            Storage::Session => Self::Session,
            Storage::Local => Self::Local,
        }
    }
}
