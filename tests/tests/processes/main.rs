//! Several workers seen through HTTP: no browser, and nothing between the test and the socket.

mod book;
mod caches;
mod chain;
mod histories;
mod lessons;
mod malice;
mod redis;
mod sessions;
mod supervisor;

/// Where a page sends its calls.
const UPDATE: &str = "/_dash-update-component";
