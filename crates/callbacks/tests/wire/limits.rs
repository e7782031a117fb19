//! What an app refuses to protect itself, and what its pages refuse for it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use callbacks::{App, Input, Output, dcc, html};
use http::{Request, StatusCode};
use tokio::sync::Notify;

use crate::exchange::Server;

const CALL: &str = r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"input","property":"value"}]}"#;

/// An app whose callback waits until it is told to go on.
fn waiting(begun: Arc<Notify>, go_on: Arc<Notify>) -> App {
    let (input, content) = (dcc::Input::new("input"), html::Div::new("content"));
    App::new("Waiting")
        .callback(
            Output(content.children()),
            Input(input.value()),
            move |_: Option<String>| {
                let (begun, go_on) = (begun.clone(), go_on.clone());
                async move {
                    begun.notify_one();
                    go_on.notified().await;
                    "done"
                }
            },
        )
        .layout(html::div((input, content)))
}

#[tokio::test]
async fn a_callback_that_takes_too_long_is_given_up_and_named() {
    let app = waiting(Arc::default(), Arc::default()).callback_timeout(Duration::from_millis(20));
    let answer = Server::of(app).post(CALL).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(
        answer.sentence(),
        "The callback for `content.children` did not answer within 20ms and was given up."
    );
    assert_eq!(&*answer.ran.unwrap().callback, "content.children");
}

#[tokio::test]
async fn one_callback_more_than_may_run_is_told_to_come_again() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = Server::of(waiting(begun.clone(), go_on.clone()).max_callbacks(1));
    let first = async { server.post(CALL).await };
    let second = async {
        begun.notified().await;
        let refused = server.post(CALL).await;
        go_on.notify_one();
        refused
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(
        (second.status, second.header("retry-after")),
        (StatusCode::SERVICE_UNAVAILABLE, "1")
    );
    assert!(
        second
            .sentence()
            .starts_with("The callback for `content.children` was not called")
    );
    go_on.notify_one();
    assert_eq!(server.post(CALL).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_call_from_a_page_of_another_site_is_refused() {
    let go_on = Arc::new(Notify::new());
    let server = Server::of(waiting(Arc::default(), go_on.clone()));
    let call = |name: &str, value: &str| {
        let request = Request::post("/_dash-update-component")
            .header("content-type", "application/json")
            .header("host", "127.0.0.1:8050")
            .header(name, value);
        request.body(Body::from(CALL)).unwrap()
    };
    for (name, value, sentence) in [
        (
            "sec-fetch-site",
            "cross-site",
            "The call comes from a page of another site: expected one from this app's own page.",
        ),
        (
            "origin",
            "https://example.org",
            "The page is at example.org, and this server was asked as 127.0.0.1:8050: expected one name. \
             If a proxy changes it, have the proxy send the page's: `proxy_set_header X-Forwarded-Host $http_host;` is nginx's line for it.",
        ),
    ] {
        let answer = server.ask(call(name, value)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.sentence(), sentence);
    }
    go_on.notify_one();
    assert_eq!(
        server
            .ask(call("origin", "http://127.0.0.1:8050"))
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn pages_allow_nothing_but_the_app_itself_and_no_script_in_the_page() {
    let server = Server::of(waiting(Arc::default(), Arc::default()));
    let not_found = Request::get("/nowhere")
        .header("accept", "text/html")
        .body(Body::empty());
    for page in [server.get("/").await, server.ask(not_found.unwrap()).await] {
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"),
            "{policy}"
        );
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }
    for path in ["/_dash-layout", "/assets/client.js"] {
        assert_eq!(
            server.get(path).await.header("x-content-type-options"),
            "nosniff"
        );
    }
}
