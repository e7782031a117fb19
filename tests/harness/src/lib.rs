//! A program under test: started, waited for, asked over HTTP, looked at from outside, and ended by its own id.
//!
//! What the tests of every package share; and for the lessons' tests, an app as several processes, people in front of browsers, and what they
//! see. [`suite`] shows such a test.
//!
//! Three rules make these tests repeatable.
//! Nothing waits for time to pass: every wait is for a state, and one that ends without it says what it wanted and what it saw.
//! Nothing has a fixed address: the app, ChromeDriver and Chromium each choose a free port and say which.
//! Nothing is left behind: what a test starts it ends, by its own process id, also when the test panics.
//!
//! What returns no `Result` panics when it fails, with a message for the reader of a test's output. There is no caller
//! who could do anything else about it.

mod app;
mod backend;
mod browser;
mod calls;
mod chromium;
mod counts;
mod failure;
pub mod http;
mod page;
mod person;
mod pool;
pub mod process;
mod process_table;
mod program;
mod recorder;
mod redis;
mod request;
mod session;
mod sockets;
mod start;
pub mod suite;
mod transcript;
pub mod wait;
mod wire;
mod xtask;

pub use app::App;
pub use backend::Backend;
pub use browser::{Browser, alone};
pub use calls::Call;
pub use counts::Workers;
pub use http::{Address, Connection, Response};
pub use page::{BACKSPACE, Emulated, Page, TAB};
pub use person::Person;
pub use process::Pid;
pub use process_table::ProcessTable;
pub use recorder::Recorder;
pub use redis::RedisServer;
pub use request::Request;
pub use start::{Refusal, Start};
pub use suite::{Test, run_suite};
pub use transcript::{Transcript, TranscriptError, without_chance};
pub use wait::{DEADLINE, until};
pub use wire::{Property, call};
