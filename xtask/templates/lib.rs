//! A new lesson: a heading counts the characters in a field.
//!
//! Run it: `cargo xtask run new-lesson --workers 8`
//!
//! The chapter: docs/src/new-lesson.md

use callbacks::{App, Input, Output, dcc, html};

// ANCHOR: app
/// The app: the heading follows from the field.
pub fn app() -> App {
    let input = dcc::Input::new("input");
    let content = html::H1::new("content");

    App::new("A new lesson")
        .callback(Output(content.children()), Input(input.value()), count)
        .layout((
            html::p("Each key is a call. Its answer depends only on what came with it.")
                .class("lead"),
            input.label("Your text"),
            input,
            content,
        ))
}
// ANCHOR_END: app

// ANCHOR: callback
/// Counts what the page has sent, and keeps nothing.
async fn count(text: Option<String>) -> String {
    match text.unwrap_or_default().chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    }
}
// ANCHOR_END: callback

#[cfg(test)]
mod tests;
