//! What a user can do with the stored data behind the page's back.

use serde_json::Value;

use crate::{
    answer::{Answer, Kind},
    deployment::Deployment,
    lesson::UPDATE,
};

/// Lists where the browser has a value that the page does not show: what a person finds with the browser's own tools.
///
/// The value in an input does not count: its person has typed it.
const HIDING_PLACES: &str = "
    ((value) => {
        const has = (thing) => JSON.stringify(thing ?? null).includes(value);
        const shown = (element) => element?.checkVisibility() ?? false;
        const ownText = (element) => Array.from(element.childNodes, (node) => node.nodeType === Node.TEXT_NODE ? node.data : '').join('');
        const hidden = Array.from(document.body.querySelectorAll('*')).some((element) => has(ownText(element)) && !shown(element));
        const brought = window.endToEndCalls.flatMap((call) => Object.entries(call.values ?? {}));
        const kept = brought.some(([property, data]) => has(data) && !document.getElementById(property.split('.')[0]));
        return [
            hidden && 'an element that is not displayed',
            kept && 'the memory of the page',
            has(Object.values(sessionStorage)) && 'sessionStorage',
            has(Object.values(localStorage)) && 'localStorage',
            has(document.cookie) && 'a cookie',
        ].filter(Boolean);
    })";

/// Does the browser have it where the page does not show it: in an element that is not displayed, in an answer, in its storage, in a cookie?
pub(super) async fn user_can_read_it(deployment: &mut Deployment<'_>) -> Answer {
    let page = deployment.anns_page().await;
    let value = deployment.new_value();
    deployment.lesson().store(page, &value, None).await;
    let script = format!("{}({value:?})", HIDING_PLACES.trim());
    let places: Vec<String> = serde_json::from_value(page.execute(&script).await)
        .unwrap_or_else(|error| panic!("wanted a list of places; {error}"));
    Answer::of(!places.is_empty()).if_yes(&format!("in {}", places.join(" and ")))
}

/// Does the server take a value that the user's browser claims was stored, and that never was?
///
/// Where the browser holds the data, the forged value takes its place in the call that reads. Elsewhere that call gets it as what it is about
/// to show, for each of its outputs, in the hope that the server believes it.
pub(super) async fn user_can_change_it(deployment: &mut Deployment<'_>) -> Answer {
    let (value, forged, lesson) = (deployment.new_value(), "forged", deployment.lesson());
    let mut held = None;
    for call in lesson.write(&value, &value) {
        held = lesson.left_in_browser(&deployment.app.post(UPDATE, &call).await);
    }
    if let Some(held) = held {
        let held = held.to_string().replace(&value, forged);
        let held = serde_json::from_str(&held).expect("letters for letters leave it JSON");
        let read = lesson.read(forged, "", Some(&held));
        let answer = deployment.app.post(UPDATE, &read).await;
        return Answer::of(lesson.has(&answer, forged)).if_yes("by sending another value");
    }
    let mut read = lesson.read(&value, &value, None);
    pretend(&mut read, forged);
    let answer = deployment.app.post(UPDATE, &read).await;
    if answer.status.is_client_error() {
        return Answer::new(
            Kind::No,
            format!("refused with status {}", answer.status.as_u16()),
        );
    }
    Answer::of(String::from_utf8_lossy(&answer.body).contains(forged))
}

/// Adds to a call, as inputs and as states, values for what it is to compute.
fn pretend(body: &mut Value, forged: &str) {
    let mut entries = match body["outputs"].clone() {
        Value::Array(several) => several,
        one => vec![one],
    };
    for entry in &mut entries {
        entry["value"] = forged.into();
    }
    for list in ["inputs", "state"] {
        let given = body[list].as_array().cloned().unwrap_or_default();
        body[list] = [given, entries.clone()].concat().into();
    }
}

#[cfg(test)]
mod tests {
    use harness::call;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lie_is_told_for_each_output_and_in_both_lists() {
        let outputs = "..a.children...b.children..";
        let mut body = call(outputs, &[("i", "value", json!(1))], &[], &[]);
        pretend(&mut body, "x");
        let lie = |id| json!({"id": id, "property": "children", "value": "x"});
        assert_eq!(body["inputs"][2], lie("b"));
        assert_eq!(body["state"], json!([lie("a"), lie("b")]));
    }
}
