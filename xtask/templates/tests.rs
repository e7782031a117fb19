//! The lesson in one process. The browser tests, in `tests/`, run it with several workers.

use harness::{Recorder, call};
use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn characters_are_counted_and_not_bytes() {
    assert_eq!(count(Some("Montréal".to_owned())).await, "8 characters");
    assert_eq!(count(None).await, "0 characters");
}

#[tokio::test]
async fn new_lesson_sends_what_was_recorded() {
    let held = |text: Value, triggers: &[&str]| {
        let input = [("input", "value", text)];
        call("content.children", &input, &[], triggers)
    };
    let mut recorder = Recorder::of(app().into_router().unwrap()).await;
    let opened = held(Value::Null, &[]);
    recorder.answer("on_load", &opened).await;
    let typed = held(json!("a"), &["input.value"]);
    recorder.answer("to_a_key", &typed).await;
    recorder.check("new-lesson");
}
