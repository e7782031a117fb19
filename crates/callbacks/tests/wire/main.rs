//! What crosses the wire, app by app: each test writes a small Dash app in Rust and expects, to the byte where it matters, what Dash
//! 4.4.1 was recorded to send for the same app in Python.
//!
//! Two differences are meant. Dash escapes `/`, `<`, `>` and all beyond ASCII in JSON text; this crate sends plain UTF-8, which reads the
//! same. And Dash answers a bad request with a page of HTML and mostly status 500, where this crate says in a sentence what was wrong.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its assumption is wrong"
)]

mod bad_requests;
mod chains;
mod ends;
mod exchange;
mod initial_calls;
mod initial_cases;
mod layouts;
mod limits;
mod mistakes;
mod mounted;
mod pages;
mod properties;
mod recorded;
mod written;
