//! Option 2 with inputs: a click stores what two inputs hold, and the store's change shows it.
//!
//! Run it: `cargo xtask run option2-inputs --workers 8`

use callbacks::{App, Input, Output, State, dcc, html};
use serde::{Deserialize, Serialize};

/// What the store holds: both inputs as they were at the last click.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    input_1: Option<String>,
    input_2: Option<String>,
}

/// The app: the button fills the store from the inputs, and the store fills the text.
pub fn app() -> App {
    let input_1 = dcc::Input::new("input_1").with_auto_complete("off");
    let input_2 = dcc::Input::new("input_2").with_auto_complete("off");
    let content = html::Div::new("content").with_attribute("aria-live", "polite");
    let button = html::Button::new("button").with_children("Store both");
    let cache = dcc::Store::<Values>::new("cache");

    App::new("Option 2: dcc.Store and inputs")
        .callback(
            Output(cache.data()),
            (
                Input(button.n_clicks()),
                State(input_1.value()),
                State(input_2.value()),
            ),
            store,
        )
        .callback(Output(content.children()), Input(cache.data()), show)
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

/// From the inputs to the store. The inputs are `State`: only a click calls this.
async fn store(
    _clicks: Option<u64>,
    input_1: Option<String>,
    input_2: Option<String>,
) -> Option<Values> {
    Some(Values { input_1, input_2 })
}

/// From the store to the text. An input that was never touched has no value, and shows as Dash shows it: `None`.
async fn show(values: Option<Values>) -> Option<String> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "None".to_owned());
    values.map(|values| format!("{} {}", text(values.input_1), text(values.input_2)))
}

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
        assert!(app().into_router().is_ok());
    }
}
