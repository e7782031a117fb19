//! The callbacks by themselves.

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
