//! `dcc.Store`: data in the browser.

use serde::{Deserialize, Serialize};

use crate::component::component;
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

component! {
    /// `dcc.Store`: holds data in the browser, where callbacks write and read it.
    ///
    /// `T` is any type that serde can write and read; by default any JSON.
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
    Store<T> {
        /// The data.
        data / with_data: T = "data";
        /// Where the data is kept.
        storage_type / with_storage_type: StorageType = "storage_type";
        /// Set to `true`, it empties the store.
        clear_data / with_clear_data: bool = "clear_data";
        /// When the data last changed, in milliseconds since 1970.
        modified_timestamp / with_modified_timestamp: f64 = "modified_timestamp";
    }
}

impl<T: Serialize> Store<T> {
    /// An empty store with this id, in the page's memory.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}
