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
//! It speaks Dash 4.4's wire protocol, so Dash's own browser client can drive this server. The crate has a client of its own, which
//! follows the same rules.
//!
//! # For those who know Dash
//!
//! | Dash | here |
//! |---|---|
//! | `dcc.Input(id="input", value="A")` | `dcc::Input::new("input").with_value("A")` |
//! | `html.H1(id="content")`, `html.H1("Title")` | `html::H1::new("content")`, `html::h1("Title")` |
//! | `Output("content", "children")` | `Output(content.children())`, or `Output(("content", "children"))` |
//! | `@app.callback(Output(…), Input(…), State(…))` | `.callback(Output(…), (Input(…), State(…)), function)` |
//! | an `Input` that is not read | [`Trigger`] |
//! | `prevent_initial_call=True` | `.prevent_initial_call(true)` after the callback |
//! | a variable of the module, such as a store | [`With`] |
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
//! In the order of an app's life:
//!
//! - **declared**: the components (`html`, `dcc`, made of `component`, `node` and `children`) and their properties (`property`); a
//!   callback's arguments and outputs (`dependency`, with `tuple`, `arity` and `declaration`), its function (`callback`, with `sealed`) and what that may return
//!   (`answer`, `value`, `json`, `error`); all of it in an app (`app`);
//! - **checked**: `start`, with `tree` and `graph`;
//! - **turned into routes**: `routes`, which share an `app_state`;
//! - **opened**: `page`, with `initial`, `assets` and `security`;
//! - **called**: `update` reads a `request`, `run` runs the callback with its `context`, and a `failure` or a `panic` ends as a `response`.

mod answer;
mod app;
mod app_state;
mod arity;
mod assets;
mod callback;
mod children;
mod component;
mod context;
mod declaration;
mod dependency;
mod error;
mod failure;
mod graph;
mod initial;
mod initial_calls;
mod json;
mod mount;
mod node;
mod page;
mod page_settings;
mod panic;
mod property;
mod request;
mod response;
mod routes;
mod run;
mod sealed;
mod security;
mod start;
mod tree;
mod tuple;
mod update;
mod value;

/// The build script's part that has rules worth testing.
#[cfg(test)]
#[path = "../build/join.rs"]
mod join;

pub mod dcc;
pub mod html;

pub use app::{App, DEFAULT_BODY_LIMIT};
pub use children::{Component, IntoChildren};
pub use context::{CallGuard, CallbackTiming, Context, Timing, Triggered, Worker};
pub use dependency::{Ctx, Input, Output, State, Trigger, With};
pub use error::{CallbackError, PreventUpdate};
pub use initial_calls::{InitialCalls, UnknownInitialCalls};
pub use node::{Children, Node};
pub use property::{Id, Property, PropertyName};
pub use start::{Mistake, StartError};
pub use value::{IntoProperty, Update};

// What the signatures above are made of. There is nothing to call and nothing to implement.
#[doc(hidden)]
pub use self::{
    answer::{Answer, IntoAnswer},
    callback::CallbackFn,
    declaration::Declaration,
    dependency::{Argument, Arguments, Outputs},
    property::Dependency,
    request::{ArgumentError, ArgumentReader},
    tuple::Tuple,
    value::PropertyWrite,
};
