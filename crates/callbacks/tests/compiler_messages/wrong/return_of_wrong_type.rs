//! The function returns a type that is neither text, nor a number, nor a component.

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

async fn show(value: Option<String>, other: Option<f64>) -> std::time::Duration {
    let _ = (value, other);
    std::time::Duration::ZERO
}
