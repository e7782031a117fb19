//! An app with a mistake does not start, and the message names both sides of it.

use std::collections::HashMap;

use callbacks::{App, Input, Output, State, dcc, html};

use crate::exchange::log_of;

/// What this app's start says.
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
fn a_handle_of_another_component_with_the_same_id() {
    let input = dcc::Input::new("content");
    let app = App::new("")
        .callback(
            Output(input.value()),
            Input(("input", "value")),
            async |value: Option<_>| {
                let _: Option<serde_json::Value> = value;
                "text"
            },
        )
        .layout((dcc::Input::new("input"), html::H1::new("content")));
    let message = start(app);
    assert!(
        message.contains("has `content.value` as an output, but html.H1 has no such property"),
        "{message}"
    );
}

#[test]
fn a_property_named_by_strings_that_no_table_knows_is_a_warning_and_no_stop() {
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
    let (message, log) = log_of(|| start(app));
    assert_eq!(message, "it started");
    assert!(log.contains("WARN"), "{log}");
    assert!(
        log.contains("has `content.childern` as an output, but html.H1 has no such property; did you mean `children`?"),
        "{log}"
    );
    assert!(!log.contains("data-note"), "{log}");
}

#[test]
fn an_attribute_that_no_table_knows_is_a_warning_and_no_stop() {
    let (input, part) = (dcc::Input::new("input"), html::Div::new("part"));
    let app = App::new("")
        .callback(
            (
                Output(part.attribute("inert")),
                Output(part.attribute("data-at")),
            ),
            Input(input.value()),
            async |_| (true, 1.5),
        )
        .layout((input, part));
    let (message, log) = log_of(|| start(app));
    assert_eq!(message, "it started");
    assert!(log.contains("has `part.inert` as an output"), "{log}");
    assert!(!log.contains("data-at"), "{log}");
}

#[test]
fn the_style_of_every_component_can_be_an_output() {
    for id in ["button", "dropdown", "input", "loading"] {
        for property in ["style", "className", "id", "title"] {
            let app = App::new("")
                .callback(
                    Output((id, property)),
                    Input(("trigger", "value")),
                    async |value: Option<_>| value,
                )
                .layout((
                    dcc::Input::new("trigger"),
                    html::Button::new("button"),
                    dcc::Dropdown::new("dropdown"),
                    dcc::Input::new("input"),
                    dcc::Loading::new("loading"),
                ));
            let (message, log) = log_of(|| start(app));
            assert_eq!((message.as_str(), log.as_str()), ("it started", ""));
        }
    }
    let graph = dcc::Graph::new("graph");
    assert_eq!(graph.style().to_string(), "graph.style");
    assert_eq!(graph.class_name().to_string(), "graph.className");
}

#[test]
fn exceptions_that_are_suppressed_are_no_mistake_and_no_warning() {
    let app = App::new("")
        .callback(
            Output(("content", "childern")),
            Input(("later", "value")),
            async |value: Option<_>| value,
        )
        .layout((
            html::H1::new("content"),
            html::label("").with_html_for("later"),
        ))
        .suppress_callback_exceptions(true);
    assert_eq!(
        log_of(|| start(app)),
        ("it started".to_owned(), String::new())
    );
}

#[test]
fn a_label_of_a_component_that_is_not_there() {
    let layout = (
        html::label("Your text").with_html_for("inptu"),
        dcc::Input::new("input"),
    );
    assert_eq!(
        start(App::new("").layout(layout)),
        "the app cannot start: a label has `htmlFor` `inptu`, but the layout has no component with this id; did you mean `input`?: \
         make the label with `.label(…)` of its component"
    );
    let input = dcc::Input::new("input");
    let layout = (input.label("Your text"), input);
    assert_eq!(start(App::new("").layout(layout)), "it started");
}

#[test]
fn a_value_in_the_layout_that_json_cannot_hold() {
    let pairs = HashMap::from([((1_u8, 2_u8), 3_u8)]);
    let layout = html::div((
        dcc::Store::<HashMap<(u8, u8), u8>>::new("pairs").with_data(pairs),
        html::section(dcc::Input::number("number").with_value(f64::NAN)),
        dcc::Store::<Option<u8>>::new("nothing").with_data(None),
        dcc::Store::<Vec<u64>>::new("large").with_data(vec![1, (1 << 53) + 1]),
        html::p("").with_attribute("data-at", f64::INFINITY),
    ));
    assert_eq!(
        start(App::new("").layout(layout)),
        "the app cannot start, for 4 reasons:\n\
         - `data` of dcc.Store `pairs` cannot be written as JSON: a key of a map is neither text nor a number, which JSON has not: use a list of pairs\n\
         - `value` of dcc.Input `number` cannot be written as JSON: JSON has no number for NaN: use `None`, or text\n\
         - `data` of dcc.Store `large` cannot be written as JSON: a browser rounds the whole number 9007199254740993, which is beyond 2^53: \
         use text (at `[1]`)\n\
         - `data-at` of html.P cannot be written as JSON: JSON has no number for inf: use `None`, or text"
    );
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
        "the app cannot start: two components have the id `x`, html.Div and dcc.Input: give each its own id"
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
    let message = start(App::new("").prevent_initial_call(true));
    assert_eq!(
        message,
        "the app cannot start, for 2 reasons:\n- it has no layout: set one with `App::layout`\n\
         - `prevent_initial_call` comes before the first callback: put it after the `.callback(…)` that it belongs to"
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

#[test]
fn a_script_with_the_name_of_another_file_stops_the_start() {
    for app in [
        App::new("Scripts").script("client.js", "1"),
        App::new("Scripts").script("style.css", "1"),
        App::new("Scripts")
            .script("own.js", "1")
            .script("own.js", "2"),
    ] {
        let error = app.layout(html::p("page")).into_router().unwrap_err();
        assert!(
            error
                .to_string()
                .contains("two files would be served as `/assets/"),
            "{error}"
        );
    }
}
