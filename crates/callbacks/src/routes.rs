//! The routes, and the few answers that need no module of their own.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::app::{App, Layout};
use crate::assets::{self, Assets};
use crate::property::Dependency;
use crate::{page, security, update};

/// An app with what can be made of it once, before the first request.
pub(crate) struct Served {
    pub(crate) app: Arc<App>,
    /// The place of each callback in the app's list, by what names it on the wire.
    pub(crate) by_key: HashMap<String, Place>,
    pub(crate) dependencies: Bytes,
    /// The layout's JSON, unless a function makes it for each page.
    layout: Option<Bytes>,
    pub(crate) assets: Assets,
    /// The `Content-Security-Policy` of its pages.
    pub(crate) policy: HeaderValue,
    /// As many callbacks may run at once as there are permits.
    pub(crate) permits: Option<Semaphore>,
}

/// Where a callback is, and its name on the wire, to be handed out without a copy.
pub(crate) struct Place {
    pub(crate) index: usize,
    pub(crate) key: Arc<str>,
}

pub(crate) fn router(app: Arc<App>) -> Router {
    let by_key = app.callbacks.iter().enumerate().map(|(index, callback)| {
        (
            callback.key.clone(),
            Place {
                index,
                key: callback.key.as_str().into(),
            },
        )
    });
    let assets = Assets::of(&app);
    let served = Served {
        policy: security::policy(&app, assets.plotly().is_some()),
        permits: app.max_callbacks.map(Semaphore::new),
        by_key: by_key.collect(),
        dependencies: dependencies(&app),
        layout: matches!(app.layout, Layout::Value(_)).then(|| layout_bytes(&app)),
        assets,
        app,
    };
    Router::new()
        .route("/", get(page::page))
        .route("/_dash-layout", get(layout))
        .route("/_dash-dependencies", get(list_dependencies))
        .route("/_dash-update-component", post(update::update))
        .route("/_reload-hash", get(reload_hash))
        .route("/health", get("OK"))
        .route("/assets/{name}", get(asset))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::new(served))
}

impl Served {
    pub(crate) fn layout(&self) -> Bytes {
        self.layout
            .clone()
            .unwrap_or_else(|| layout_bytes(&self.app))
    }
}

fn layout_bytes(app: &App) -> Bytes {
    app.layout_json().to_string().into()
}

/// The callbacks as `/_dash-dependencies` lists them, with all of Dash's keys.
fn dependencies(app: &App) -> Bytes {
    #[derive(Serialize)]
    struct Listed<'a> {
        output: &'a str,
        inputs: &'a [Dependency],
        state: &'a [Dependency],
        clientside_function: Option<()>,
        prevent_initial_call: bool,
        background: Option<()>,
        dynamic_creator: Option<()>,
        no_output: bool,
        optional: bool,
        hidden: bool,
        websocket: bool,
        persistent: bool,
    }
    let listed: Vec<Listed<'_>> = app
        .callbacks
        .iter()
        .map(|callback| Listed {
            output: &callback.key,
            inputs: &callback.declaration.inputs,
            state: &callback.declaration.state,
            clientside_function: None,
            prevent_initial_call: callback.prevent_initial_call,
            background: None,
            dynamic_creator: None,
            no_output: false,
            optional: false,
            hidden: false,
            websocket: false,
            persistent: false,
        })
        .collect();
    serde_json::to_vec(&listed)
        .expect("text and flags are always JSON")
        .into()
}

async fn layout(State(served): State<Arc<Served>>) -> Response {
    json(StatusCode::OK, served.layout())
}

async fn list_dependencies(State(served): State<Arc<Served>>) -> Response {
    json(StatusCode::OK, served.dependencies.clone())
}

/// What Dash answers when nothing is reloaded: its client may ask.
async fn reload_hash() -> Response {
    let nothing = r#"{"files":[],"hard":false,"packages":["dash","plotly"],"reloadHash":null}"#;
    json(StatusCode::OK, Bytes::from_static(nothing.as_bytes()))
}

async fn asset(
    State(served): State<Arc<Served>>,
    Path(name): Path<String>,
    request: axum::extract::Request,
) -> Response {
    match served.assets.find(&name) {
        Some(asset) => assets::answer(asset, request.uri().query(), request.headers()),
        None => not_found(State(served), request.into_parts().0.headers).await,
    }
}

async fn not_found(State(served): State<Arc<Served>>, headers: HeaderMap) -> Response {
    let accepted = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    if accepted.contains("text/html") {
        let page = Html(include_str!("not_found.html"));
        let mut response = (StatusCode::NOT_FOUND, page).into_response();
        security::protect(response.headers_mut(), served.policy.clone());
        return response;
    }
    sentence(
        StatusCode::NOT_FOUND,
        "There is nothing at this address: the page of this app is at `/`.",
    )
}

async fn method_not_allowed() -> Response {
    sentence(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not take this method: `/_dash-update-component` takes POST, all others take GET.",
    )
}

/// An answer of JSON, which no cache may keep: the next worker's may differ.
pub(crate) fn json(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An error, as one sentence: `{"error": "…"}`.
pub(crate) fn sentence(status: StatusCode, sentence: &str) -> Response {
    json(
        status,
        serde_json::json!({ "error": sentence }).to_string().into(),
    )
}
