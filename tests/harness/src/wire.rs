//! What Dash's browser client sends, for tests that send it without a browser.

use serde_json::{Map, Value, json};

/// A property and its value: id, name of the property, value.
pub type Property<'a> = (&'a str, &'a str, Value);

/// The body that the client posts for a callback, when `triggers` of its inputs have changed.
///
/// `output` is the callback's in the dependencies: `id.property`, or of several outputs `..id.property...id.property..`.
/// Without triggers the call is one on load.
pub fn call(
    output: &str,
    inputs: &[Property<'_>],
    state: &[Property<'_>],
    triggers: &[&str],
) -> Value {
    let place = |output: &str| {
        let (id, property) = output
            .rsplit_once('.')
            .expect("an output is written as id.property");
        json!({"id": id, "property": property})
    };
    let several = output
        .strip_prefix("..")
        .and_then(|output| output.strip_suffix(".."));
    let outputs = several.map_or_else(
        || place(output),
        |several| several.split("...").map(place).collect(),
    );
    let mut body = json!({
        "output": output,
        "outputs": outputs,
        "inputs": entries(inputs),
        "changedPropIds": triggers,
        "parsedChangedPropsIds": triggers,
    });
    // The client leaves the key out for a callback that declares no State.
    if !state.is_empty() {
        body["state"] = Value::from(entries(state));
    }
    body
}

/// A value that was never set is left out, as the client leaves out what is `undefined` in JavaScript.
fn entries(properties: &[Property<'_>]) -> Vec<Value> {
    let entry = |(id, property, value): &Property<'_>| {
        let mut entry = Map::from_iter([
            ("id".to_owned(), json!(id)),
            ("property".to_owned(), json!(property)),
        ]);
        if !value.is_null() {
            entry.insert("value".to_owned(), value.clone());
        }
        Value::Object(entry)
    };
    properties.iter().map(entry).collect()
}
