//! Option 3: the data between two callbacks is JSON in a div that is not displayed.
//!
//! Run it: `cargo xtask run option3 --workers 8`
//!
//! The chapter: docs/src/option3.md

use callbacks::{App, CallbackError, Input, Output, State, Trigger, dcc, html};
use serde::{Deserialize, Serialize};

/// What the div holds, as JSON: both inputs as they were at the last click.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    input_1: Option<String>,
    input_2: Option<String>,
}

/// The app: the button fills the hidden div from the inputs, and the div fills the text.
pub fn app() -> App {
    let input_1 = dcc::Input::new("input_1");
    let input_2 = dcc::Input::new("input_2");
    let button = html::Button::new("button").with_children("Store both");
    let content = html::Div::new("content").live();
    // ANCHOR: div
    let cache = html::Div::new("cache").with_style([("display", "none")]);
    // ANCHOR_END: div

    App::new("Option 3: a hidden div")
        .callback(
            Output(cache.text()),
            (
                Trigger(button.n_clicks()),
                State(input_1.value()),
                State(input_2.value()),
            ),
            store,
        )
        .callback(Output(content.children()), Input(cache.text()), show)
        .layout((
            html::p(LEAD).class("lead"),
            input_1.label("First value"),
            input_1,
            input_2.label("Second value"),
            input_2,
            button,
            content,
            cache,
        ))
}

// ANCHOR: store
/// From the inputs to the div. A div holds text, so the callback writes the JSON itself.
async fn store(input_1: Option<String>, input_2: Option<String>) -> serde_json::Result<String> {
    serde_json::to_string(&Values { input_1, input_2 })
}
// ANCHOR_END: store

// ANCHOR: show
/// From the div to the text. It reads the JSON itself, and fails if somebody has changed it into something else.
async fn show(cache: Option<String>) -> Result<Option<String>, CallbackError> {
    let Some(json) = cache else { return Ok(None) };
    let Values { input_1, input_2 } = serde_json::from_str(&json)?;
    let text = |value: Option<String>| value.unwrap_or_else(|| "None".to_owned());
    Ok(Some(format!("{} {}", text(input_1), text(input_2))))
}
// ANCHOR_END: show

const LEAD: &str = "A click writes both values as JSON into an element that is not displayed; \
    only then the text below changes.";

#[cfg(test)]
mod tests;
