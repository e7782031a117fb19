//! Callbacks behind callbacks, as recorded from Dash 4.4.1: what one writes, the browser sends to the next.

use callbacks::{App, CallbackError, Input, Output, PreventUpdate, State, dcc, html};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::exchange::{Server, dependency};

#[cfg(feature = "graph")]
#[derive(Serialize, Deserialize)]
struct Rows {
    name: String,
    y: Vec<u32>,
}

#[cfg(feature = "graph")]
#[tokio::test]
async fn a_dropdown_fills_a_store_and_the_store_a_graph() {
    let dropdown = dcc::Dropdown::new("dd")
        .with_options(["A", "B"])
        .with_value("A")
        .with_clearable(false);
    let (store, graph) = (dcc::Store::<Rows>::new("st"), dcc::Graph::new("g"));
    let app = App::new("c")
        .callback(
            Output(store.data()),
            Input(dropdown.value()),
            async |name: Option<String>| {
                let y = if name.as_deref() == Some("A") {
                    vec![1, 3, 2]
                } else {
                    vec![3, 1, 4]
                };
                name.map(|name| Rows { name, y })
            },
        )
        .callback(
            Output(graph.figure()),
            Input(store.data()),
            async |rows: Option<Rows>| {
                rows.map(|rows| {
                    let bars = json!({"type": "bar", "x": [1, 2, 3], "y": rows.y});
                    dcc::Figure::new([bars]).with_layout(json!({"title": {"text": rows.name}}))
                })
            },
        )
        .layout(html::div((html::h3("chain"), dropdown, store, graph)));
    let server = Server::of(app);
    assert_eq!(
        server.layout().await,
        json!({"props":{"children":[
            {"props":{"children":"chain"},"type":"H3","namespace":"dash_html_components"},
            {"props":{"options":["A","B"],"value":"A","clearable":false,"id":"dd"},"type":"Dropdown","namespace":"dash_core_components"},
            {"props":{"id":"st"},"type":"Store","namespace":"dash_core_components"},
            {"props":{"id":"g"},"type":"Graph","namespace":"dash_core_components"}]},
         "type":"Div","namespace":"dash_html_components"})
    );
    assert_eq!(
        server.dependencies().await,
        json!([
            dependency("st.data", &["dd.value"], &[], false),
            dependency("g.figure", &["st.data"], &[], false),
        ])
    );
    let stored = server.post(r#"{"output":"st.data","outputs":{"id":"st","property":"data"},"inputs":[{"id":"dd","property":"value","value":"A"}],"changedPropIds":[],"parsedChangedPropsIds":[]}"#).await;
    assert_eq!(
        stored.text(),
        r#"{"multi":true,"response":{"st":{"data":{"name":"A","y":[1,3,2]}}}}"#
    );
    let drawn = server.post(r#"{"output":"g.figure","outputs":{"id":"g","property":"figure"},"inputs":[{"id":"st","property":"data","value":{"name":"A","y":[1,3,2]}}],"changedPropIds":["st.data"],"parsedChangedPropsIds":["st.data"]}"#).await;
    assert_eq!(
        drawn.text(),
        r#"{"multi":true,"response":{"g":{"figure":{"data":[{"type":"bar","x":[1,2,3],"y":[1,3,2]}],"layout":{"title":{"text":"A"}}}}}}"#
    );
}

#[derive(Serialize, Deserialize)]
struct Values {
    n: Option<u64>,
    a: Option<String>,
    b: Option<String>,
}

#[tokio::test]
async fn a_button_that_starts_at_zero_fills_a_store_on_load() {
    let (i1, i2) = (
        dcc::Input::new("i1").with_value("1"),
        dcc::Input::new("i2").with_value("2"),
    );
    let button = html::Button::new("btn")
        .with_children("go")
        .with_n_clicks(0u64);
    let (store, out) = (dcc::Store::<Values>::new("st"), html::Div::new("out"));
    let server = Server::of(
        App::new("d")
            .callback(
                Output(store.data()),
                (
                    Input(button.n_clicks()),
                    State(i1.value()),
                    State(i2.value()),
                ),
                async |n: Option<u64>, a: Option<String>, b: Option<String>| {
                    Some(Values { n, a, b })
                },
            )
            .callback(
                Output(out.children()),
                Input(store.data()),
                async |data: Option<Values>| {
                    data.map(|data| serde_json::to_string(&data)).transpose()
                },
            )
            .layout(html::div((i1, i2, button, store, out))),
    );
    let button = &server.layout().await["props"]["children"][2];
    assert_eq!(
        button["props"],
        json!({"children": "go", "id": "btn", "n_clicks": 0})
    );
    let load = server.post(r#"{"output":"st.data","outputs":{"id":"st","property":"data"},"inputs":[{"id":"btn","property":"n_clicks","value":0}],"changedPropIds":[],"parsedChangedPropsIds":[],"state":[{"id":"i1","property":"value","value":"1"},{"id":"i2","property":"value","value":"2"}]}"#).await;
    assert_eq!(
        load.text(),
        r#"{"multi":true,"response":{"st":{"data":{"n":0,"a":"1","b":"2"}}}}"#
    );
    let shown = server.post(r#"{"output":"out.children","outputs":{"id":"out","property":"children"},"inputs":[{"id":"st","property":"data","value":{"n":0,"a":"1","b":"2"}}],"changedPropIds":["st.data"],"parsedChangedPropsIds":["st.data"]}"#).await;
    assert_eq!(
        shown.json(),
        json!({"multi": true, "response": {"out": {"children": "{\"n\":0,\"a\":\"1\",\"b\":\"2\"}"}}})
    );
}

#[tokio::test]
async fn a_hidden_div_holds_json_as_text() {
    let (i1, button) = (
        dcc::Input::new("i1").with_value("1"),
        html::Button::new("btn").with_children("go"),
    );
    let hidden = html::Div::new("hidden").with_style([("display", "none")]);
    let out = html::Div::new("out");
    let server = Server::of(
        App::new("e")
            .callback(
                Output(hidden.text()),
                (Input(button.n_clicks()), State(i1.value())),
                async |n: Option<u64>, a: Option<String>| -> Result<String, CallbackError> {
                    let n = n.ok_or(PreventUpdate)?;
                    Ok(serde_json::to_string(&Values {
                        n: Some(n),
                        a,
                        b: None,
                    })?)
                },
            )
            .callback(
                Output(out.children()),
                Input(hidden.text()),
                async |text: Option<String>| text.map(|text| format!("got {text}")),
            )
            .layout(html::div((i1, button, hidden, out))),
    );
    let hidden = &server.layout().await["props"]["children"][2]["props"];
    assert_eq!(
        *hidden,
        json!({"children": null, "id": "hidden", "style": {"display": "none"}})
    );
    let load = server.post(r#"{"output":"hidden.children","outputs":{"id":"hidden","property":"children"},"inputs":[{"id":"btn","property":"n_clicks"}],"changedPropIds":[],"parsedChangedPropsIds":[],"state":[{"id":"i1","property":"value","value":"1"}]}"#).await;
    assert_eq!(load.status, StatusCode::NO_CONTENT);
    let click = server.post(r#"{"output":"hidden.children","outputs":{"id":"hidden","property":"children"},"inputs":[{"id":"btn","property":"n_clicks","value":1}],"changedPropIds":["btn.n_clicks"],"parsedChangedPropsIds":["btn.n_clicks"],"state":[{"id":"i1","property":"value","value":"1"}]}"#).await;
    assert_eq!(
        click.text(),
        r#"{"multi":true,"response":{"hidden":{"children":"{\"n\":1,\"a\":\"1\",\"b\":null}"}}}"#
    );
}

#[tokio::test]
async fn a_prevented_callback_is_listed_as_such() {
    let button = html::Button::new("btn").with_children("b");
    let (a, b, c) = (
        html::Div::new("a"),
        html::Div::new("bb"),
        html::Div::new("c"),
    );
    let show = async |value: Option<String>| value;
    let server = Server::of(
        App::new("k")
            .callback(
                Output(a.children()),
                Input(button.n_clicks()),
                async |n: Option<u64>| n.map(|n| format!("A{n}")),
            )
            .prevent_initial_call(true)
            .callback(Output(b.text()), Input(a.text()), show)
            .callback(Output(c.text()), Input(b.text()), show)
            .prevent_initial_call(true)
            .layout(html::div((button, a, b, c))),
    );
    assert_eq!(
        server.dependencies().await,
        json!([
            dependency("a.children", &["btn.n_clicks"], &[], true),
            dependency("bb.children", &["a.children"], &[], false),
            dependency("c.children", &["bb.children"], &[], true),
        ])
    );
}
