//! Properties of the update route that hold for every body.

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use callbacks::{App, Children, Ctx, Input, Output, State, dcc, html};
use http::{Request, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt;

static ROUTER: LazyLock<Router> = LazyLock::new(|| {
    let (text, number) = (dcc::Input::new("text"), dcc::Input::number("number"));
    let cache = dcc::Store::<Value>::new("cache");
    let (first, second) = (html::Div::new("first"), html::Div::new("second"));
    App::new("Properties")
        .callback(
            (Output(first.children()), Output(cache.data())),
            (
                Input(text.value()),
                Input(cache.data()),
                State(number.value()),
                State(second.children()),
                Ctx,
            ),
            async |text: Option<String>,
                   data: Option<Value>,
                   number: Option<f64>,
                   children: Option<Children>,
                   _| {
                let first = (text, number.map(|number| number.to_string()), children);
                (first, data)
            },
        )
        .layout(html::div((text, number, cache, first, second)))
        .into_router()
        .unwrap()
});

/// Posts a body, and gives the status and the JSON of the answer.
fn post(body: Vec<u8>) -> (StatusCode, Value) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let request = Request::post("/_dash-update-component")
            .header("content-type", "application/json")
            .body(Body::from(body));
        let response = ROUTER.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    })
}

fn call(text: &Value, data: &Value, number: &Value, children: &Value) -> Value {
    json!({
        "output": "..first.children...cache.data..",
        "outputs": [{"id": "first", "property": "children"}, {"id": "cache", "property": "data"}],
        "inputs": [{"id": "text", "property": "value", "value": text}, {"id": "cache", "property": "data", "value": data}],
        "changedPropIds": ["text.value"],
        "state": [{"id": "number", "property": "value", "value": number}, {"id": "second", "property": "children", "value": children}],
    })
}

/// Any JSON, some levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        // A browser sends no others.
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".*", inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// What every refusal looks like.
fn is_refusal((status, answer): &(StatusCode, Value)) -> bool {
    status.is_client_error()
        && answer["error"]
            .as_str()
            .is_some_and(|sentence| !sentence.is_empty())
}

proptest! {
    #[test]
    fn any_bytes_are_refused_in_words(body: Vec<u8>) {
        prop_assert!(is_refusal(&post(body)));
    }

    #[test]
    fn any_json_is_refused_in_words(body in any_json()) {
        prop_assert!(is_refusal(&post(body.to_string().into_bytes())));
    }

    #[test]
    fn data_of_any_shape_comes_back_as_it_was_sent(data in any_json()) {
        let (status, answer) = post(call(&Value::Null, &data, &Value::Null, &Value::Null).to_string().into_bytes());
        prop_assert_eq!(status, StatusCode::OK);
        prop_assert_eq!(&answer["response"]["cache"]["data"], &data);
    }

    #[test]
    fn a_value_of_another_type_is_refused_and_one_of_the_right_type_is_taken(text in any_json(), number in any_json()) {
        let right = (text.is_string() || text.is_null()) && (number.is_number() || number.is_null());
        let answer = post(call(&text, &Value::Null, &number, &Value::Null).to_string().into_bytes());
        if right {
            prop_assert_eq!(answer.0, StatusCode::OK);
        } else {
            prop_assert!(is_refusal(&answer), "{:?}", answer);
        }
    }

    #[test]
    fn a_call_with_some_bytes_changed_is_answered(
        children in any_json(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut body = call(&"x".into(), &1.into(), &2.into(), &children).to_string().into_bytes();
        for (index, byte) in changes {
            let place = index.index(body.len());
            body[place] = byte;
        }
        let answer = post(body);
        prop_assert!(answer.0 == StatusCode::OK || is_refusal(&answer), "{:?}", answer);
    }

    #[test]
    fn any_header_is_taken_for_what_it_is(
        name in prop::sample::select(vec!["accept", "accept-encoding", "content-type", "host", "if-none-match", "origin", "sec-fetch-site"]),
        value in prop::collection::vec(prop_oneof![0x20u8..0x7f, 0x80u8..], 0..40),
        path in prop::sample::select(vec!["/", "/assets/client.js", "/nowhere"]),
    ) {
        let Ok(value) = http::HeaderValue::from_bytes(&value) else { return Ok(()) };
        let request = Request::get(path).header(name, value).body(Body::empty()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let response = runtime.block_on(ROUTER.clone().oneshot(request)).unwrap();
        let status = response.status();
        let expected = match path {
            "/nowhere" => status == StatusCode::NOT_FOUND,
            // A browser may hold any version of the file: `*`.
            "/assets/client.js" => status == StatusCode::OK || status == StatusCode::NOT_MODIFIED,
            _ => status == StatusCode::OK,
        };
        prop_assert!(expected, "{}", status);
    }
}
