//! The registry of this workspace, and of small ones.

use serde_json::json;

use super::*;
use crate::workspace::tests::{package, workspace};

/// A registry of two tutorials with three apps, given in the wrong order.
pub(crate) fn two_tutorials() -> Registry {
    Registry::of(&workspace(vec![
        package("tutorials/option2-store", json!({"tutorial": {
            "order": 2,
            "title": "A store",
            "chapter": "store.md",
            "apps": [
                {"id": "option2", "slug": "store", "listing": "src/lib.rs", "summary": "In a `dcc.Store`."},
                {"id": "option2-inputs", "slug": "store-inputs", "listing": "src/inputs.rs", "summary": "Two inputs."},
            ]}})),
        package("crates/callbacks", json!(null)),
        package("tutorials/global-variable", json!({"tutorial": {
            "order": 1,
            "title": "A global variable",
            "chapter": "variable.md",
            "apps": [{"id": "global-variable", "slug": "global-variable", "listing": "src/lib.rs", "summary": "One copy each.", "people": "breaks", "promises": [{"workers": [8], "breaks": ["linearizable"]}]}],
        }})),
    ]))
    .unwrap()
}

#[test]
fn tutorials_come_in_their_order() {
    let registry = two_tutorials();
    let ids: Vec<_> = registry.apps().map(|(_, app)| app.id.as_str()).collect();
    assert_eq!(ids, ["global-variable", "option2", "option2-inputs"]);
}

#[test]
fn an_app_is_found_by_its_id_and_by_its_slug() {
    let registry = two_tutorials();
    for name in ["option2-inputs", "store-inputs"] {
        let (tutorial, app) = registry.find(name).unwrap();
        assert_eq!(tutorial.package, "option2-store");
        assert_eq!(app.id, "option2-inputs");
    }
}

#[test]
fn an_unknown_name_shows_the_nearest_one() {
    let registry = two_tutorials();
    let message = registry.find("globl-variable").unwrap_err().to_string();
    assert_eq!(
        message,
        "there is no tutorial `globl-variable`; did you mean `global-variable`? `cargo xtask list` shows them all"
    );
}

#[test]
fn a_feature_is_compiled_in_for_the_value_that_needs_it() {
    let table = json!({"tutorial": {"order": 1, "title": "A", "chapter": "a.md", "apps": [{
        "id": "a", "slug": "a", "listing": "src/lib.rs", "summary": "",
        "features": [
            {"option": "--store", "value_prefix": "sqlite", "feature": "sqlite"},
            {"option": "--store", "value_prefix": "redis", "feature": "redis"},
        ],
    }]}});
    let registry = Registry::of(&workspace(vec![package("tutorials/a", table)])).unwrap();
    let (_, app) = registry.find("a").unwrap();
    let features = |line: &str| {
        let options: Vec<_> = line.split(' ').map(OsString::from).collect();
        app.features_for(&options)
    };
    assert_eq!(features("--store sqlite"), ["sqlite"]);
    assert_eq!(features("--dev --store=redis://localhost"), ["redis"]);
    assert_eq!(features("--store file"), [""; 0]);
    assert_eq!(features("--name sqlite --store"), [""; 0]);
}

#[test]
fn an_operation_is_handed_on_as_it_was_registered() {
    let operation = json!({"kind": "swap", "write": "input.value", "read": "content.children"});
    let app = json!({"id": "a", "slug": "a", "listing": "src/lib.rs", "summary": "", "operation": operation});
    let table = json!({"tutorial": {"order": 1, "title": "A", "chapter": "a.md", "apps": [app]}});
    let registry = Registry::of(&workspace(vec![package("tutorials/a", table)])).unwrap();
    let registered = registry.find("a").unwrap().1.operation.as_ref();
    assert_eq!(json!(registered.unwrap()), operation);
}

#[test]
fn a_wrong_table_is_refused_with_the_manifest_and_the_field() {
    let metadata = json!({"tutorial": {"order": 1, "title": "A", "chapter": "a.md", "apps": [], "claim": "holds"}});
    let error = Registry::of(&workspace(vec![package("tutorials/a", metadata)])).unwrap_err();
    let message = format!("{error:#}");
    assert!(message.starts_with("tutorials/a/Cargo.toml: "), "{message}");
    assert!(message.contains("unknown field `claim`"), "{message}");
}
