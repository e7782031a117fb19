//! How a call ends: with its function, whoever still waits for the answer; with a panic, a limit or an error, wherever the app's code runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use axum::routing::get;
use callbacks::dcc::StorageType;
use callbacks::{
    App, CallGuard, CallbackError, InitialCalls, Input, Output, PreventUpdate, State, Trigger,
    With, dcc, html,
};
use futures_util::FutureExt;
use http::{Request, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use tokio::sync::Notify;

use crate::exchange::{Server, log_of};

const CALL: &str = r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"input","property":"value"}]}"#;

/// How far a callback has come, and what it waits for in the middle.
#[derive(Clone, Default)]
struct Steps {
    begun: Arc<Notify>,
    go_on: Arc<Notify>,
    first: Arc<AtomicU32>,
    second: Arc<AtomicU32>,
    ended: Arc<Notify>,
}

/// An app whose callback does two things, and waits between them.
fn two_steps(steps: &Steps) -> App {
    let (input, content) = (dcc::Input::new("input"), html::Div::new("content"));
    App::new("Two steps")
        .callback(
            Output(content.children()),
            (Trigger(input.value()), With(steps.clone())),
            async |steps: Steps| {
                steps.first.fetch_add(1, Relaxed);
                steps.begun.notify_one();
                steps.go_on.notified().await;
                steps.second.fetch_add(1, Relaxed);
                steps.ended.notify_one();
                "done"
            },
        )
        .layout((input, content))
}

#[tokio::test]
async fn a_callback_runs_to_its_end_although_its_client_has_left() {
    let steps = Steps::default();
    let server = Server::of(two_steps(&steps));
    // The request's future is dropped, as a server drops it when the connection is closed.
    tokio::select! {
        _ = server.post(CALL) => panic!("nobody has told it to go on"),
        () = steps.begun.notified() => {}
    }
    assert_eq!(steps.second.load(Relaxed), 0);
    steps.go_on.notify_one();
    steps.ended.notified().await;
    assert_eq!(
        (steps.first.load(Relaxed), steps.second.load(Relaxed)),
        (1, 1)
    );
}

#[tokio::test]
async fn a_callback_whose_client_has_left_still_counts_as_running() {
    let steps = Steps::default();
    let server = Server::of(two_steps(&steps).max_callbacks(1));
    tokio::select! {
        _ = server.post(CALL) => panic!("nobody has told it to go on"),
        () = steps.begun.notified() => {}
    }
    let refused = server.post(CALL).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(steps.first.load(Relaxed), 1, "a refused call was begun");
    steps.go_on.notify_one();
    steps.ended.notified().await;
    steps.go_on.notify_one();
    // The permit comes back just after the end.
    while server.post(CALL).await.status != StatusCode::OK {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_time_limit_holds_although_the_client_has_left() {
    let steps = Steps::default();
    let limit = Duration::from_millis(20);
    let server = Server::of(two_steps(&steps).callback_timeout(limit).max_callbacks(1));
    tokio::select! {
        _ = server.post(CALL) => panic!("nobody has told it to go on"),
        () = steps.begun.notified() => {}
    }
    // Once it is given up, another one may run, which is given up in its turn.
    while server.post(CALL).await.status != StatusCode::GATEWAY_TIMEOUT {
        tokio::task::yield_now().await;
    }
    assert_eq!(steps.second.load(Relaxed), 0);
}

#[tokio::test]
async fn a_plain_function_that_is_refused_for_the_limit_was_not_called() {
    let (calls, go_on) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
    let (input, content) = (dcc::Input::new("input"), html::Div::new("content"));
    let (counted, waits) = (calls.clone(), go_on.clone());
    let app = App::new("Counts before its future")
        .callback(
            Output(content.children()),
            Input(input.value()),
            move |_: Option<String>| {
                counted.fetch_add(1, Relaxed);
                let waits = waits.clone();
                async move {
                    waits.notified().await;
                    "done"
                }
            },
        )
        .layout((input, content))
        .max_callbacks(1);
    let server = Server::of(app);
    let first = async { server.post(CALL).await };
    let second = async {
        let refused = server.post(CALL).await;
        go_on.notify_one();
        refused
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(second.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(calls.load(Relaxed), 1);
}

/// Panics when it is read.
#[derive(Serialize)]
struct Unreadable;

impl<'de> Deserialize<'de> for Unreadable {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("cannot be read")
    }
}

#[tokio::test]
async fn a_type_that_panics_when_it_is_read_is_a_500_of_that_call_alone() {
    let store = dcc::Store::<Unreadable>::new("input");
    let content = html::Div::new("content");
    let server = Server::of(
        App::new("Unreadable")
            .callback(
                Output(content.children()),
                Input(store.data()),
                async |_: Option<Unreadable>| "read",
            )
            .layout((store, content)),
    );
    let call = CALL.replace(r#""property":"value""#, r#""property":"data","value":1"#);
    let answer = server.post(call).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        answer.sentence(),
        "The callback for `content.children` failed."
    );
    let without = CALL.replace(r#""property":"value""#, r#""property":"data""#);
    assert_eq!(server.post(without).await.status, StatusCode::OK);
}

#[test]
fn a_layout_that_panics_is_a_500_with_a_sentence_and_names_its_route_in_the_log() {
    let runs = AtomicU32::new(0);
    let app = App::new("Layout").layout_with(move || match runs.fetch_add(1, Relaxed) {
        // The check at the start.
        0 => html::p("drawn"),
        _ => panic!("no layout today"),
    });
    let server = Server::of(app);
    for path in ["/", "/_dash-layout"] {
        let (answer, log) = log_of(|| block_on(server.get(path)));
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let sentence = "The app failed to answer this request. Its log says why.";
        assert_eq!(answer.sentence(), sentence, "{path}");
        assert!(log.contains("no layout today"), "{log}");
        assert!(log.contains(&format!("GET {path}")), "{log}");
    }
}

#[test]
fn a_layout_that_panics_on_the_server_that_makes_the_first_calls_is_a_500_too() {
    let runs = AtomicU32::new(0);
    let app = App::new("Layout").initial_calls(InitialCalls::Server);
    let app = app.layout_with(move || match runs.fetch_add(1, Relaxed) {
        0 => html::p("drawn"),
        _ => panic!("no layout today"),
    });
    let answer = block_on(Server::of(app).get("/"));
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn a_route_of_the_apps_own_that_panics_is_a_500_with_a_sentence_and_is_named_in_the_log() {
    async fn boom() -> &'static str {
        panic!("boom")
    }
    let app = App::new("Routes")
        .layout(html::p("page"))
        .map_router(|router| router.route("/boom", get(boom)));
    let server = Server::of(app);
    let (answer, log) = log_of(|| block_on(server.get("/boom")));
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.sentence().contains("failed to answer"));
    assert!(log.contains("GET /boom") && log.contains("boom"), "{log}");
    assert_eq!(block_on(server.get("/health")).status, StatusCode::OK);
}

#[tokio::test]
async fn the_time_limit_holds_for_calls_that_fill_a_page() {
    let steps = Steps::default();
    let limit = Duration::from_millis(20);
    let app = two_steps(&steps).callback_timeout(limit);
    let page = Server::of(app.initial_calls(InitialCalls::Server))
        .get("/")
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains(r#""done":[]"#),
        "the browser makes the call: {text}"
    );
}

#[tokio::test]
async fn the_limit_of_calls_holds_for_calls_that_fill_a_page() {
    let steps = Steps::default();
    let app = two_steps(&steps).max_callbacks(1);
    let server = Server::of(app.initial_calls(InitialCalls::Server));
    let first = async { server.get("/").await };
    let second = async {
        steps.begun.notified().await;
        let page = server.get("/").await;
        steps.go_on.notify_one();
        page
    };
    let (first, second) = tokio::join!(first, second);
    assert!(first.text().contains(r#""done":["content.children"]"#));
    assert!(second.text().contains(r#""done":[]"#));
    assert_eq!(steps.first.load(Relaxed), 1);
}

#[tokio::test]
async fn an_input_of_the_person_that_is_refused_is_a_422_with_its_sentence_alone() {
    let (input, content) = (dcc::Input::new("input"), html::Div::new("content"));
    let answer = |error: fn() -> CallbackError| {
        let (input, content) = (input.clone(), content.clone());
        let app = App::new("Errors")
            .callback(
                Output(content.children()),
                Input(input.value()),
                move |_: Option<String>| std::future::ready(Err::<String, _>(error())),
            )
            .layout((input, content));
        status_and_sentence(app)
    };
    let refused = answer(|| CallbackError::refused("That name is too long.")).await;
    assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.1, "That name is too long.");
    let public = answer(|| CallbackError::public("The disk is full.")).await;
    assert_eq!(public.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        public.1,
        "The callback for `content.children` failed: The disk is full."
    );
    let private = answer(|| CallbackError::private("the secret disk")).await;
    assert_eq!(private.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(private.1, "The callback for `content.children` failed.");
}

async fn status_and_sentence(app: App) -> (StatusCode, String) {
    let answer = Server::of(app.debug(true)).post(CALL).await;
    let refused = answer.status == StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(
        answer.json()["detail"].is_null(),
        refused,
        "only a 500 has more to say"
    );
    (answer.status, answer.sentence())
}

#[tokio::test]
async fn a_callback_behind_one_that_only_the_browser_can_run_is_left_to_the_browser() {
    let store = dcc::Store::<String>::new("a").with_storage_type(StorageType::Local);
    let (b, c) = (html::Div::new("b"), html::Div::new("c"));
    let counted = Arc::new(AtomicU32::new(0));
    let app = App::new("Behind a prevented one")
        .callback(
            Output(b.text()),
            Input(store.data()),
            async |data: Option<String>| data,
        )
        .callback(
            Output(b.title()),
            Input(b.text()),
            async |_: Option<String>| "prevented",
        )
        .prevent_initial_call(true)
        .callback(
            Output(c.children()),
            (Input(b.title()), State(b.text()), With(counted.clone())),
            async |_: Option<String>, _: Option<String>, counted: Arc<AtomicU32>| {
                counted.fetch_add(1, Relaxed);
                Err::<String, _>(PreventUpdate)
            },
        )
        .layout((store, b, c))
        .initial_calls(InitialCalls::Server);
    let page = Server::of(app).get("/").await.text();
    assert!(page.contains(r#""done":[]"#), "{page}");
    assert_eq!(
        counted.load(Relaxed),
        0,
        "the browser calls it, once its inputs are known"
    );
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

#[test]
fn a_layout_that_panics_at_the_start_is_a_mistake() {
    fn layout() -> &'static str {
        panic!("no layout ever")
    }
    let error = App::new("Layout").layout_with(layout).into_router();
    let message = error.unwrap_err().to_string();
    assert!(message.contains("panicked: no layout ever"), "{message}");
}

#[tokio::test]
async fn a_call_whose_client_has_left_holds_its_guard_until_it_ends() {
    let steps = Steps::default();
    let server = Server::of(two_steps(&steps));
    let held = Arc::new(());
    let mut request = Request::post("/_dash-update-component")
        .header("content-type", "application/json")
        .body(CALL.into())
        .unwrap();
    request
        .extensions_mut()
        .insert(CallGuard::new(held.clone()));
    tokio::select! {
        _ = server.ask(request) => panic!("nobody has told it to go on"),
        () = steps.begun.notified() => {}
    }
    assert_eq!(Arc::strong_count(&held), 2, "the call holds it");
    steps.go_on.notify_one();
    steps.ended.notified().await;
    while Arc::strong_count(&held) > 1 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_callback_that_never_waits_is_done_in_place_and_needs_no_task() {
    let (input, content) = (dcc::Input::new("input"), html::Div::new("content"));
    let app = App::new("At once")
        .callback(
            Output(content.children()),
            Input(input.value()),
            async |_: Option<String>| "done",
        )
        .layout((input, content));
    let server = Server::of(app);
    // There is no runtime here that could run a task.
    let answer = server.post(CALL).now_or_never();
    assert_eq!(answer.map(|answer| answer.status), Some(StatusCode::OK));
}
