//! The routes, and the few answers that need no module of their own.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::StatusCode;
use http::header::ACCEPT;

use crate::app::App;
use crate::app_state::AppState;
use crate::response::{json, sentence};
use crate::start::StartError;
use crate::{assets, page, panic, update};

impl App {
    /// Checks the app, and turns it into a router.
    ///
    /// | route | answer |
    /// |---|---|
    /// | `GET /` | the page, with the layout and the dependencies in it |
    /// | `GET /_dash-layout` | the layout |
    /// | `GET /_dash-dependencies` | the callbacks |
    /// | `POST /_dash-update-component` | the answer of one callback |
    /// | `GET /_reload-hash` | which program it is, for [pages that reload themselves](Self::hot_reload) |
    /// | `GET /health` | `OK` |
    /// | `GET /assets/…` | the client, the style sheet, the app's scripts, plotly.js |
    ///
    /// # Errors
    ///
    /// A [`StartError`] that lists all mistakes: an output of two callbacks, an id that two components have, an id or a property that no
    /// component has, callbacks that wait for each other in a circle.
    pub fn into_router(mut self) -> Result<Router, StartError> {
        if self.debug {
            panic::remember_places();
        }
        StartError::check(&self)?;
        let functions = std::mem::take(&mut self.router_functions);
        let router = routes(AppState::new(self));
        if functions.is_empty() {
            return Ok(router);
        }
        let router = functions
            .into_iter()
            .fold(router, |router, function| function(router));
        Ok(panic::guard(router))
    }
}

fn routes(state: AppState) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/_dash-layout", get(layout))
        .route("/_dash-dependencies", get(dependencies))
        .route("/_dash-update-component", post(update::update))
        .route("/_reload-hash", get(reload_hash))
        .route("/health", get("OK"))
        .route("/assets/{name}", get(asset))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::new(state))
}

async fn layout(State(state): State<Arc<AppState>>) -> Response {
    match state.layout() {
        Ok(layout) => json(StatusCode::OK, layout),
        Err(panic) => panic::respond("GET /_dash-layout", &panic),
    }
}

async fn dependencies(State(state): State<Arc<AppState>>) -> Response {
    json(StatusCode::OK, state.dependencies.clone())
}

/// The hash of the program that answers, or what Dash answers when nothing is reloaded: its client may ask.
async fn reload_hash(State(state): State<Arc<AppState>>) -> Response {
    if let Some(hot_reload) = &state.app.hot_reload {
        return json(StatusCode::OK, hot_reload().to_string().into());
    }
    let nothing = r#"{"files":[],"hard":false,"packages":["dash","plotly"],"reloadHash":null}"#;
    json(StatusCode::OK, Bytes::from_static(nothing.as_bytes()))
}

async fn asset(
    State(state): State<Arc<AppState>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    match state.assets.find(&name) {
        Some(asset) => assets::answer(asset, request.uri().query(), request.headers()),
        None => not_found(State(state), request).await,
    }
}

async fn not_found(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let accepted = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    if accepted.contains("text/html") {
        return page::not_found(&state, &request.into_parts().0);
    }
    sentence(
        StatusCode::NOT_FOUND,
        "There is nothing at this address: the page of this app is at its root.",
    )
}

async fn method_not_allowed() -> Response {
    sentence(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not take this method: `/_dash-update-component` takes POST, all others take GET.",
    )
}
