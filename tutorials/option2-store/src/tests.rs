//! The callbacks by themselves, and what both apps send.

use callbacks::dcc::StorageType;
use harness::{Recorder, call};
use serde_json::Value;
use session_store::{Store, StoreKind};

use super::*;

#[tokio::test]
async fn only_the_rows_with_this_z_are_stored() {
    let rows = filter(Some("B".to_owned())).await;
    assert_eq!(
        serde_json::to_value(&rows).unwrap(),
        json!([{"x": 3, "y": 2, "z": "B"}, {"x": 4, "y": 3, "z": "B"}])
    );
    assert!(filter(None).await.is_empty());
}

#[tokio::test]
async fn the_bars_are_y_over_x() {
    let figure = draw(Some(filter(Some("C".to_owned())).await)).await;
    let bars = &figure.as_json()["data"][0];
    assert_eq!(*bars, json!({"type": "bar", "x": [5, 6], "y": [5, 6]}));
}

#[tokio::test]
async fn nothing_stored_is_an_empty_graph() {
    assert_eq!(draw(None).await.as_json()["data"][0]["x"], json!([]));
}

#[test]
fn the_app_starts() {
    assert!(app().into_router().is_ok());
}

#[tokio::test]
async fn option2_sends_what_was_recorded() {
    let chosen = |value: Value| {
        let input = [("dropdown", "value", value)];
        call("cache.data", &input, &[], &["dropdown.value"])
    };
    let stored = |rows: Value| {
        let input = [("cache", "data", rows)];
        call("graph.figure", &input, &[], &["cache.data"])
    };
    let rows = json!([{"x": 3, "y": 2, "z": "B"}, {"x": 4, "y": 3, "z": "B"}]);
    let mut recorder = Recorder::of(app().into_router().unwrap()).await;
    recorder.answer("dropdown_b", &chosen(json!("B"))).await;
    recorder
        .answer("dropdown_empty", &chosen(Value::Null))
        .await;
    recorder.answer("store_b", &stored(rows)).await;
    recorder.answer("store_empty", &stored(Value::Null)).await;
    let wrong = stored(json!([{"x": "three"}]));
    recorder.answer("store_with_something_else", &wrong).await;
    recorder.check("option2");
}

/// The call of a click on the page of `inputs`, or without a trigger that of a page that is opened.
fn click(first: Value, second: Value, triggers: &[&str]) -> Value {
    let clicks = triggers.first().map(|_| 1);
    call(
        "cache.data",
        &[("button", "n_clicks", json!(clicks))],
        &[("input_1", "value", first), ("input_2", "value", second)],
        triggers,
    )
}

#[tokio::test]
async fn option2_inputs_sends_what_was_recorded() {
    let shown = |values: Value| {
        let input = [("cache", "data", values)];
        call("content.children", &input, &[], &["cache.data"])
    };
    let app = inputs::app(StorageType::Memory);
    let mut recorder = Recorder::of(app.into_router().unwrap()).await;
    let opened = click(Value::Null, Value::Null, &[]);
    recorder.answer("on_load", &opened).await;
    let clicked = click(json!("a"), json!("b"), &["button.n_clicks"]);
    recorder.answer("click", &clicked).await;
    let stored = shown(json!({"input_1": null, "input_2": null}));
    recorder.answer("store_on_load", &stored).await;
    let stored = shown(json!({"input_1": "a", "input_2": "b"}));
    recorder.answer("store", &stored).await;
    recorder.check("option2-inputs");
}

#[tokio::test]
async fn option2_counter_sends_what_was_recorded() {
    let data = tempfile::tempdir().unwrap();
    let sums = Store::open(&StoreKind::File, data.path(), "test");
    let app = counter::app(StorageType::Memory, sums.await.unwrap());
    let mut recorder = Recorder::of(app.into_router().unwrap()).await;
    let button = ("button", "n_clicks", json!(3));
    let clicked = |output, state: &[_]| {
        call(
            output,
            std::slice::from_ref(&button),
            state,
            &["button.n_clicks"],
        )
    };
    let first = clicked("cache.data", &[("cache", "data", Value::Null)]);
    recorder.answer("first", &first).await;
    let later = clicked("cache.data", &[("cache", "data", json!(7))]);
    recorder.answer("later", &later).await;
    recorder.answer("event", &clicked("events.data", &[])).await;
    let kept = clicked("content_server.children", &[]);
    recorder.answer("kept", &kept).await;
    recorder.answer("kept_again", &kept).await;
    recorder.check("option2-counter");
}
