//! `GET /`: the page, which has the layout and the dependencies in it, so that they cost no further round trip.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::app::{App, FileKind, Link};
use crate::app_state::AppState;
use crate::assets::COMPONENT_FILES;
use crate::initial_calls::InitialCalls;
use crate::panic::Panic;
use crate::{initial, mount, panic, security};

pub(crate) async fn page(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let root = mount::root(&state.app, &parts);
    match document(&state, &parts, &root).await {
        Ok(document) => respond(&state, StatusCode::OK, document),
        Err(panic) => panic::respond("GET /", &panic),
    }
}

/// The page for an address where the app has nothing.
pub(crate) fn not_found(state: &AppState, parts: &Parts) -> Response {
    let root = mount::root(&state.app, parts);
    let mut html = head(&state.app, "Not found");
    style_sheets(&mut html, state, &root);
    let root = text(&root);
    let _ = write!(
        html,
        "</head>\n<body>\n<main class=\"container\">\n<h1>There is nothing at this address</h1>\n\
         <p><a href=\"{root}\">The page of this app</a> is at its root.</p>\n</main>\n</body>\n</html>\n"
    );
    respond(state, StatusCode::NOT_FOUND, html.into())
}

fn respond(state: &AppState, status: StatusCode, html: Bytes) -> Response {
    let mut response = Response::new(html.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    security::protect(headers, state.policy.clone());
    response
}

/// The page. If nothing in it can change, it is written once for each place where it is mounted, and that is one.
async fn document(state: &Arc<AppState>, parts: &Parts, root: &str) -> Result<Bytes, Panic> {
    if let Some((written_for, html)) = state.page.get()
        && written_for == root
    {
        return Ok(html.clone());
    }
    let (layout, done) = match state.app.initial_calls {
        InitialCalls::Browser => (state.layout()?, Vec::new()),
        InitialCalls::Server => {
            let page = initial::fill(state, parts).await?;
            (page.layout.to_string().into(), page.done)
        }
    };
    let html = Bytes::from(html(state, root, &layout, &done));
    if state.app.is_constant() {
        // Another request may have written it meanwhile, which is the same.
        let _ = state.page.set((root.to_owned(), html.clone()));
    }
    Ok(html)
}

fn html(state: &AppState, root: &str, layout: &[u8], done: &[Arc<str>]) -> String {
    let app = &state.app;
    let mut html = head(app, &app.title);
    html.reserve(4096 + layout.len() + state.dependencies.len());
    style_sheets(&mut html, state, root);
    let scripts = app
        .files
        .iter()
        .filter(|file| file.kind == FileKind::Script)
        .map(|script| script.name)
        .chain(app.stage.is_some().then_some("stage.js"))
        .chain(app.hot_reload.is_some().then_some("reload.js"))
        .chain(["client.js"]);
    let address = |name: &str| text(&format!("{root}{}", state.assets.address(name)));
    for name in scripts {
        let address = address(name);
        let _ = writeln!(html, "<script type=\"module\" src=\"{address}\"></script>");
    }
    // What a later answer brings is loaded when it comes; what the layout has is asked for beside the client.
    let layout_text = String::from_utf8_lossy(layout);
    for (kind, name) in COMPONENT_FILES {
        if layout_text.contains(&format!("\"type\":\"{kind}\"")) {
            let address = address(name);
            let _ = writeln!(html, "<link rel=\"modulepreload\" href=\"{address}\">");
        }
    }
    html.push_str("</head>\n<body>\n");
    header(&mut html, app, root);
    // A list of components has no element of its own: the page's own then has the margins.
    let class = match layout.first() {
        Some(b'[') => " class=\"container\"",
        _ => "",
    };
    let _ = write!(html, "<main>\n<div id=\"react-entry-point\"{class}>{BODY}");
    let config = config(state, root, done).to_string();
    data(&mut html, "_dash-config", config.as_bytes());
    data(&mut html, "_dash-layout", layout);
    data(&mut html, "_dash-dependencies", &state.dependencies);
    html.push_str("</body>\n</html>\n");
    html
}

/// The page's beginning, as far as its style sheets.
fn head(app: &App, title: &str) -> String {
    let (lang, title) = (text(&app.lang), text(title));
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" data-callbacks=\"busy\" data-settled=\"0\">\n{HEAD}<title>{title}</title>\n"
    )
}

/// Those of other hosts, the page's, and the app's own, of which the last one has the last word.
fn style_sheets(html: &mut String, state: &AppState, root: &str) {
    let others = state.app.external_stylesheets.iter().cloned();
    let own = state.app.files.iter();
    let own = own.filter(|file| file.kind == FileKind::Style);
    let look = if state.app.look {
        "style.css"
    } else {
        "plain.css"
    };
    let names = [look].into_iter().chain(own.map(|style| style.name));
    let ours = names.map(|name| format!("{root}{}", state.assets.address(name)));
    for address in others.chain(ours) {
        let address = text(&address);
        let _ = writeln!(html, "<link rel=\"stylesheet\" href=\"{address}\">");
    }
}

/// What stands above the layout: the title as a heading, and the link to what explains the page.
fn header(html: &mut String, app: &App, root: &str) {
    let commands = commands(app);
    if !app.heading && app.about.is_none() && commands.is_empty() {
        return;
    }
    html.push_str("<header class=\"page-header\">\n");
    if app.heading {
        let _ = writeln!(html, "<h1>{}</h1>", text(&app.title));
    }
    if let Some(Link { address, words }) = &app.about {
        // An address that begins with a slash is one of the app's own, wherever that is mounted.
        let address = match address.strip_prefix('/') {
            Some(below) if !below.starts_with('/') => format!("{root}{below}"),
            _ => address.clone(),
        };
        let (address, words) = (text(&address), text(words));
        let _ = writeln!(
            html,
            "<p class=\"about\"><a rel=\"help\" href=\"{address}\">{words}</a></p>"
        );
    }
    for (words, command) in commands {
        let command = text(&command);
        let _ = writeln!(
            html,
            "<p class=\"page-command\">{words} <code data-copy>{command}</code></p>"
        );
    }
    html.push_str("</header>\n");
}

/// The commands that the stage was told of: the one that started the app, and that of the next lesson.
fn commands(app: &App) -> Vec<(&'static str, String)> {
    let told = |name: &str| app.stage.as_ref().and_then(|stage| stage[name].as_str());
    let mut commands = Vec::new();
    if let (Some(command), Some(stage)) = (told("command"), &app.stage) {
        let keep_alive = if stage["keep_alive"] == true {
            " --keep-alive"
        } else {
            ""
        };
        let (workers, options) = (&stage["workers"], told("options").unwrap_or_default());
        commands.push((
            "Started by",
            format!("{command} --workers {workers}{keep_alive}{options}"),
        ));
    }
    if let Some(next) = told("next") {
        commands.push(("The next lesson", next.to_owned()));
    }
    commands
}

const HEAD: &str = r##"<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cg fill='none' stroke='%232563eb' stroke-width='2'%3E%3Ccircle cx='4' cy='8' r='2.5'/%3E%3Ccircle cx='12' cy='8' r='2.5' fill='%232563eb'/%3E%3Cpath d='M6.5 8h3'/%3E%3C/g%3E%3C/svg%3E">
"##;

const BODY: &str = r#"<p class="_dash-loading">Loading…</p></div>
</main>
<noscript><p class="container">This page needs JavaScript: its callbacks are called by the browser.</p></noscript>
"#;

/// What the client needs to know: Dash's keys, and ours below `callbacks`.
fn config(state: &AppState, root: &str, done: &[Arc<str>]) -> serde_json::Value {
    let app = &state.app;
    let initial_calls = match app.initial_calls {
        InitialCalls::Browser => "browser",
        InitialCalls::Server => "server",
    };
    let address = |name: &str| format!("{root}{}", state.assets.address(name));
    let components: serde_json::Map<_, _> = COMPONENT_FILES
        .iter()
        .map(|&(kind, name)| (kind.to_owned(), address(name).into()))
        .collect();
    let mut config = json!({
        "requests_pathname_prefix": root,
        "serve_locally": true,
        "update_title": app.update_title,
        "suppress_callback_exceptions": app.suppress_callback_exceptions,
        "callbacks": {
            "initial_calls": initial_calls,
            "done": done.iter().map(|key| &**key).collect::<Vec<_>>(),
            "debug": app.debug,
            "plotly": state.assets.plotly().map(address),
            "components": components,
        },
    });
    if let Some(stage) = &app.stage {
        config["callbacks"]["stage"] = stage.clone();
        config["callbacks"]["stage"]["script"] = address("stage-panel.js").into();
        config["callbacks"]["stage"]["style"] = address("stage.css").into();
    }
    if let Some(operation) = &app.operation {
        config["callbacks"]["operation"] = operation.clone();
    }
    if let Some(hot_reload) = &app.hot_reload {
        config["hot_reload"] = json!({ "interval": 500, "max_retry": 8 });
        // What the page is as old as: the program may change before the page asks for the first time.
        config["callbacks"]["reload"] = hot_reload();
    }
    config
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
