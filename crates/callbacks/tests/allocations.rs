//! How often a call asks for memory.
//!
//! A program by itself: the counting allocator is for the whole program.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its assumption is wrong"
)]

use axum::Router;
use axum::body::Body;
use callbacks::{App, Input, IntoChildren, Output, html};
use http::{Request, StatusCode};
use serde_json::json;
use tower::ServiceExt;

const ROWS: usize = 500;
const COLUMNS: usize = 10;
const CELLS: u64 = (ROWS * COLUMNS) as u64;

/// An app whose button shows a table.
fn app<C: IntoChildren + Send + 'static>(table: fn() -> C) -> Router {
    let (button, place) = (html::Button::new("button"), html::Div::new("place"));
    App::new("Table")
        .callback(
            Output(place.children()),
            Input(button.n_clicks()),
            move |_| std::future::ready(table()),
        )
        .layout((button, place))
        .into_router()
        .unwrap()
}

/// How often a click asks for memory, a cell.
fn allocations(router: &Router) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.unwrap();
    let call = json!({
        "output": "place.children",
        "outputs": {"id": "place", "property": "children"},
        "inputs": [{"id": "button", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["button.n_clicks"],
    });
    let request = Request::post("/_dash-update-component")
        .header("content-type", "application/json")
        .body(Body::from(call.to_string()));
    let (router, request) = (router.clone(), request.unwrap());
    let mut response = None;
    let counted = allocation_counter::measure(|| {
        response = Some(runtime.block_on(router.oneshot(request)).unwrap());
    });
    assert_eq!(response.unwrap().status(), StatusCode::OK);
    counted.count_total as f64 / CELLS as f64
}

#[test]
fn a_table_of_5_000_cells_costs_at_most_two_allocations_a_cell() {
    let texts = app(|| {
        let cell = |row, column| html::td(format!("{row}, {column}"));
        let row = |row| {
            html::tr(
                (0..COLUMNS)
                    .map(|column| cell(row, column))
                    .collect::<Vec<_>>(),
            )
        };
        html::table(html::tbody((0..ROWS).map(row).collect::<Vec<_>>()))
    });
    let a_cell = allocations(&texts);
    assert!(a_cell <= 2.0, "{a_cell}");

    let numbers = app(|| {
        let cell = |row, column| html::td(row * column).class("number");
        let row = |row| {
            html::tr(
                (0..COLUMNS)
                    .map(|column| cell(row, column))
                    .collect::<Vec<_>>(),
            )
        };
        html::table(html::tbody((0..ROWS).map(row).collect::<Vec<_>>()))
    });
    let a_cell = allocations(&numbers);
    assert!(a_cell <= 2.0, "{a_cell}");
}
