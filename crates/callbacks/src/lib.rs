//! Plotly Dash's callback model for axum: a layout of components, and callbacks from inputs to outputs.
//!
//! ```
//! use std::mem;
//! use std::sync::{Mutex, PoisonError};
//!
//! use callbacks::{App, Input, Output, dcc, html};
//!
//! static SHARED: Mutex<Option<String>> = Mutex::new(None);
//!
//! fn app() -> App {
//!     let input = dcc::Input::new("input");
//!     let content = html::H1::new("content");
//!     App::new("Global variable")
//!         .callback(Output(content.children()), Input(input.value()), update_output)
//!         .layout(html::div((input, content)).class("container"))
//! }
//!
//! async fn update_output(value: Option<String>) -> Option<String> {
//!     let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
//!     mem::replace(&mut *shared, value)
//! }
//!
//! let router: axum::Router = app().into_router()?;
//! # let _ = router;
//! # Ok::<(), callbacks::StartError>(())
//! ```
//!
//! The wire is that of Dash 4.4, so that Dash's own browser client can drive this server. The crate brings a client of its own, which
//! obeys the same rules.
//!
//! # For those who know Dash
//!
//! | Dash | here |
//! |---|---|
//! | `dcc.Input(id="input", value="A")` | `dcc::Input::new("input").with_value("A")` |
//! | `html.H1(id="content")`, `html.H1("Title")` | `html::H1::new("content")`, `html::h1("Title")` |
//! | `Output("content", "children")` | `Output(content.children())`, or `Output(("content", "children"))` |
//! | `@app.callback(Output(…), Input(…), State(…))` | `.callback(Output(…), (Input(…), State(…)), function)` |
//! | `prevent_initial_call=True` | `.prevent_initial_call()` after the callback |
//! | `raise PreventUpdate` | `Err(PreventUpdate)?` |
//! | `no_update` for one of several outputs | [`Update::No`] |
//! | `ctx.triggered_id` | the argument [`Ctx`], then [`Context::triggered_id`] |
//! | `app.layout = serve_layout` | [`App::layout_with`] |
//! | `app.server` | [`App::into_router`] |
//!
//! # What is not here
//!
//! Pattern-matching ids, background and client-side callbacks, `Patch`, callbacks without outputs, and `allow_duplicate`.
//!
//! # Layout of the crate
//!
//! In the order of an app's life: an app is declared (`app`, `dependency`, `property`, `callback`, and the components in `html`
//! and `dcc`), checked (`start`), turned into routes (`routes`), opened (`page`, `initial`, `assets`) and called (`update`, `security`,
//! `request`, `answer`, `context`, `error`).

mod answer;
mod app;
mod arity;
mod assets;
mod callback;
mod children;
mod component;
mod context;
mod dependency;
mod error;
mod graph;
mod initial;
mod json;
mod node;
mod page;
mod property;
mod request;
mod routes;
mod security;
mod start;
mod tree;
mod update;

/// The build script's part that has rules worth testing.
#[cfg(test)]
#[path = "../build/join.rs"]
mod join;

pub mod dcc;
pub mod html;

pub use answer::{Answer, IntoAnswer};
pub use app::{App, DEFAULT_BODY_LIMIT, InitialCalls};
pub use callback::Function;
pub use children::{Component, IntoChildren};
pub use context::{Context, Ran, Timing, Triggered, Worker};
pub use dependency::{Argument, Arguments, Ctx, Declaration, Input, Output, Outputs, State};
pub use error::{CallbackError, PreventUpdate};
pub use node::{Children, Node};
pub use property::{Dependency, Handle, Id, IntoProperty, Property, Update, Written};
pub use request::{ArgumentError, Arguments as Sent};
pub use start::{Mistake, StartError};
