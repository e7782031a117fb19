//! What Dash's browser client sends, for tests that send it without a browser.

use serde_json::{Map, Value, json};

/// A property and its value: id, name of the property, value.
pub type Property<'a> = (&'a str, &'a str, Value);

/// The body that the client posts for a callback with one output, when `triggers` of its inputs have changed.
///
/// `output` and `triggers` are written as `id.property`. Without triggers the call is one on load.
///
/// # Panics
///
/// When `output` has no property.
pub fn call(
    output: &str,
    inputs: &[Property<'_>],
    state: &[Property<'_>],
    triggers: &[&str],
) -> Value {
    let (id, property) = output
        .rsplit_once('.')
        .expect("an output is written as id.property");
    let mut body = json!({
        "output": output,
        "outputs": {"id": id, "property": property},
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_on_load_has_no_trigger_no_value_and_no_state() {
        let body = call(
            "content.children",
            &[("input", "value", Value::Null)],
            &[],
            &[],
        );
        assert_eq!(
            body,
            json!({
                "output": "content.children",
                "outputs": {"id": "content", "property": "children"},
                "inputs": [{"id": "input", "property": "value"}],
                "changedPropIds": [],
                "parsedChangedPropsIds": [],
            })
        );
    }
}
