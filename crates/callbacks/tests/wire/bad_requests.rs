//! Whatever a client sends gets an answer in words, and the next good request is answered as ever.

use callbacks::{App, CallbackError, Input, Output, State, dcc, html};
use http::{Method, Request, StatusCode};

use crate::exchange::{Answer, Server};

const GOOD: &str = r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"input","property":"value","value":"x"}],"state":[{"id":"other","property":"value"}]}"#;

fn app() -> App {
    let (input, other) = (dcc::Input::new("input"), dcc::Input::new("other"));
    let (content, second) = (html::Div::new("content"), html::Div::new("second"));
    App::new("Bad requests")
        .callback(
            Output(content.children()),
            (Input(input.value()), State(other.value())),
            async |value: Option<String>,
                   _: Option<String>|
                   -> Result<Option<String>, CallbackError> {
                match value.as_deref() {
                    Some("panic") => panic!("the function gave up"),
                    Some("error") => {
                        Err(CallbackError::private("the disk with the secret is full"))
                    }
                    Some("public") => Err(CallbackError::public("That name is taken.")),
                    _ => Ok(value),
                }
            },
        )
        .callback(
            (Output(second.children()), Output(second.title())),
            Input(input.value()),
            async |value: Option<String>| -> Result<(String, String), std::num::ParseIntError> {
                let number: u32 = value.unwrap_or_default().parse()?;
                Ok((number.to_string(), number.to_string()))
            },
        )
        .layout(html::div((input, other, content, second)))
}

async fn refused(server: &Server, body: impl Into<axum::body::Body>) -> Answer {
    let answer = server.post(body).await;
    assert_eq!(
        server.post(GOOD).await.status,
        StatusCode::OK,
        "after {}",
        answer.text()
    );
    answer
}

#[tokio::test]
async fn each_mistake_is_named_with_what_was_expected() {
    let server = Server::of(app());
    let reload = "The page may be older than the server: reload it.";
    let cases = [
        ("", "The body is empty: expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        (" \n", "The body is empty: expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        ("{bad", "The body is not a call of a callback: key must be a string at line 1 column 2. Expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        ("[]", "The body is not a call of a callback: it is not an object. Expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        (r#"["content.children",{"id":"content","property":"children"},[]]"#, "The body is not a call of a callback: it is not an object. Expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        (r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[["input","value","x"]]}"#, "The body is not a call of a callback: invalid type: sequence, expected an object with `id`, `property` and `value` at line 1 column 88. Expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        (r#"{"output":"content.children","outputs":["content","children"],"inputs":[]}"#, format!("The callback for `content.children` was sent other `outputs`: expected an object of its `id` and `property`. {reload}")),
        (r#"{"output":"content.children"}"#, "The body is not a call of a callback: missing field `outputs` at line 1 column 29. Expected a JSON object with `output`, `outputs` and `inputs`.".to_owned()),
        (r#"{"output":"no.such","outputs":{},"inputs":[]}"#, format!("No callback has the output `no.such`: expected one that `/_dash-dependencies` lists. {reload}")),
        (r#"{"output":"content.children","outputs":{"id":"x","property":"y"},"inputs":[]}"#, format!("The callback for `content.children` was sent other `outputs`: expected an object of its `id` and `property`. {reload}")),
        (r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[]}"#, format!("The callback for `content.children` was sent 0 inputs: expected 1. {reload}")),
        (r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"input","property":"value"}],"state":null}"#, format!("The callback for `content.children` was sent 0 states: expected 1. {reload}")),
        (r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"zz","property":"yy"}],"state":[{"id":"other","property":"value"}]}"#, format!("The callback for `content.children` was sent `zz.yy` as one of its inputs: expected `input.value`. {reload}")),
        (r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"input","property":"value","value":3}],"state":[{"id":"other","property":"value"}]}"#, "The callback for `content.children` cannot read `input.value`: invalid type: integer `3`, expected a string.".to_owned()),
    ];
    for (body, sentence) in cases {
        let answer = refused(&server, body).await;
        assert_eq!(
            (answer.status, answer.sentence()),
            (StatusCode::BAD_REQUEST, sentence),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_body_that_nests_too_deep_is_refused_and_takes_no_stack() {
    let server = Server::of(app());
    for depth in [129, 1_000_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let answer = refused(&server, GOOD.replace("\"x\"", &nested)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            answer.sentence(),
            "The callback for `content.children` cannot read `input.value`: invalid type: sequence, expected a string."
        );
    }
}

#[tokio::test]
async fn a_value_that_nests_too_deep_for_its_reader_is_refused_wherever_it_is() {
    let (store, content) = (
        dcc::Store::<serde_json::Value>::new("store"),
        html::Div::new("content"),
    );
    let app = App::new("Deep")
        .callback(
            Output(content.children()),
            Input(store.data()),
            async |_: Option<serde_json::Value>| "read",
        )
        .layout((store, content));
    let server = Server::of(app);
    let call = r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"store","property":"data","value":DEEP}],"more":1}"#;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let fits = server.post(call.replace("DEEP", &nested(120))).await;
    assert_eq!(fits.status, StatusCode::OK);
    let answer = server.post(call.replace("DEEP", &nested(129))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        answer.sentence(),
        "The callback for `content.children` cannot read `store.data`: recursion limit exceeded."
    );
    // What nobody reads is passed over, however deep it is.
    let unread = call
        .replace("DEEP", "1")
        .replace(r#""more":1"#, &format!(r#""more":{}"#, nested(1_000_000)));
    assert_eq!(server.post(unread).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_the_limit_can_be_set() {
    let large = GOOD.replace("\"x\"", &format!("\"{}\"", "x".repeat(3 * 1024 * 1024)));
    let answer = refused(&Server::of(app()), large.clone()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        answer.sentence(),
        "The body has more than 2097152 bytes, which is the limit: store less in the browser, or raise the app's body limit."
    );
    let roomy = Server::of(app().body_limit(4 * 1024 * 1024));
    assert_eq!(roomy.post(large).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_does_not_say_it_is_json_is_415() {
    let server = Server::of(app());
    for (content_type, named) in [(None, "missing"), (Some("text/plain"), "`text/plain`")] {
        let mut request = Request::post("/_dash-update-component");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = server.ask(request.body(GOOD.into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(
            answer.sentence(),
            format!("The content type is {named}: expected `application/json`.")
        );
    }
    let request = Request::post("/_dash-update-component")
        .header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(
        server.ask(request.body(GOOD.into()).unwrap()).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_text_that_is_not_utf_8_is_refused() {
    let mut body = GOOD.as_bytes().to_vec();
    let at = GOOD.find("\"x\"").unwrap() + 1;
    body[at] = 0xff;
    assert_eq!(
        refused(&Server::of(app()), body).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn an_error_names_the_outputs_and_keeps_its_cause_to_itself() {
    let server = Server::of(app());
    let answer = refused(&server, GOOD.replace("\"x\"", "\"error\"")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        answer.text(),
        r#"{"error":"The callback for `content.children` failed."}"#
    );
    let several = r#"{"output":"..second.children...second.title..","outputs":[{"id":"second","property":"children"},{"id":"second","property":"title"}],"inputs":[{"id":"input","property":"value","value":"x"}]}"#;
    let answer = refused(&server, several).await;
    assert_eq!(
        answer.text(),
        r#"{"error":"The callback for `second.children` and `second.title` failed."}"#
    );
}

#[tokio::test]
async fn while_debugging_the_page_gets_the_cause() {
    let server = Server::of(app().debug(true));
    let answer = refused(&server, GOOD.replace("\"x\"", "\"error\"")).await;
    let detail = |answer: &Answer| answer.json()["detail"].as_str().unwrap().to_owned();
    let place = "(at crates/callbacks/tests/wire/bad_requests.rs:";
    let error = detail(&answer);
    assert!(
        error.starts_with(&format!("the disk with the secret is full {place}")),
        "{error}"
    );
    let answer = refused(&server, GOOD.replace("\"x\"", "\"panic\"")).await;
    let panic = detail(&answer);
    assert!(
        panic.starts_with(&format!("It panicked: the function gave up {place}")),
        "{panic}"
    );
    // The place of an error that `?` has passed on is that of the `?`.
    let several = r#"{"output":"..second.children...second.title..","outputs":[{"id":"second","property":"children"},{"id":"second","property":"title"}],"inputs":[{"id":"input","property":"value","value":"x"}]}"#;
    let passed_on = detail(&refused(&server, several).await);
    assert!(passed_on.contains("invalid digit"), "{passed_on}");
}

#[tokio::test]
async fn an_error_that_is_meant_for_the_page_is_told() {
    let answer = refused(&Server::of(app()), GOOD.replace("\"x\"", "\"public\"")).await;
    assert_eq!(
        answer.sentence(),
        "The callback for `content.children` failed: That name is taken."
    );
}

#[tokio::test]
async fn a_panic_is_an_error_of_that_call_alone() {
    let answer = refused(&Server::of(app()), GOOD.replace("\"x\"", "\"panic\"")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        answer.text(),
        r#"{"error":"The callback for `content.children` failed."}"#
    );
    assert_eq!(&*answer.ran.unwrap().callback, "content.children");
}

#[tokio::test]
async fn other_methods_and_addresses_are_answered_in_words() {
    let server = Server::of(app());
    let request = Request::builder()
        .method(Method::DELETE)
        .uri("/_dash-layout")
        .body(axum::body::Body::empty());
    let answer = server.ask(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.header("allow").contains("GET"));
    assert!(answer.sentence().contains("does not take this method"));
    assert_eq!(
        server.get("/_dash-update-component").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let answer = server.get("/nowhere").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer
            .sentence()
            .contains("the page of this app is at its root")
    );
    let request = Request::get("/nowhere")
        .header("accept", "text/html,*/*")
        .body(axum::body::Body::empty());
    let answer = server.ask(request.unwrap()).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
}
