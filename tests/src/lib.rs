//! The harness of the end-to-end tests: an app as several processes, people in front of browsers, and what they see.
//!
#![cfg_attr(feature = "browser", doc = "```no_run")]
#![cfg_attr(not(feature = "browser"), doc = "```ignore")]
//! use end_to_end::{App, Workers, with_browser};
//!
//! with_browser(Workers::One, async |browser, workers| {
//!     let app = App::start("global-variable").workers(workers).await;
//!     let ann = browser.open(&app).await;
//!     let bob = browser.open(&app).await;
//!     ann.type_text("#input", "a").await;
//!     ann.settled().await;
//!     bob.type_text("#input", "b").await;
//!     bob.wait_for_text("#content", "a").await;
//! });
//! ```
//!
//! Three rules make these tests repeatable.
//! Nothing waits for time to pass: every wait is for a state, and one that ends without it says what it wanted and what it saw.
//! Nothing has a fixed address: the app, ChromeDriver and Chromium each choose a free port and say which.
//! Nothing is left behind: what a test starts it ends, by its own process id, also when the test panics.
//!
//! Everything here panics when it fails, with a message for the reader of a test's output. There is no caller
//! who could do anything else about it.
//!
//! The browser's half is behind the feature `browser`, so that a plain `cargo test` neither builds a WebDriver client nor needs Chromium.

mod app;
mod backend;
mod http;
mod process;
mod process_table;
mod program;
mod redis;
mod sockets;
mod start;
mod transcript;
mod wait;
mod wire;
mod xtask;

#[cfg(feature = "browser")]
mod browser;
#[cfg(feature = "browser")]
mod calls;
#[cfg(feature = "browser")]
mod chromium;
#[cfg(feature = "browser")]
mod counts;
#[cfg(feature = "browser")]
mod page;
#[cfg(feature = "browser")]
mod person;
#[cfg(feature = "browser")]
mod request;

pub use app::App;
pub use backend::Backend;
pub use http::{Address, Connection, Response};
pub use process::Pid;
pub use process_table::ProcessTable;
pub use redis::RedisServer;
pub use start::{Refusal, Start};
pub use transcript::{Transcript, TranscriptError, without_chance};
pub use wait::{DEADLINE, until};
pub use wire::{Property, call};

#[cfg(feature = "browser")]
pub use browser::{Browser, in_browser, with_browser};
#[cfg(feature = "browser")]
pub use calls::Call;
#[cfg(feature = "browser")]
pub use counts::Workers;
#[cfg(feature = "browser")]
pub use page::{BACKSPACE, Emulated, Page};
#[cfg(feature = "browser")]
pub use person::{ConsoleError, Person};
#[cfg(feature = "browser")]
pub use request::Request;
