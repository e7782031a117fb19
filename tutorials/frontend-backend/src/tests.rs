//! The app by itself. The steps on the page are tested in a browser, in `tests/`.

use harness::{Recorder, call};
use serde_json::{Value, json};

use super::*;

#[test]
fn the_app_starts_with_either_side_making_the_initial_calls() {
    for initial in ["server", "browser"] {
        let initial: InitialCalls = initial.parse().unwrap();
        assert!(app().initial_calls(initial).into_router().is_ok());
    }
}

#[test]
fn each_page_notes_when_its_layout_was_built() {
    let (city, greeting) = (dcc::Input::new("city"), html::H2::new("greeting"));
    let ran = html::Small::new("ran");
    let at = || {
        let layout = layout(&city, &greeting, &ran).to_json();
        let mut children = layout.as_array().unwrap().iter();
        let steps = children.find(|child| child["props"]["id"] == "steps");
        steps.unwrap()["props"]["data-layout-at"].as_f64().unwrap()
    };
    let first = at();
    assert!(
        first > 1.6e12,
        "{first} is not a time of this century in milliseconds"
    );
    assert!(at() >= first);
}

/// The call of a page whose field holds this city.
fn greeted(city: &str, triggers: &[&str]) -> Value {
    call(
        "..greeting.children...ran.children...ran.data-at..",
        &[("city", "value", json!(city))],
        &[],
        triggers,
    )
}

#[tokio::test]
async fn frontend_backend_sends_what_was_recorded() {
    let mut recorder = Recorder::of(app().into_router().unwrap()).await;
    recorder.answer("on_load", &greeted("Montreal", &[])).await;
    recorder
        .answer("to_a_key", &greeted("Montreals", &["city.value"]))
        .await;
    recorder.check("frontend-backend");
}

#[tokio::test]
async fn a_page_that_the_server_has_filled_is_what_was_recorded() {
    let app = app().initial_calls(InitialCalls::Server);
    let mut recorder = Recorder::new(app.into_router().unwrap());
    recorder.embedded("layout_filled", "_dash-layout").await;
    recorder.check("frontend-backend-server");
}
