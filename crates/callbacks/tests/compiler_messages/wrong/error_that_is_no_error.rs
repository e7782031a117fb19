//! The function fails with a type that is not an error.

use callbacks::{App, Input, Output, dcc, html};

fn main() {
    let input = dcc::Input::new("input");
    let content = html::H1::new("content");
    let _ = App::new("Wrong").callback(Output(content.children()), Input(input.value()), show);
}

async fn show(value: Option<String>) -> Result<String, u32> {
    value.ok_or(404)
}
