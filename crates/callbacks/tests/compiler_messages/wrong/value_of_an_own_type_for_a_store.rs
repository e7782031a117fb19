//! A store's value of a type of one's own is returned as an `Option`.

use callbacks::{App, Input, Output, dcc};

#[derive(serde::Serialize, serde::Deserialize)]
struct Row {
    x: u32,
}

fn main() {
    let input = dcc::Input::number("input");
    let cache = dcc::Store::<Row>::new("cache");
    let _ = App::new("Wrong").callback(Output(cache.data()), Input(input.value()), keep);
}

async fn keep(x: Option<f64>) -> Row {
    Row { x: x.unwrap_or_default() as u32 }
}
