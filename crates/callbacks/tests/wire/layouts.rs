//! What a layout may be, and what its components can do beyond HTML.

use std::sync::atomic::{AtomicU32, Ordering};

use callbacks::{
    App, Children, Component, InitialCalls, Input, IntoChildren, Node, Output, dcc, html,
};
use http::StatusCode;
use serde_json::json;

use crate::exchange::Server;

#[tokio::test]
async fn a_list_is_a_layout_and_the_page_gives_it_margins() {
    let server = Server::of(App::new("List").layout((html::p("a"), "b")));
    assert_eq!(
        server.layout().await,
        json!([
            {"props": {"children": "a"}, "type": "P", "namespace": "dash_html_components"},
            "b"
        ])
    );
    let page = server.get("/").await.text();
    assert!(
        page.contains(r#"id="react-entry-point" class="container""#),
        "{page}"
    );

    let server = Server::of(App::new("One").layout(html::p("a")));
    let page = server.get("/").await.text();
    assert!(page.contains(r#"id="react-entry-point">"#), "{page}");
}

#[tokio::test]
async fn the_server_fills_a_list() {
    let (input, content) = (
        dcc::Input::new("input").with_value("x"),
        html::H1::new("content"),
    );
    let app = App::new("Filled")
        .callback(
            Output(content.text()),
            Input(input.value()),
            async |value: Option<String>| value,
        )
        .layout((input, content))
        .initial_calls(InitialCalls::Server);
    let page = Server::of(app).get("/").await.text();
    assert!(
        page.contains(r#"{"props":{"children":"x","id":"content"}"#),
        "{page}"
    );
}

#[tokio::test]
async fn a_layout_function_shows_the_components_that_callbacks_name() {
    fn layout(content: &html::H1) -> Children {
        (html::p("Above"), content).into_children()
    }
    let content = html::H1::new("content");
    let handle = content.children();
    let app = App::new("Borrowed").layout_with(move || layout(&content));
    assert_eq!(Server::of(app).layout().await[1]["props"]["id"], "content");
    assert_eq!(handle.to_string(), "content.children");
}

#[tokio::test]
async fn a_layout_function_that_makes_what_json_cannot_hold_is_a_500_and_no_silent_null() {
    static PAGES: AtomicU32 = AtomicU32::new(0);
    for initial_calls in [InitialCalls::Browser, InitialCalls::Server] {
        PAGES.store(0, Ordering::Relaxed);
        let app = App::new("Later")
            .initial_calls(initial_calls)
            .layout_with(|| {
                let opened = PAGES.fetch_add(1, Ordering::Relaxed);
                let value = if opened == 0 { 1.0 } else { f64::NAN };
                dcc::Input::number("age").with_value(value)
            });
        let answer = Server::of(app).get("/").await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            answer.sentence().contains("failed to answer"),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn a_label_names_its_field_and_a_live_region_is_read_aloud() {
    let (name, letter) = (dcc::Input::new("name"), dcc::Dropdown::new("letter"));
    assert_eq!(
        name.label(("Your ", html::em("name"))).into_json()["props"]["htmlFor"],
        "name"
    );
    assert_eq!(
        letter.label("A letter").into_json()["props"]["htmlFor"],
        "letter"
    );
    let content = html::H1::new("content").live();
    assert_eq!(content.id(), "content");
    assert_eq!(content.attribute("data-at").to_string(), "content.data-at");
    assert_eq!(content.into_json()["props"]["aria-live"], "polite");
}

#[test]
fn a_spinner_without_an_id_has_a_color_and_one_with_an_id_has_handles() {
    let slow = dcc::loading("…").with_color("red").with_delay_show(200);
    let props = slow.into_json()["props"].clone();
    assert_eq!(
        props,
        json!({"children": "…", "color": "red", "delay_show": 200})
    );
    let loading = dcc::Loading::new("loading").with_style([("margin", "1em")]);
    assert_eq!(loading.style().to_string(), "loading.style");
    assert_eq!(loading.overlay_style().to_string(), "loading.overlay_style");
}

#[test]
fn a_property_that_is_set_twice_keeps_its_place_and_takes_the_new_value() {
    let input = dcc::Input::number("age")
        .with_min(0)
        .with_max(9)
        .with_min(1.5);
    assert_eq!(
        input.into_json()["props"].to_string(),
        r#"{"id":"age","type":"number","min":1.5,"max":9.0}"#
    );
}

#[test]
fn a_component_of_ones_own_is_a_child_like_any_other() {
    struct Clock(&'static str);

    impl Component for Clock {
        fn into_node(self) -> Node {
            Node::new("my_components", "Clock")
                .with_id(self.0)
                .with("ticks", [1, 2])
        }
    }

    assert_eq!(
        html::div(Clock("clock")).into_json()["props"]["children"],
        json!({"props": {"id": "clock", "ticks": [1, 2]}, "type": "Clock", "namespace": "my_components"})
    );
}

#[test]
fn a_kind_of_text_field_can_be_written_by_a_callback_and_is_still_text() {
    let secret = dcc::Input::new("secret").with_kind(dcc::TextKind::Password);
    let _ = App::new("Show").callback(
        Output(secret.kind()),
        Input(secret.n_submit()),
        async |_| Some(dcc::TextKind::Text),
    );
    assert_eq!(secret.into_json()["props"]["type"], "password");
}

#[test]
fn an_option_of_a_dropdown_is_a_value_or_says_more() {
    let size = dcc::Dropdown::new("size").with_options([
        dcc::Choice::new("S"),
        dcc::Choice::labelled("Large", "L"),
        dcc::Choice::new("XL")
            .with_title("Made to order")
            .disabled(),
    ]);
    assert_eq!(
        size.into_json()["props"]["options"],
        json!(["S", {"label": "Large", "value": "L"}, {"value": "XL", "disabled": true, "title": "Made to order"}])
    );
}
