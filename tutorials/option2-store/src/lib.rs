//! Option 2: the data between two callbacks stays in the browser, in a `dcc.Store`.
//!
//! Run it: `cargo xtask run option2 --workers 8`
//!
//! The chapter: docs/src/option2.md

use callbacks::dcc::Figure;
use callbacks::{App, Input, Output, dcc, html};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub mod counter;
pub mod inputs;
pub mod options;

// ANCHOR: row
/// One row of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    x: u32,
    y: u32,
    z: String,
}
// ANCHOR_END: row

/// The table. No callback changes it, so each process may have its own copy.
const TABLE: [(u32, u32, &str); 6] = [
    (1, 3, "A"),
    (2, 1, "A"),
    (3, 2, "B"),
    (4, 3, "B"),
    (5, 5, "C"),
    (6, 6, "C"),
];

/// The app: the dropdown fills the store, and the store the graph.
pub fn app() -> App {
    let dropdown = dcc::Dropdown::new("dropdown")
        .with_options(["A", "B", "C"])
        .with_value("A");
    // ANCHOR: callbacks
    let cache = dcc::Store::<Vec<Row>>::new("cache");
    let graph = dcc::Graph::new("graph");

    App::new("Option 2: dcc.Store")
        .callback(Output(cache.data()), Input(dropdown.value()), filter)
        .callback(Output(graph.figure()), Input(cache.data()), draw)
        // ANCHOR_END: callbacks
        .layout((
            html::p(LEAD).class("lead"),
            dropdown.label("Rows whose z is"),
            dropdown,
            cache,
            graph,
        ))
}

// ANCHOR: filter
/// From the dropdown to the store: the rows with this `z`.
async fn filter(z: Option<String>) -> Vec<Row> {
    let z = z.unwrap_or_default();
    let rows = TABLE.iter().filter(|row| row.2 == z);
    rows.map(|&(x, y, _)| Row { x, y, z: z.clone() }).collect()
}
// ANCHOR_END: filter

// ANCHOR: draw
/// From the store to the graph: bars of `y` over `x`.
async fn draw(rows: Option<Vec<Row>>) -> Figure {
    let rows = rows.unwrap_or_default();
    let x: Vec<u32> = rows.iter().map(|row| row.x).collect();
    let y: Vec<u32> = rows.iter().map(|row| row.y).collect();
    Figure::new([json!({"type": "bar", "x": x, "y": y})]).with_layout(json!({
        "xaxis": {"title": {"text": "x"}, "dtick": 1},
        "yaxis": {"title": {"text": "y"}},
    }))
}
// ANCHOR_END: draw

const LEAD: &str = "One callback filters the table and stores the rows in the browser. Another, perhaps \
    in another worker, gets them from the browser and draws them.";

#[cfg(test)]
mod tests;
