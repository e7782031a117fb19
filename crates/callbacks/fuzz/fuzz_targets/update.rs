//! Whatever is posted to the update route is answered, and an answer that is no success says why in a sentence.
//!
//! Run it, from `crates/callbacks`: `cargo +nightly fuzz run update -- -max_total_time=1800`

#![no_main]

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use callbacks::{App, Children, Context, Ctx, Input, Output, PreventUpdate, State, dcc, html};
use http::{Request, StatusCode};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tower::ServiceExt;

static ROUTER: LazyLock<Router> = LazyLock::new(|| app().into_router().expect("the app has no mistake"));

/// One callback for each kind of argument: text, a number, data of any shape, components, and the context.
fn app() -> App {
    let (text, number) = (dcc::Input::new("text"), dcc::Input::number("number"));
    let cache = dcc::Store::<Value>::new("cache");
    let (first, second) = (html::Div::new("first"), html::Div::new("second"));
    App::new("Fuzz")
        .callback(
            Output(first.children()),
            (Input(text.value()), State(number.value()), Ctx),
            async |text: Option<String>, number: Option<f64>, ctx: Context| {
                let text = text.ok_or(PreventUpdate)?;
                Ok::<_, PreventUpdate>(format!("{text} {number:?} {:?}", ctx.triggered()))
            },
        )
        .callback(
            (Output(second.children()), Output(cache.data())),
            (Input(cache.data()), Input(first.children())),
            async |data: Option<Value>, children: Option<Children>| (children, data),
        )
        .layout(html::div((text, number, cache, first, second)))
}

fuzz_target!(|body: &[u8]| {
    let request = Request::post("/_dash-update-component")
        .header("content-type", "application/json")
        .body(Body::from(body.to_vec()))
        .expect("the request is well formed");
    futures_executor::block_on(async {
        let response = ROUTER.clone().oneshot(request).await.expect("a router cannot fail");
        let status = response.status();
        let answer = to_bytes(response.into_body(), usize::MAX).await.expect("the answer has an end");
        match status {
            StatusCode::NO_CONTENT => assert!(answer.is_empty()),
            StatusCode::OK => {
                let answer: Value = serde_json::from_slice(&answer).expect("the answer is JSON");
                assert_eq!(answer["multi"], true);
                assert!(answer["response"].is_object());
            }
            status => {
                assert!(status.is_client_error(), "{status}");
                let answer: Value = serde_json::from_slice(&answer).expect("the error is JSON");
                assert!(answer["error"].as_str().is_some_and(|sentence| !sentence.is_empty()));
            }
        }
    });
});
