//! Option 2 with inputs: a click stores what two inputs hold, and the store's change shows it.
//!
//! Run it: `cargo xtask run option2-inputs --workers 8`, or `… -- --storage session`, or `… -- --storage local`
//!
//! The chapter: docs/src/option2.md

use callbacks::dcc::StorageType;
use callbacks::{App, Input, Output, State, dcc, html};
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
    let input_1 = dcc::Input::new("input_1").with_auto_complete("off");
    let input_2 = dcc::Input::new("input_2").with_auto_complete("off");
    let content = html::Div::new("content").with_attribute("aria-live", "polite");
    let button = html::Button::new("button").with_children("Store both");
    // ANCHOR: callbacks
    let cache = dcc::Store::<Values>::new("cache").with_storage_type(storage);

    let app = App::new("Option 2: dcc.Store and inputs").callback(
        Output(cache.data()),
        (
            Input(button.n_clicks()),
            State(input_1.value()),
            State(input_2.value()),
        ),
        store,
    );
    // A call on load would write over what the browser has kept.
    let app = match storage {
        StorageType::Memory => app,
        StorageType::Session | StorageType::Local => app.prevent_initial_call(true),
    };
    app.callback(Output(content.children()), Input(cache.data()), show)
        // ANCHOR_END: callbacks
        .layout(
            html::div((
                html::p(
                    "A click stores both values in the browser; only then the text below changes.",
                )
                .class("lead"),
                html::label("First value").with_html_for("input_1"),
                input_1,
                html::label("Second value").with_html_for("input_2"),
                input_2,
                button,
                content,
                cache,
            ))
            .class("container"),
        )
}

// ANCHOR: store
/// From the inputs to the store. The inputs are `State`: only a click calls this.
async fn store(
    _clicks: Option<u64>,
    input_1: Option<String>,
    input_2: Option<String>,
) -> Option<Values> {
    Some(Values { input_1, input_2 })
}
// ANCHOR_END: store

// ANCHOR: show
/// From the store to the text. An input that was never touched has no value, and shows as Dash shows it: `None`.
async fn show(values: Option<Values>) -> Option<String> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "None".to_owned());
    values.map(|values| format!("{} {}", text(values.input_1), text(values.input_2)))
}
// ANCHOR_END: show

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn values_that_were_never_typed_show_as_none() {
        let stored = store(None, None, None).await;
        assert_eq!(show(stored).await.as_deref(), Some("None None"));
        let stored = store(Some(1), Some("a".to_owned()), Some(String::new())).await;
        assert_eq!(show(stored).await.as_deref(), Some("a "));
    }

    #[test]
    fn the_app_starts() {
        for storage in [
            StorageType::Memory,
            StorageType::Session,
            StorageType::Local,
        ] {
            assert!(app(storage).into_router().is_ok());
        }
    }
}
