//! A global variable: each process has its own copy of it.
//!
//! Run it: `cargo xtask run global-variable --workers 8`
//!
//! The chapter: docs/src/global-variable.md

use std::mem;
use std::sync::{Mutex, PoisonError};

use callbacks::{App, Input, Output, dcc, html};

// ANCHOR: variable
/// The one copy of this process. All its pages share it, and no other process sees it.
static SHARED: Mutex<Option<String>> = Mutex::new(None);
// ANCHOR_END: variable

// ANCHOR: app
/// The app: the heading shows whatever was typed last, by anyone.
pub fn app() -> App {
    let input = dcc::Input::new("input");
    let content = html::H1::new("content");

    App::new("A global variable")
        .callback(
            Output(content.children()),
            Input(input.value()),
            update_output,
        )
        .layout((
            html::p(LEAD).class("lead"),
            input.label("Your text"),
            input,
            content,
            html::p(NOTE).class("note"),
        ))
}
// ANCHOR_END: app

// ANCHOR: callback
/// Puts the new value into the variable and returns the old one.
///
/// A page that is opened calls this with no value, and so empties the copy of the worker that answers.
async fn update_output(value: Option<String>) -> Option<String> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    mem::replace(&mut *shared, value)
}
// ANCHOR_END: callback

const LEAD: &str = "Each key press stores your text in a variable of one process, and shows what \
    that variable held before.";

const NOTE: &str = "Open this page a second time and type in turn. With one worker you read what \
    the other page wrote. With eight you read what the worker that answers happens to hold.";

#[cfg(test)]
mod tests;
