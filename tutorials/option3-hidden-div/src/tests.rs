//! The callbacks by themselves.

use harness::{Recorder, call};
use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn the_div_holds_json_as_text() {
    let json = store(Some("a".to_owned()), None).await.unwrap();
    assert_eq!(json, r#"{"input_1":"a","input_2":null}"#);
    assert_eq!(show(Some(json)).await.unwrap().as_deref(), Some("a None"));
}

#[tokio::test]
async fn an_empty_div_shows_nothing() {
    assert_eq!(show(None).await.unwrap(), None);
}

#[tokio::test]
async fn a_div_that_somebody_changed_is_an_error() {
    let error = show(Some("not JSON".to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("expected"), "{error}");
}

#[test]
fn the_app_starts() {
    assert!(app().into_router().is_ok());
}

/// The call of a click, or without a trigger that of a page that is opened.
fn click(first: Value, second: Value, triggers: &[&str]) -> Value {
    let clicks = triggers.first().map(|_| 1);
    call(
        "cache.children",
        &[("button", "n_clicks", json!(clicks))],
        &[("input_1", "value", first), ("input_2", "value", second)],
        triggers,
    )
}

#[tokio::test]
async fn option3_sends_what_was_recorded() {
    let shown = |text: &str| {
        let input = [("cache", "children", json!(text))];
        call("content.children", &input, &[], &["cache.children"])
    };
    let mut recorder = Recorder::of(app().into_router().unwrap()).await;
    let opened = click(Value::Null, Value::Null, &[]);
    recorder.answer("on_load", &opened).await;
    let clicked = click(json!("a"), json!("b"), &["button.n_clicks"]);
    recorder.answer("click", &clicked).await;
    let text = r#"{"input_1":"a","input_2":"b"}"#;
    recorder.answer("div", &shown(text)).await;
    let changed = shown("not JSON");
    recorder.answer("div_with_something_else", &changed).await;
    recorder.check("option3");
}
