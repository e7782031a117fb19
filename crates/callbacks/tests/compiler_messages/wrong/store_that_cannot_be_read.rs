//! The store's type can be written as JSON, and not read.

use callbacks::{App, Input, Output, dcc, html};

#[derive(serde::Serialize)]
struct Row {
    x: u32,
}

fn main() {
    let cache = dcc::Store::<Row>::new("cache");
    let content = html::H1::new("content");
    let _ = App::new("Wrong").callback(Output(content.children()), Input(cache.data()), show);
}

async fn show(row: Option<Row>) -> Option<u32> {
    row.map(|row| row.x)
}
