//! The apps whose exchanges were recorded from Dash 4.4.1, and what Dash sent and answered.

use std::sync::atomic::{AtomicU32, Ordering};

use callbacks::{App, Input, Output, PreventUpdate, State, Update, dcc, html};
use http::StatusCode;
use serde_json::json;

use crate::exchange::{Server, dependency};

#[tokio::test]
async fn an_input_writes_a_heading_and_the_process_counts() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let (input, heading) = (
        dcc::Input::new("inp")
            .with_value("x")
            .with_kind(dcc::TextKind::Text),
        html::H1::new("h"),
    );
    let server = Server::of(
        App::new("a")
            .callback(
                Output(heading.children()),
                Input(input.value()),
                async |value: Option<String>| {
                    let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
                    format!(
                        "{} / calls so far (all sessions): {calls}",
                        value.unwrap_or_default()
                    )
                },
            )
            .layout(html::div((input, heading))),
    );
    assert_eq!(
        server.layout().await,
        json!({"props": {"children": [
            {"props": {"value": "x", "type": "text", "id": "inp"}, "type": "Input", "namespace": "dash_core_components"},
            {"props": {"children": null, "id": "h"}, "type": "H1", "namespace": "dash_html_components"}
        ]}, "type": "Div", "namespace": "dash_html_components"})
    );
    assert_eq!(
        server.get("/_dash-dependencies").await.text(),
        r#"[{"output":"h.children","inputs":[{"id":"inp","property":"value"}],"state":[],"clientside_function":null,"prevent_initial_call":false,"background":null,"dynamic_creator":null,"no_output":false,"optional":false,"hidden":false,"websocket":false,"persistent":false}]"#
    );
    let first = server.post(r#"{"output":"h.children","outputs":{"id":"h","property":"children"},"inputs":[{"id":"inp","property":"value","value":"x"}],"changedPropIds":[],"parsedChangedPropsIds":[]}"#).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(
        first.text(),
        r#"{"multi":true,"response":{"h":{"children":"x / calls so far (all sessions): 1"}}}"#
    );
    let typed = server.post(r#"{"output":"h.children","outputs":{"id":"h","property":"children"},"inputs":[{"id":"inp","property":"value","value":"xyé"}],"changedPropIds":["inp.value"],"parsedChangedPropsIds":["inp.value"]}"#).await;
    assert_eq!(
        typed.text(),
        r#"{"multi":true,"response":{"h":{"children":"xyé / calls so far (all sessions): 2"}}}"#
    );
}

#[tokio::test]
async fn a_button_reads_two_states_and_prevents_the_update_before_its_first_click() {
    let (in1, in2) = (
        dcc::Input::new("in1").with_value("Montreal"),
        dcc::Input::new("in2"),
    );
    let button = html::Button::new("btn").with_children("Submit");
    let heading = html::H1::new("h").with_children("initial");
    let server = Server::of(
        App::new("b")
            .callback(
                Output(heading.children()),
                (
                    Input(button.n_clicks()),
                    State(in1.value()),
                    State(in2.value()),
                ),
                async |clicks: Option<u64>, a: Option<String>, b: Option<String>| {
                    let clicks = clicks.ok_or(PreventUpdate)?;
                    Ok::<_, PreventUpdate>(format!("n={clicks} a={a:?} b={b:?}"))
                },
            )
            .layout(html::div((in1, in2, button, heading))),
    );
    assert_eq!(
        server.dependencies().await,
        json!([dependency(
            "h.children",
            &["btn.n_clicks"],
            &["in1.value", "in2.value"],
            false
        )])
    );
    let load = server.post(r#"{"output":"h.children","outputs":{"id":"h","property":"children"},"inputs":[{"id":"btn","property":"n_clicks"}],"changedPropIds":[],"parsedChangedPropsIds":[],"state":[{"id":"in1","property":"value","value":"Montreal"},{"id":"in2","property":"value"}]}"#).await;
    assert_eq!(
        (load.status, load.text().as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    let click = server.post(r#"{"output":"h.children","outputs":{"id":"h","property":"children"},"inputs":[{"id":"btn","property":"n_clicks","value":1}],"changedPropIds":["btn.n_clicks"],"parsedChangedPropsIds":["btn.n_clicks"],"state":[{"id":"in1","property":"value","value":"Montreal"},{"id":"in2","property":"value"}]}"#).await;
    assert_eq!(
        click.json(),
        json!({"multi": true, "response": {"h": {"children": "n=1 a=Some(\"Montreal\") b=None"}}})
    );
}

#[tokio::test]
async fn one_callback_writes_three_outputs() {
    let number = dcc::Input::number("num").with_value(5.0);
    let [x2, x3, xx] = ["x2", "x3", "xx"].map(html::Span::new);
    let server = Server::of(
        App::new("g")
            .callback(
                (
                    Output(x2.children()),
                    Output(x3.children()),
                    Output(xx.children()),
                ),
                Input(number.value()),
                async |x: Option<f64>| {
                    let power = |n| x.map(|x| x.powi(n));
                    (
                        power(2).map(|x| x as i64),
                        power(3).map(|x| x as i64),
                        power(5),
                    )
                },
            )
            .layout(html::div((number, x2, x3, xx))),
    );
    let key = "..x2.children...x3.children...xx.children..";
    assert_eq!(
        server.dependencies().await,
        json!([dependency(key, &["num.value"], &[], false)])
    );
    let ask = async |value: &str| {
        let body = r#"{"output":"KEY","outputs":[{"id":"x2","property":"children"},{"id":"x3","property":"children"},{"id":"xx","property":"children"}],"inputs":[{"id":"num","property":"value","value":VALUE}],"changedPropIds":["num.value"],"parsedChangedPropsIds":["num.value"]}"#;
        server
            .post(body.replace("KEY", key).replace("VALUE", value))
            .await
            .text()
    };
    assert_eq!(
        ask("5").await,
        r#"{"multi":true,"response":{"x2":{"children":25},"x3":{"children":125},"xx":{"children":3125.0}}}"#
    );
    assert_eq!(
        ask("null").await,
        r#"{"multi":true,"response":{"x2":{"children":null},"x3":{"children":null},"xx":{"children":null}}}"#
    );
}

#[tokio::test]
async fn an_output_without_an_update_is_left_out() {
    let button = html::Button::new("btn").with_n_clicks(0u64);
    let (o1, o2, o3) = (
        html::Div::new("o1"),
        html::Div::new("o2"),
        html::Div::new("o3"),
    );
    let server = Server::of(
        App::new("h")
            .callback(
                (Output(o1.children()), Output(o2.children())),
                Input(button.n_clicks()),
                async |n: Option<u64>| {
                    let n = n.unwrap_or_default();
                    if n.is_multiple_of(2) {
                        (Update::To(n), Update::No)
                    } else {
                        (Update::No, Update::To(n))
                    }
                },
            )
            .callback(
                Output(o3.children()),
                Input(button.n_clicks()),
                async |_: Option<u64>| Update::<String>::No,
            )
            .layout(html::div((button, o1, o2, o3))),
    );
    let both = async |clicks: u32| {
        let body = r#"{"output":"..o1.children...o2.children..","outputs":[{"id":"o1","property":"children"},{"id":"o2","property":"children"}],"inputs":[{"id":"btn","property":"n_clicks","value":N}],"changedPropIds":[]}"#;
        server
            .post(body.replace('N', &clicks.to_string()))
            .await
            .text()
    };
    assert_eq!(
        both(0).await,
        r#"{"multi":true,"response":{"o1":{"children":0}}}"#
    );
    assert_eq!(
        both(1).await,
        r#"{"multi":true,"response":{"o2":{"children":1}}}"#
    );
    let none = server.post(r#"{"output":"o3.children","outputs":{"id":"o3","property":"children"},"inputs":[{"id":"btn","property":"n_clicks","value":0}],"changedPropIds":[]}"#).await;
    assert_eq!(
        (none.status, none.text().as_str()),
        (StatusCode::OK, r#"{"multi":true,"response":{}}"#)
    );
}

#[tokio::test]
async fn two_properties_of_one_component_stand_together() {
    let (input, a, b) = (
        dcc::Input::new("i"),
        html::Div::new("a"),
        html::Div::new("b"),
    );
    let server = Server::of(
        App::new("together")
            .callback(
                (
                    Output(a.children()),
                    Output(b.children()),
                    Output(a.title()),
                ),
                Input(input.value()),
                async |_: Option<String>| (1, 2, "three"),
            )
            .layout(html::div((input, a, b))),
    );
    let answer = server.post(r#"{"output":"..a.children...b.children...a.title..","outputs":[{"id":"a","property":"children"},{"id":"b","property":"children"},{"id":"a","property":"title"}],"inputs":[{"id":"i","property":"value"}]}"#).await;
    assert_eq!(
        answer.text(),
        r#"{"multi":true,"response":{"a":{"children":1,"title":"three"},"b":{"children":2}}}"#
    );
}
