//! Option 1: the data between two callbacks stays on the server, in a file of each session.
//!
//! Run it: `cargo xtask run option1 --workers 8`, or `… -- --store sqlite`, or `… -- --store redis://127.0.0.1`
//!
//! The chapter: docs/src/option1.md

mod browser;
mod options;

use std::fmt::Display;

use callbacks::{App, CallbackError, Context, Ctx, Input, Output, PreventUpdate, State, dcc, html};
use serde_json::Value;
use session_store::{Entry, SessionName, Store, Update};

pub use browser::{Cookies, cookies};
pub use options::{Options, start};

/// The app: each click shows what the session held, and stores the input's value in its place.
pub fn app(store: Store, cookies: Cookies) -> App {
    let session_name = dcc::Input::new("session_name").with_auto_complete("off");
    let input = dcc::Input::new("input").with_auto_complete("off");
    let button = html::Button::new("button").with_children("Show and store");
    let content = html::H1::new("content").with_attribute("aria-live", "polite");
    let writers = html::P::new("writers");
    let place = html::P::new("place");
    let kept = html::Pre::new("kept");

    App::new("Option 1: a file for each session")
        // ANCHOR: callback
        .callback(
            (
                Output(content.children()),
                Output(writers.children()),
                Output(place.children()),
                Output(kept.children()),
            ),
            (
                Input(button.n_clicks()),
                State(session_name.value()),
                State(input.value()),
                Ctx,
            ),
            move |clicks, name, value, ctx| update_output(store.clone(), clicks, name, value, ctx),
        )
        // ANCHOR_END: callback
        .layout(
            html::div((
                html::p("A click shows what your session held, and stores your text in its place. All workers read and write the same sessions.")
                    .class("lead"),
                html::label("Name of the session").with_html_for("session_name"),
                session_name,
                html::label("Your text").with_html_for("input"),
                input,
                button,
                content,
                writers,
                place,
                kept,
                html::p("Whoever gives the same name has the same session. Without a name it is your browser's own, for which a cookie stands.")
                    .class("note"),
            ))
            .class("container"),
        )
        .map_router(|router| router.layer(cookies))
}

// ANCHOR: update
/// Reads the session and writes it, in one step: of two clicks at the same time each reads what exactly one other click has stored.
async fn update_output(
    store: Store,
    clicks: Option<u64>,
    name: Option<String>,
    value: Option<String>,
    ctx: Context,
) -> Result<(String, String, String, String), CallbackError> {
    clicks.ok_or(PreventUpdate)?;
    let worker = ctx.worker().0;
    let (name, expires) = match name.filter(|name| !name.is_empty()) {
        Some(name) => (SessionName::new(name).map_err(public)?, None),
        None => {
            let (name, expires) = browser::own_session(&ctx).await?;
            (name, Some(expires))
        }
    };

    let session = name.clone();
    let next = move |before: Option<&Entry>| {
        let value = before.map_or("Init".into(), |_| Value::from(value.clone()));
        Entry::new(&session, value, worker).expires_at(expires)
    };
    let Update { before, after } = store.update(&name, next).await.map_err(public)?;
    // ANCHOR_END: update

    let writers = before.as_ref().map_or_else(
        || "There was no such session.".to_owned(),
        |entry| {
            format!(
                "Written by worker {}, read by worker {worker}.",
                entry.worker
            )
        },
    );
    let held = before.as_ref().and_then(|entry| entry.value.as_str());
    Ok((
        held.unwrap_or("None").to_owned(),
        writers,
        format!("Now the {} holds:", store.place(&name)),
        after.to_json(),
    ))
}

/// An error that the person at the page should read: what is wrong with the name, or with the store.
fn public(error: impl Display) -> CallbackError {
    CallbackError::public(error.to_string())
}

#[cfg(test)]
mod tests;
