//! The callbacks by themselves.

use super::*;

#[tokio::test]
async fn the_div_holds_json_as_text() {
    let json = store(Some(1), Some("a".to_owned()), None).await.unwrap();
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
