//! Option 2 with inputs: a click stores what two inputs hold, and the store's change shows it.
//!
//! Run it: `cargo xtask run option2-inputs --workers 8`, or `… -- --storage session`, or `… -- --storage local`
//!
//! The chapter: docs/src/option2.md

use callbacks::dcc::StorageType;
use callbacks::{App, Input, Output, State, Trigger, dcc, html};
use serde::{Deserialize, Serialize};

// ANCHOR: values
/// What the store holds: both inputs as they were at the last click.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    input_1: Option<String>,
    input_2: Option<String>,
}
// ANCHOR_END: values

/// The app: the button fills the store from the inputs, and the store fills the text. The browser keeps the store this long.
pub fn app(storage: StorageType) -> App {
    let input_1 = dcc::Input::new("input_1");
    let input_2 = dcc::Input::new("input_2");
    let button = html::Button::new("button").with_children("Store both");
    let content = html::Div::new("content").live();
    // ANCHOR: callbacks
    let cache = dcc::Store::<Values>::new("cache").with_storage_type(storage);
    // A call on load would overwrite what the browser has kept.
    let lasts = storage != StorageType::Memory;

    App::new("Option 2: dcc.Store and inputs")
        .callback(
            Output(cache.data()),
            (
                Trigger(button.n_clicks()),
                State(input_1.value()),
                State(input_2.value()),
            ),
            store,
        )
        .prevent_initial_call(lasts)
        .callback(Output(content.children()), Input(cache.data()), show)
        // ANCHOR_END: callbacks
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
/// From the inputs to the store. The inputs are `State`: only a click calls this.
async fn store(input_1: Option<String>, input_2: Option<String>) -> Option<Values> {
    Some(Values { input_1, input_2 })
}
// ANCHOR_END: store

// ANCHOR: show
/// From the store to the text. An input that was never touched has no value, and shows as Dash shows it: `None`.
async fn show(values: Option<Values>) -> Option<String> {
    let Values { input_1, input_2 } = values?;
    let text = |value: Option<String>| value.unwrap_or_else(|| "None".to_owned());
    Some(format!("{} {}", text(input_1), text(input_2)))
}
// ANCHOR_END: show

const LEAD: &str = "A click stores both values in the browser; only then the text below changes.";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn values_that_were_never_typed_show_as_none() {
        let stored = store(None, None).await;
        assert_eq!(show(stored).await.as_deref(), Some("None None"));
        let stored = store(Some("a".to_owned()), Some(String::new())).await;
        assert_eq!(show(stored).await.as_deref(), Some("a "));
        assert_eq!(show(None).await, None);
    }

    #[test]
    fn the_app_starts() {
        for storage in ["memory", "session", "local"] {
            assert!(app(storage.parse().unwrap()).into_router().is_ok());
        }
    }
}
