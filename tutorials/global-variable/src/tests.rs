//! The lesson within one process. What several processes make of it is tested in a browser, in `tests/`.

use super::*;

#[tokio::test]
async fn a_call_gives_what_the_call_before_it_stored() {
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
