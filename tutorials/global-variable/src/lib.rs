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
/// The app: what was typed last, by whomever, stands in the heading.
pub fn app() -> App {
    let input = dcc::Input::new("input").with_auto_complete("off");
    let content = html::H1::new("content");

    App::new("A global variable")
        .callback(
            Output(content.children()),
            Input(input.value()),
            update_output,
        )
// ANCHOR_END: app
        .layout(
            html::div((
                html::p("Each key press stores your text in a variable of one process, and shows what that variable held before.")
                    .class("lead"),
                html::label("Your text").with_html_for("input"),
                input,
                content,
                html::p("Open this page a second time and type in turn. With one worker you read what the other page wrote. \
                    With eight you read what the worker that answers happens to hold.")
                    .class("note"),
            ))
            .class("container"),
        )
}

// ANCHOR: callback
/// Puts the new value into the variable and gives the old one.
///
/// A page that is opened calls this with no value, and so empties the copy of the worker that answers.
async fn update_output(value: Option<String>) -> Option<String> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    mem::replace(&mut *shared, value)
}
// ANCHOR_END: callback

#[cfg(test)]
mod tests;
