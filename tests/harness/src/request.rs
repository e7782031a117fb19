//! What the browser's network panel knows of a request.

use serde::Deserialize;

/// One request of a page, with its answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Request {
    /// The address that was asked for.
    #[serde(rename = "name")]
    pub url: String,
    /// What asked: `navigation`, `script`, `link`, `css`, `fetch`.
    #[serde(rename = "initiatorType")]
    pub initiator: String,
    /// Bytes over the wire, headers included; 0 when it came from the browser's cache.
    #[serde(rename = "transferSize")]
    pub transferred: u64,
}

/// Collects the entries, that of the page itself first.
pub(crate) const SCRIPT: &str = "['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type)).map((entry) => entry.toJSON())";
