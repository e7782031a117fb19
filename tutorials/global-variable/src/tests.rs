//! The lesson within one process. What several processes make of it is tested in a browser, in `tests/`.

use harness::{Recorder, call};
use serde_json::{Value, json};
use tokio::sync;

use super::*;

/// The tests share the one copy of this process, and so take turns.
static TURN: sync::Mutex<()> = sync::Mutex::const_new(());

#[tokio::test]
async fn a_call_gives_what_the_call_before_it_stored() {
    let _turn = TURN.lock().await;
    update_output(None).await;
    assert_eq!(update_output(Some("a".to_owned())).await, None);
    assert_eq!(
        update_output(Some("ab".to_owned())).await.as_deref(),
        Some("a")
    );
    assert_eq!(update_output(None).await.as_deref(), Some("ab"));
    assert_eq!(update_output(Some("b".to_owned())).await, None);
}

#[test]
fn the_app_starts() {
    assert!(app().into_router().is_ok());
}

/// The call of a page whose field holds this text; null while it is opened.
fn typed(text: Value) -> Value {
    let triggers: &[&str] = if text.is_null() {
        &[]
    } else {
        &["input.value"]
    };
    call(
        "content.children",
        &[("input", "value", text)],
        &[],
        triggers,
    )
}

#[tokio::test]
async fn global_variable_sends_what_was_recorded() {
    let _turn = TURN.lock().await;
    update_output(None).await;
    let mut recorder = Recorder::of(app().into_router().unwrap()).await;
    recorder.answer("on_load", &typed(Value::Null)).await;
    recorder
        .answer("to_the_first_key", &typed(json!("a")))
        .await;
    recorder
        .answer("to_the_second_key", &typed(json!("ab")))
        .await;
    recorder.check("global-variable");
}
