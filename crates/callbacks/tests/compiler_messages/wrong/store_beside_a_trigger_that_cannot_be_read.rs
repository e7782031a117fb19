//! A store's type is read from JSON, also when there are other arguments.

use callbacks::{App, Output, State, Trigger, dcc, html};

#[derive(serde::Serialize)]
struct Row;

fn main() {
    let (button, content) = (html::Button::new("button"), html::H1::new("content"));
    let store = dcc::Store::<Row>::new("store");
    let _ = App::new("Wrong").callback(
        Output(content.children()),
        (Trigger(button.n_clicks()), State(store.data())),
        show,
    );
}

async fn show(_row: Option<Row>) -> &'static str {
    "shown"
}
