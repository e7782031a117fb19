//! The function returns one value, two outputs are declared.

use callbacks::{App, Input, Output, dcc, html};

fn main() {
    let input = dcc::Input::new("input");
    let (first, second) = (html::H1::new("first"), html::H2::new("second"));
    let _ = App::new("Wrong").callback(
        (Output(first.children()), Output(second.children())),
        Input(input.value()),
        show,
    );
}

async fn show(value: Option<String>) -> Option<String> {
    value
}
