//! What the browser's network panel knows of a request.

use std::collections::BTreeMap;

use serde_json::Value;

/// One request of a page, with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The address that was asked for.
    pub url: String,
    /// What asked: `navigation`, `script`, `link`, `css`, `fetch`.
    pub initiator: String,
    /// The status of the answer.
    pub status: u64,
    /// Bytes over the wire, headers included; 0 when it came from the browser's cache.
    pub transferred: u64,
    /// The entries of `Server-Timing`: name, and description or duration.
    pub timings: BTreeMap<String, String>,
}

/// Collects the entries, that of the page itself first.
pub(crate) const SCRIPT: &str = "[
    ...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource'),
].map((entry) => ({
    url: entry.name,
    initiator: entry.initiatorType,
    status: entry.responseStatus,
    transferred: entry.transferSize,
    timings: Object.fromEntries(entry.serverTiming.map((timing) => [timing.name, timing.description || String(timing.duration)])),
}))";

impl Request {
    /// The path of the address.
    pub fn path(&self) -> &str {
        let after_scheme = self
            .url
            .split_once("://")
            .map_or(self.url.as_str(), |(_, rest)| rest);
        let path = after_scheme
            .find('/')
            .map_or("/", |slash| &after_scheme[slash..]);
        path.split(['?', '#']).next().unwrap_or(path)
    }

    /// The number of the worker that answered, as `Server-Timing` tells it.
    pub fn worker(&self) -> Option<usize> {
        self.timings.get("worker")?.parse().ok()
    }
}

pub(crate) fn parse(entries: &Value) -> Vec<Request> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parse = |entry: &Value| Request {
        url: text(&entry["url"]),
        initiator: text(&entry["initiator"]),
        status: entry["status"].as_u64().unwrap_or_default(),
        transferred: entry["transferred"].as_u64().unwrap_or_default(),
        timings: entry["timings"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
    };
    entries
        .as_array()
        .into_iter()
        .flatten()
        .map(parse)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_knows_its_path_and_its_worker() {
        let entries = json!([{
            "url": "http://127.0.0.1:49152/_dash-update-component?endId=1",
            "initiator": "fetch", "status": 200, "transferred": 312, "timings": {"worker": "3"},
        }]);
        let request = &parse(&entries)[0];
        assert_eq!(request.path(), "/_dash-update-component");
        assert_eq!(request.worker(), Some(3));
    }
}
