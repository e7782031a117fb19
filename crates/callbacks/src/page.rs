//! `GET /`: the page, which has the layout and the dependencies in it, so that they cost no further round trip.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;

use crate::app::{InitialCalls, Link};
use crate::app_state::AppState;
use crate::assets::COMPONENT_FILES;
use crate::{initial, panic, security};

pub(crate) async fn page(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let content = match state.app.initial_calls {
        InitialCalls::Browser => state.layout().map(|layout| (layout, Vec::new())),
        InitialCalls::Server => {
            let (parts, _) = request.into_parts();
            initial::fill(&state, &parts)
                .await
                .map(|page| (page.layout.to_string().into(), page.done))
        }
    };
    let (layout, done) = match content {
        Ok(content) => content,
        Err(panic) => return panic::respond("GET /", &panic),
    };
    let mut response = Response::new(html(&state, &layout, &done).into());
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    security::protect(headers, state.policy.clone());
    response
}

fn html(state: &AppState, layout: &[u8], done: &[Arc<str>]) -> String {
    let app = &state.app;
    let mut html = String::with_capacity(4096 + layout.len() + state.dependencies.len());
    html.push_str(HEAD);
    let _ = writeln!(html, "<title>{}</title>", text(&app.title));
    for address in &app.external_stylesheets {
        let _ = writeln!(html, "<link rel=\"stylesheet\" href=\"{}\">", text(address));
    }
    let _ = writeln!(
        html,
        "<link rel=\"stylesheet\" href=\"{}\">",
        state.assets.address("style.css")
    );
    let scripts = app
        .scripts
        .iter()
        .map(|script| script.name)
        .chain(app.lens.then_some("lens.js"))
        .chain(["client.js"]);
    for name in scripts {
        let address = state.assets.address(name);
        let _ = writeln!(html, "<script type=\"module\" src=\"{address}\"></script>");
    }
    // What a later answer brings is loaded when it comes; what the layout has is asked for beside the client.
    let layout_text = String::from_utf8_lossy(layout);
    for (kind, name) in COMPONENT_FILES {
        if layout_text.contains(&format!("\"type\":\"{kind}\"")) {
            let address = state.assets.address(name);
            let _ = writeln!(html, "<link rel=\"modulepreload\" href=\"{address}\">");
        }
    }
    html.push_str("</head>\n<body>\n");
    if let Some(Link { address, words }) = &app.about {
        let (address, words) = (text(address), text(words));
        let _ = writeln!(
            html,
            "<p class=\"about\"><a rel=\"help\" href=\"{address}\">{words}</a></p>"
        );
    }
    // A list of components has no element of its own: the page's own then has the margins.
    let class = match layout.first() {
        Some(b'[') => " class=\"container\"",
        _ => "",
    };
    let _ = write!(html, "<div id=\"react-entry-point\"{class}>{BODY}");
    data(
        &mut html,
        "_dash-config",
        config(state, done).to_string().as_bytes(),
    );
    data(&mut html, "_dash-layout", layout);
    data(&mut html, "_dash-dependencies", &state.dependencies);
    html.push_str("</body>\n</html>\n");
    html
}

const HEAD: &str = r##"<!doctype html>
<html lang="en" data-callbacks="busy" data-settled="0">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='none' stroke='%232563eb' stroke-width='2'%3E%3Ccircle cx='4' cy='8' r='2.5'/%3E%3Ccircle cx='12' cy='8' r='2.5' fill='%232563eb'/%3E%3Cpath d='M6.5 8h3'/%3E%3C/g%3E%3C/svg%3E">
"##;

const BODY: &str = r#"<p class="_dash-loading">Loading…</p></div>
<noscript><p class="container">This page needs JavaScript: its callbacks are called by the browser.</p></noscript>
"#;

/// What the client needs to know: Dash's keys, and ours below `callbacks`.
fn config(state: &AppState, done: &[Arc<str>]) -> serde_json::Value {
    let app = &state.app;
    let initial_calls = match app.initial_calls {
        InitialCalls::Browser => "browser",
        InitialCalls::Server => "server",
    };
    let components: serde_json::Map<_, _> = COMPONENT_FILES
        .iter()
        .map(|&(kind, name)| (kind.to_owned(), state.assets.address(name).into()))
        .collect();
    json!({
        "requests_pathname_prefix": "/",
        "serve_locally": true,
        "update_title": "Updating...",
        "suppress_callback_exceptions": app.suppress_callback_exceptions,
        "callbacks": {
            "initial_calls": initial_calls,
            "done": done.iter().map(|key| &**key).collect::<Vec<_>>(),
            "lens": app.lens,
            "dev": app.debug,
            "plotly": state.assets.plotly(),
            "components": components,
        },
    })
}

/// A block of JSON that the client reads. `<` only occurs inside strings, where its escape means the same and cannot end the block.
fn data(html: &mut String, id: &str, json: &[u8]) {
    let _ = write!(html, "<script type=\"application/json\" id=\"{id}\">");
    html.push_str(&String::from_utf8_lossy(json).replace('<', "\\u003c"));
    html.push_str("</script>\n");
}

/// Text, as HTML spells it, also within quotes.
fn text(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}
