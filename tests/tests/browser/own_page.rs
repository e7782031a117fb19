//! A page of a test's own in a real browser: the client draws the test's layout, and a function in the page answers its calls.

use harness::Page;
use serde_json::{Map, Value, json};

/// Replaces the page by one with this layout and these dependencies.
///
/// `answer` is a JavaScript function from a call's body to the values of its answer, by id and property. It may be async, and what it
/// throws is the sentence of a failed callback. The bodies are in `window.bodies`.
pub(crate) async fn draw(page: &Page, layout: Value, dependencies: Value, answer: &str) {
    // The calls of the page that was opened have ended, so that they are not answered by the test.
    page.settled().await;
    let script = format!(
        "(async () => {{
            const answer = {answer};
            const config = document.getElementById('_dash-config').textContent;
            const blocks = {{'_dash-config': config, '_dash-layout': {layout:?}, '_dash-dependencies': {dependencies:?}}};
            window.bodies = [];
            window.fetch = async (address, request) => {{
                const body = JSON.parse(new TextDecoder().decode(request.body));
                window.bodies.push(body);
                try {{
                    return new Response(JSON.stringify({{multi: true, response: await answer(body)}}));
                }} catch (error) {{
                    return new Response(JSON.stringify({{error: error.message}}), {{status: 500}});
                }}
            }};
            document.documentElement.dataset.callbacks = 'busy';
            const root = Object.assign(document.createElement('div'), {{id: 'react-entry-point'}});
            document.body.replaceChildren(root, ...document.querySelectorAll('.stage'));
            for (const [id, textContent] of Object.entries(blocks)) {{
                document.body.append(Object.assign(document.createElement('script'), {{id, textContent, type: 'application/json'}}));
            }}
            await import(`/assets/client.js?page=${{Math.random()}}`);
        }})()",
        layout = layout.to_string(),
        dependencies = dependencies.to_string(),
    );
    page.execute(&script).await;
    page.settled().await;
}

/// A component of `html`, without an id if that is empty.
pub(crate) fn html(kind: &str, id: &str, children: Value) -> Value {
    let mut props = Map::from_iter([("children".to_owned(), children)]);
    if !id.is_empty() {
        props.insert("id".to_owned(), id.into());
    }
    json!({"namespace": "dash_html_components", "type": kind, "props": props})
}

/// A component of `dcc`.
pub(crate) fn dcc(kind: &str, props: Value) -> Value {
    let mut component = json!({"namespace": "dash_core_components", "type": kind});
    component["props"] = props;
    component
}

/// A callback that is not called when the page is opened.
pub(crate) fn depends(output: &str, inputs: &[&str], state: &[&str]) -> Value {
    let read = |keys: &[&str]| -> Vec<Value> {
        let parts = keys.iter().filter_map(|key| key.split_once('.'));
        parts
            .map(|(id, property)| json!({"id": id, "property": property}))
            .collect()
    };
    json!({"output": output, "inputs": read(inputs), "state": read(state), "prevent_initial_call": true})
}
