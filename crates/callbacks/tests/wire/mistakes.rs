//! An app with a mistake does not start, and the message names both sides of it.

use callbacks::{App, Input, Output, State, dcc, html};

/// What the start says to this app.
fn start(app: App) -> String {
    app.into_router()
        .err()
        .map_or_else(|| "it started".to_owned(), |error| error.to_string())
}

async fn first(value: Option<String>) -> Option<String> {
    value
}

async fn second(value: Option<String>) -> Option<String> {
    value
}

#[test]
fn an_output_of_two_callbacks() {
    let (input, content) = (dcc::Input::new("input"), html::H1::new("content"));
    let app = App::new("")
        .callback(Output(content.children()), Input(input.value()), first)
        .callback(Output(content.children()), Input(input.value()), second)
        .layout(html::div((input, content)));
    assert_eq!(
        start(app),
        "the app cannot start: `content.children` is an output of two callbacks, `wire::mistakes::first` and \
         `wire::mistakes::second`: let one callback write it, from the inputs of both"
    );
}

#[test]
fn an_id_that_no_component_has() {
    let app = App::new("")
        .callback(
            Output(("content", "children")),
            Input(("inptu", "value")),
            async |value: Option<_>| value,
        )
        .layout(html::div((
            dcc::Input::new("input"),
            html::H1::new("content"),
        )));
    let message = start(app);
    assert!(message.contains("has `inptu.value` as an input, but the layout has no component with the id `inptu`; did you mean `input`?"), "{message}");
    assert!(
        message.contains("wire::mistakes::an_id_that_no_component_has"),
        "{message}"
    );
}

#[test]
fn an_id_that_another_callback_brings_can_be_allowed() {
    let app = App::new("")
        .callback(
            Output(("later", "children")),
            Input(("input", "value")),
            async |value: Option<_>| value,
        )
        .layout(dcc::Input::new("input"));
    assert_eq!(start(app.suppress_callback_exceptions(true)), "it started");
}

#[test]
fn a_property_that_a_component_does_not_have() {
    let app = App::new("")
        .callback(
            Output(("content", "childern")),
            (Input(("input", "value")), State(("input", "data-note"))),
            async |value: Option<_>, _: Option<_>| value,
        )
        .layout(html::div((
            dcc::Input::new("input"),
            html::H1::new("content"),
        )));
    let message = start(app);
    assert!(message.contains("has `content.childern` as an output, but html.H1 has no such property; did you mean `children`?"), "{message}");
    assert!(!message.contains("data-note"), "{message}");
}

#[test]
fn callbacks_in_a_circle() {
    let [a, b, c] = ["a", "b", "c"].map(html::Div::new);
    let app = App::new("")
        .callback(Output(b.text()), Input(a.text()), first)
        .callback(Output(c.text()), Input(b.text()), first)
        .callback(Output(a.text()), Input(c.text()), first)
        .layout(html::div((a, b, c)));
    assert_eq!(
        start(app),
        "the app cannot start: callbacks wait for each other in a circle: `b.children` → `c.children` → `a.children` → \
         `b.children`; let one of them read a property of this circle as a `State`"
    );
}

#[test]
fn a_property_may_be_an_input_and_the_output_of_one_callback_and_a_state_closes_no_circle() {
    let (a, b) = (dcc::Input::new("a"), dcc::Input::new("b"));
    let app = App::new("")
        .callback(Output(a.value()), Input(a.value()), first)
        .callback(
            Output(b.value()),
            (Input(a.value()), State(b.value())),
            async |a: Option<String>, _: Option<String>| a,
        )
        .layout(html::div((a, b)));
    assert_eq!(start(app), "it started");
}

#[test]
fn one_id_for_two_components() {
    let app = App::new("").layout(html::div((
        html::Div::new("x"),
        html::div(dcc::Input::new("x")),
    )));
    assert_eq!(
        start(app),
        "the app cannot start: two components have the id `x`, html.Div and dcc.Input: give each an id of its own"
    );
}

#[test]
fn an_id_that_the_wire_cannot_carry() {
    for id in ["a.b", "{}", ""] {
        let message = start(App::new("").layout(html::Div::new(id)));
        assert_eq!(
            message,
            format!(
                "the app cannot start: the id `{id}` of html.Div cannot be used: an id is not empty and has neither `.` nor `{{`"
            )
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let message = start(App::new("").prevent_initial_call());
    assert_eq!(
        message,
        "the app cannot start, for 2 reasons:\n- it has no layout: set one with `App::layout`\n\
         - `prevent_initial_call` stands before the first callback: put it after the `.callback(…)` that it is meant for"
    );
}

#[cfg(not(feature = "graph"))]
#[test]
fn a_graph_without_plotly() {
    let message = start(App::new("").layout(dcc::Graph::new("graph")));
    assert!(
        message.contains("add the feature `graph` to the dependency `callbacks`"),
        "{message}"
    );
}
