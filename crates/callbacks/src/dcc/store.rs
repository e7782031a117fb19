//! `dcc.Store`: data in the browser.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::component::component;
use crate::property::Id;

/// Where a [`Store`] keeps its data, and so how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageType {
    /// In the page: a reload empties it.
    #[default]
    Memory,
    /// In the browser, until it is cleared; all tabs share it.
    Local,
    /// In the tab, until it is closed.
    Session,
}

/// Reads `memory`, `local` or `session`, as an option of a program has it.
///
/// ```
/// use callbacks::dcc::StorageType;
///
/// assert_eq!("local".parse(), Ok(StorageType::Local));
/// assert_eq!(StorageType::Local.to_string(), "local");
/// ```
impl FromStr for StorageType {
    type Err = UnknownStorageType;

    fn from_str(name: &str) -> Result<Self, UnknownStorageType> {
        match name {
            "memory" => Ok(Self::Memory),
            "local" => Ok(Self::Local),
            "session" => Ok(Self::Session),
            _ => Err(UnknownStorageType(name.to_owned())),
        }
    }
}

impl fmt::Display for StorageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Local => "local",
            Self::Session => "session",
        })
    }
}

/// A text that names no [`StorageType`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a storage type; expected `memory`, `session` or `local`")]
pub struct UnknownStorageType(String);

component! {
    /// `dcc.Store`: holds data in the browser, where callbacks write and read it.
    ///
    /// `T` is any type that serde can write and read. What is written is read back as the same value: where JSON or a browser's numbers
    /// cannot hold it, the callback that writes it fails, or the app does not start. That is NaN, an infinity, `Some(None)`, a whole number
    /// beyond 2^53 that a browser rounds, and a map whose keys are neither text nor numbers.
    ///
    /// ```
    /// use callbacks::dcc;
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Row { x: u32, y: u32 }
    ///
    /// let cache = dcc::Store::<Vec<Row>>::new("cache");
    /// assert_eq!(cache.data().to_string(), "cache.data");
    /// ```
    unseen Store<T>: {
        /// The data.
        data / with_data: (into T) = "data";
        /// Where the data is kept.
        storage_type / with_storage_type: StorageType = "storage_type";
        /// Set to `true`, it empties the store: the browser sets the data to null, and this to `false` again.
        clear_data / with_clear_data: bool = "clear_data";
        /// When the data last changed, in milliseconds since 1970; -1 if the browser has kept nothing.
        modified_timestamp / with_modified_timestamp: f64 = "modified_timestamp";
    }
}

impl<T> Store<T> {
    /// An empty store with this id, in the page's memory.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}
