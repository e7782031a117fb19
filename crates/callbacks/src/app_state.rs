//! An app with all that can be made of it once, before the first request: what its routes share.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::app::{App, Layout};
use crate::assets::Assets;
use crate::callback::Callback;
use crate::panic::{Panic, caught};
use crate::property::Dependency;
use crate::security;

pub(crate) struct AppState {
    pub(crate) app: App,
    /// The place of each callback in the app's list, by what names it on the wire.
    by_key: HashMap<Arc<str>, usize>,
    pub(crate) dependencies: Bytes,
    /// The layout's JSON, unless a function makes it for each page.
    layout: Option<Bytes>,
    pub(crate) assets: Assets,
    /// The `Content-Security-Policy` of its pages.
    pub(crate) policy: HeaderValue,
    /// The page, if it never changes, with the way to the app's root for which it was written.
    pub(crate) page: OnceLock<(String, Bytes)>,
    /// Limits how many callbacks run at once.
    pub(crate) permits: Option<Arc<Semaphore>>,
}

impl AppState {
    pub(crate) fn new(app: App) -> Self {
        let keys = app.callbacks.iter().map(|callback| &callback.key);
        let by_key = keys.cloned().zip(0..).collect();
        let assets = Assets::of(&app);
        Self {
            by_key,
            policy: security::policy(&app, assets.plotly().is_some()),
            page: OnceLock::new(),
            permits: app
                .max_callbacks
                .map(|count| Arc::new(Semaphore::new(count))),
            dependencies: dependencies(&app.callbacks),
            layout: match &app.layout {
                Layout::Value(layout) => layout.to_bytes().ok(),
                Layout::Missing | Layout::Function(_) => None,
            },
            assets,
            app,
        }
    }

    /// The place of the callback with this name on the wire.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    pub(crate) fn callback(&self, index: usize) -> &Callback {
        &self.app.callbacks[index]
    }

    /// The JSON of the layout of a page that is opened now.
    pub(crate) fn layout(&self) -> Result<Bytes, Panic> {
        match &self.layout {
            Some(layout) => Ok(layout.clone()),
            None => caught(|| self.app.layout_now().to_bytes())?.map_err(unwritable),
        }
    }

    /// The layout of a page that is opened now, to be filled.
    pub(crate) fn layout_to_fill(&self) -> Result<Value, Panic> {
        let layout = caught(|| self.app.layout_now())?;
        let mut found = None;
        layout.find_unwritable(&mut |setting| found = Some(setting));
        found.map_or_else(|| Ok(layout.to_json()), |setting| Err(unwritable(setting)))
    }
}

/// A function that makes another layout than at the start may make one that JSON cannot hold.
fn unwritable(reason: impl Display) -> Panic {
    Panic::instead(format!("the layout cannot be written as JSON: {reason}"))
}

/// The callbacks as `/_dash-dependencies` lists them, with all of Dash's keys.
fn dependencies(callbacks: &[Callback]) -> Bytes {
    #[derive(Serialize)]
    struct DependencyEntry<'a> {
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
    let entries = callbacks.iter().map(|callback| DependencyEntry {
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
    });
    let entries: Vec<DependencyEntry<'_>> = entries.collect();
    serde_json::to_vec(&entries)
        .expect("text and flags are always JSON")
        .into()
}
