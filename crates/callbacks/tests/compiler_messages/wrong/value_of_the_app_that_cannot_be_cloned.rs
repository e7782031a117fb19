//! Each call gets a clone of what `With` holds.

use callbacks::{App, Input, Output, With, dcc, html};

struct Pool;

fn main() {
    let (name, content) = (dcc::Input::new("name"), html::H1::new("content"));
    let _ = App::new("Wrong").callback(
        Output(content.children()),
        (Input(name.value()), With(Pool)),
        show,
    );
}

async fn show(name: Option<String>, _pool: Pool) -> Option<String> {
    name
}
