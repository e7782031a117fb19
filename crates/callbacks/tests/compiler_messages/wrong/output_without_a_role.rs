//! The output is not said to be one.

use callbacks::{App, Input, State, dcc, html};

fn main() {
    let (input, other) = (dcc::Input::new("input"), dcc::Input::number("other"));
    let content = html::H1::new("content");
    let _ = App::new("Right").callback(
        content.children(),
        (Input(input.value()), State(other.value())),
        show,
    );
}

async fn show(value: Option<String>, other: Option<f64>) -> String {
    format!("{value:?} {other:?}")
}
