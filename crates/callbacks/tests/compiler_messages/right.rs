//! The program that the others make one mistake in.

use callbacks::{App, Input, Output, State, dcc, html};

fn main() {
    let (input, other) = (dcc::Input::new("input"), dcc::Input::number("other"));
    let content = html::H1::new("content");
    let _ = App::new("Right").callback(
        Output(content.children()),
        (Input(input.value()), State(other.value())),
        show,
    );
}

async fn show(value: Option<String>, other: Option<f64>) -> String {
    format!("{value:?} {other:?}")
}
