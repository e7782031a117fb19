//! Store and cache: an expensive result stays on the server, and a signal in the browser says which one is ready.
//!
//! Run it: `cargo xtask run signal --workers 8`, or `… -- --without-signal`
//!
//! The chapter: docs/src/signal.md

use callbacks::dcc::{Figure, Graph};
use callbacks::{App, CallbackError, Context, Ctx, Input, Output, With, dcc, html};
use serde_json::{Value, json};

pub mod options;
mod sales;

pub use sales::{Sales, Table};

/// The four graphs: each shows the same table in another way.
const SHAPES: [&str; 4] = ["bars", "line", "dots", "total"];

/// The app: the dropdown has a table computed, and four graphs follow the signal that it is ready.
pub fn app(sales: &Sales) -> App {
    // ANCHOR: app
    let fruit = dcc::Dropdown::new("dropdown")
        .with_options(["Apples", "Pears", "Plums"])
        .with_value("Apples");
    let signal = dcc::Store::<String>::new("signal");

    let mut app = App::new("Store and cache: a signal");
    let source = if sales.has_signal {
        let ready = Output(signal.data());
        let chosen = (Input(fruit.value()), With(sales.clone()), Ctx);
        app = app.callback(ready, chosen, compute);
        signal.data()
    } else {
        fruit.value()
    };
    let graphs = SHAPES.map(Graph::new);
    for (graph, shape) in graphs.iter().zip(SHAPES) {
        let followed = (Input(source.clone()), With(sales.clone()), With(shape), Ctx);
        app = app.callback(Output(graph.figure()), followed, draw);
    }
    // ANCHOR_END: app
    app.layout((
        html::p(LEAD).class("lead"),
        fruit.label("Sales of"),
        fruit,
        signal,
        html::div(graphs).class("graphs"),
        html::p(NOTE).class("note"),
    ))
}

// ANCHOR: compute
/// From the dropdown to the signal: the table is computed and stays on the server. Only its key goes to the browser.
async fn compute(
    fruit: Option<String>,
    sales: Sales,
    ctx: Context,
) -> Result<Option<String>, CallbackError> {
    let Some(fruit) = fruit else { return Ok(None) };
    sales.table(&fruit, ctx.worker()).await?;
    Ok(Some(fruit))
}
// ANCHOR_END: compute

// ANCHOR: draw
/// From the signal to a graph: the table is in the cache, whichever worker draws.
async fn draw(
    fruit: Option<String>,
    sales: Sales,
    shape: &'static str,
    ctx: Context,
) -> Result<Figure, CallbackError> {
    let Some(fruit) = fruit else {
        return Ok(Figure::new([]));
    };
    let table = sales.table(&fruit, ctx.worker()).await?;
    let title = format!("computed by worker {}, run {}", table.worker, table.run);
    Ok(Figure::new([trace(shape, &table.sold)]).with_layout(json!({
        "title": {"text": title, "font": {"size": 13}},
        "height": 180,
        "margin": {"t": 40, "b": 30},
    })))
}
// ANCHOR_END: draw

/// The table as this graph shows it.
fn trace(shape: &str, sold: &[u32]) -> Value {
    match shape {
        "bars" => json!({"type": "bar", "y": sold}),
        "line" => json!({"type": "scatter", "mode": "lines", "y": sold}),
        "dots" => json!({"type": "scatter", "mode": "markers", "y": sold}),
        _ => json!({"type": "bar", "y": [sold.iter().sum::<u32>()]}),
    }
}

const LEAD: &str = "One callback computes a table, which takes its time. Then four graphs show it. \
    The title of each says which computation its table came from.";

const NOTE: &str = "With the signal all four titles name one run. Start the app with \
    --without-signal, and each graph has its own.";

#[cfg(test)]
mod tests;
