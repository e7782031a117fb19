//! What crosses the wire for each tutorial: its layout, its callbacks, and its answers.
//!
//! The apps run in this process. Names are given by hand and begin with the tutorial's id.

use std::time::Duration;

use axum::{Router, body::Body};
use callbacks::{App, InitialCalls, dcc::StorageType};
use harness::call;
use http_body_util::BodyExt;
use hyper::{Request, header::CONTENT_TYPE};
use serde_json::{Value, json};
use session_store::{SessionRecords, Store, StoreKind};
use shared_cache::{ManualClock, Settings, SharedCache};
use tempfile::TempDir;
use tower::ServiceExt;

/// An app's answers, recorded one after the other.
struct Recorder {
    id: &'static str,
    router: Router,
}

impl Recorder {
    /// Records the layout and the dependencies of an app.
    async fn of(id: &'static str, app: App) -> Self {
        let recorder = Self {
            id,
            router: app.into_router().expect("the tutorial has no mistake"),
        };
        recorder.record("layout", &recorder.get("/_dash-layout").await);
        recorder.record("dependencies", &recorder.get("/_dash-dependencies").await);
        recorder
    }

    /// Records the answer to a call as `<id>_answer_<name>`.
    async fn answer(&self, name: &str, body: &Value) {
        let request =
            Request::post("/_dash-update-component").header(CONTENT_TYPE, "application/json");
        let (status, body) = self.send(request.body(Body::from(body.to_string()))).await;
        self.record(
            &format!("answer_{name}"),
            &json!({"status": status, "body": parse(&body)}),
        );
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(Request::get(path).body(Body::empty())).await;
        assert_eq!(status, 200, "{path}: {body}");
        parse(&body)
    }

    /// The JSON in one of the page's blocks.
    async fn embedded(&self, id: &str) -> Value {
        let (status, page) = self.send(Request::get("/").body(Body::empty())).await;
        assert_eq!(status, 200, "{page}");
        let block = page
            .split_once(&format!("id=\"{id}\">"))
            .and_then(|(_, rest)| rest.split_once("</script>"))
            .unwrap_or_else(|| panic!("the page has no block {id}: {page}"));
        parse(block.0)
    }

    async fn send(&self, request: Result<Request<Body>, axum::http::Error>) -> (u16, String) {
        let request = request.expect("the test writes a sound request");
        let Ok(answer) = self.router.clone().oneshot(request).await;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await;
        let body = body.expect("a body from memory is complete").to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    fn record(&self, name: &str, value: &Value) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let name = format!("{}_{name}", self.id.replace('-', "_"));
        settings.bind(|| insta::assert_json_snapshot!(name, repeatable(value.clone())));
    }
}

/// An answer that changes nothing has no body.
fn parse(json: &str) -> Value {
    if json.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(json).unwrap_or_else(|error| panic!("not JSON ({error}): {json}"))
}

/// What differs from run to run is replaced, if it is what it must be: times, and what is random.
fn repeatable(mut value: Value) -> Value {
    match &mut value {
        Value::String(text) => {
            for (before, after, mark) in [
                ("\"written\": \"", "\"", "[time]"),
                ("\"expires\": \"", "\"", "[time]"),
                ("\"session\": \"browser ", "\"", "[token]"),
                ("the file ", "/sessions/", "[data]"),
                ("/_browser-", ".json", "[hash]"),
            ] {
                *text = replaced(text, before, after, mark);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries.iter_mut() {
                *value = match key.as_str() {
                    "data-layout-at" | "data-at"
                        if value.as_f64().is_some_and(|at| at > 1.6e12) =>
                    {
                        json!("[time]")
                    }
                    _ => repeatable(value.take()),
                };
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| *value = repeatable(value.take())),
        _ => {}
    }
    value
}

/// The text with `mark` in the place of what stands between these two.
fn replaced(text: &str, before: &str, after: &str, mark: &str) -> String {
    let parts = text.split_once(before).and_then(|(begin, rest)| {
        let (_, end) = rest.split_once(after)?;
        Some(format!("{begin}{before}{mark}{after}{end}"))
    });
    parts.unwrap_or_else(|| text.to_owned())
}

#[tokio::test]
async fn global_variable() {
    let app = Recorder::of("global-variable", global_variable::app()).await;
    let typed = |value: Value| {
        call(
            "content.children",
            &[("input", "value", value)],
            &[],
            &["input.value"],
        )
    };
    // One process, one copy: each answer shows what the call before it left.
    app.answer(
        "on_load",
        &call(
            "content.children",
            &[("input", "value", Value::Null)],
            &[],
            &[],
        ),
    )
    .await;
    app.answer("to_the_first_key", &typed(json!("a"))).await;
    app.answer("to_the_second_key", &typed(json!("ab"))).await;
}

#[tokio::test]
async fn option1() {
    let data = TempDir::new().expect("the temporary folder can be written to");
    let store = Store::open(&StoreKind::File, data.path(), "option1").await;
    let store = store.expect("a folder can be made");
    let records = SessionRecords::new(store.clone(), 1);
    let cookies = option1_file_per_session::cookies(records, true);
    let app = Recorder::of("option1", option1_file_per_session::app(store, cookies)).await;
    let clicked = |name: &str, value: Value, triggers: &[&str]| {
        let clicks = if triggers.is_empty() {
            Value::Null
        } else {
            json!(1)
        };
        let name = if name.is_empty() {
            Value::Null
        } else {
            json!(name)
        };
        call(
            "..content.children...writers.children...place.children...kept.children..",
            &[("button", "n_clicks", clicks)],
            &[("session_name", "value", name), ("input", "value", value)],
            triggers,
        )
    };
    let button = ["button.n_clicks"];
    app.answer("on_load", &clicked("", Value::Null, &[])).await;
    for (name, value) in [
        ("to_the_first_click", json!("v1")),
        ("to_the_second_click", json!("v2")),
        ("to_the_third_click", Value::Null),
    ] {
        app.answer(name, &clicked("../Montréal", value, &button))
            .await;
    }
    app.answer("without_a_name", &clicked("", json!("v1"), &button))
        .await;
    let long = "é".repeat(201);
    app.answer("to_a_long_name", &clicked(&long, json!("v1"), &button))
        .await;
}

#[tokio::test]
async fn option2() {
    let app = Recorder::of("option2", option2_store::app()).await;
    let chosen = |value: Value| {
        call(
            "cache.data",
            &[("dropdown", "value", value)],
            &[],
            &["dropdown.value"],
        )
    };
    let stored = |rows: Value| {
        call(
            "graph.figure",
            &[("cache", "data", rows)],
            &[],
            &["cache.data"],
        )
    };
    app.answer("dropdown_b", &chosen(json!("B"))).await;
    app.answer("dropdown_empty", &chosen(Value::Null)).await;
    app.answer(
        "store_b",
        &stored(json!([{"x": 3, "y": 2, "z": "B"}, {"x": 4, "y": 3, "z": "B"}])),
    )
    .await;
    app.answer("store_empty", &stored(Value::Null)).await;
    app.answer(
        "store_with_something_else",
        &stored(json!([{"x": "three"}])),
    )
    .await;
}

/// The calls of the two tutorials in which a click keeps two inputs: on load, after a click, and from the cache.
fn click(output: &str, first: Value, second: Value, triggers: &[&str]) -> Value {
    let clicks = if triggers.is_empty() {
        Value::Null
    } else {
        json!(1)
    };
    let state = [("input_1", "value", first), ("input_2", "value", second)];
    call(output, &[("button", "n_clicks", clicks)], &state, triggers)
}

#[tokio::test]
async fn option2_inputs() {
    let app = Recorder::of(
        "option2-inputs",
        option2_store::inputs::app(StorageType::Memory),
    )
    .await;
    let shown = |values: Value| {
        call(
            "content.children",
            &[("cache", "data", values)],
            &[],
            &["cache.data"],
        )
    };
    app.answer(
        "on_load",
        &click("cache.data", Value::Null, Value::Null, &[]),
    )
    .await;
    app.answer(
        "click",
        &click("cache.data", json!("a"), json!("b"), &["button.n_clicks"]),
    )
    .await;
    app.answer(
        "store_on_load",
        &shown(json!({"input_1": null, "input_2": null})),
    )
    .await;
    app.answer("store", &shown(json!({"input_1": "a", "input_2": "b"})))
        .await;
}

#[tokio::test]
async fn option3() {
    let app = Recorder::of("option3", option3_hidden_div::app()).await;
    let shown = |text: Value| {
        call(
            "content.children",
            &[("cache", "children", text)],
            &[],
            &["cache.children"],
        )
    };
    app.answer(
        "on_load",
        &click("cache.children", Value::Null, Value::Null, &[]),
    )
    .await;
    app.answer(
        "click",
        &click(
            "cache.children",
            json!("a"),
            json!("b"),
            &["button.n_clicks"],
        ),
    )
    .await;
    app.answer("div", &shown(json!(r#"{"input_1":"a","input_2":"b"}"#)))
        .await;
    app.answer("div_with_something_else", &shown(json!("not JSON")))
        .await;
}

#[tokio::test]
async fn option4() {
    let data = TempDir::new().expect("the temporary folder can be written to");
    let clock = ManualClock::new();
    let settings = Settings {
        clock: (&clock).into(),
        ..Settings::default()
    };
    let memo = SharedCache::files(data.path().join("cache"), settings).memo("compute");
    let app = option4_server_cache::app(memo, Duration::ZERO);
    let app = Recorder::of("option4", app).await;
    let first = |clicks: Value, value: Value, triggers: &[&str]| {
        call(
            "..content.children...cache.children..",
            &[("button", "n_clicks", clicks)],
            &[("input", "value", value)],
            triggers,
        )
    };
    let second = call(
        "..content_2.children...cache_2.children..",
        &[("button2", "n_clicks", json!(1))],
        &[("input", "value", json!("A"))],
        &["button2.n_clicks"],
    );
    let button = ["button.n_clicks"];
    app.answer("on_load", &first(Value::Null, Value::Null, &[]))
        .await;
    app.answer("miss", &first(json!(1), json!("A"), &button))
        .await;
    clock.advance(Duration::from_millis(12_300));
    app.answer("hit", &second).await;
    app.answer("without_a_value", &first(json!(1), Value::Null, &button))
        .await;
}

#[tokio::test]
async fn frontend_backend() {
    let app = Recorder::of("frontend-backend", frontend_backend::app()).await;
    let greeted = |city: &str, triggers: &[&str]| {
        call(
            "..greeting.children...ran.children...ran.data-at..",
            &[("city", "value", json!(city))],
            &[],
            triggers,
        )
    };
    app.answer("on_load", &greeted("Montreal", &[])).await;
    app.answer("to_a_key", &greeted("Montreals", &["city.value"]))
        .await;
}

#[tokio::test]
async fn frontend_backend_with_the_first_calls_on_the_server() {
    let app = frontend_backend::app().initial_calls(InitialCalls::Server);
    let router = app.into_router().expect("the tutorial has no mistake");
    let recorder = Recorder {
        id: "frontend-backend",
        router,
    };
    recorder.record("layout_filled", &recorder.embedded("_dash-layout").await);
}
