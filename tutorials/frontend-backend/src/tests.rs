//! The app by itself. The steps on the page are tested in a browser, in `tests/`.

use super::*;

#[test]
fn the_app_starts_whoever_makes_the_initial_calls() {
    for initial in [Initial::Server, Initial::Browser] {
        assert!(app().initial_calls(initial.into()).into_router().is_ok());
    }
}

#[test]
fn each_page_notes_when_its_layout_was_built() {
    let at = |layout: serde_json::Value| {
        let children = layout["props"]["children"].as_array().cloned().unwrap();
        let steps = children
            .into_iter()
            .find(|child| child["props"]["id"] == "steps");
        steps.unwrap()["props"]["data-layout-at"].as_f64().unwrap()
    };
    let first = at(layout().into_json());
    assert!(
        first > 1.6e12,
        "{first} is not a time of this century in milliseconds"
    );
    assert!(at(layout().into_json()) >= first);
}
