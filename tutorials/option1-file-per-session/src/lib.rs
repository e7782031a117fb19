//! Option 1: the data between two callbacks stays on the server, in a file of each session.
//!
//! Run it: `cargo xtask run option1 --workers 8`, or `… -- --store sqlite`, or `… -- --store redis://127.0.0.1`
//!
//! The chapter: docs/src/option1.md

mod browser;
mod options;

use callbacks::{App, CallbackError, Context, Ctx, Output, State, Trigger, With, dcc, html};
use session_store::{Entry, Store, Update};

pub use browser::{Cookies, cookies};
pub use options::{Options, start};

/// The app: each click shows what the session held, and stores the text in its place.
pub fn app(sessions: Store, cookies: Cookies) -> App {
    let name = dcc::Input::new("session_name");
    let text = dcc::Input::new("input");
    let button = html::Button::new("button").with_children("Show and store");
    let content = html::H1::new("content").live();
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
                Trigger(button.n_clicks()),
                State(name.value()),
                State(text.value()),
                With(sessions),
                Ctx,
            ),
            update_output,
        )
        .prevent_initial_call(true)
        // ANCHOR_END: callback
        .layout((
            html::p(LEAD).class("lead"),
            name.label("Name of the session"),
            name,
            text.label("Your text"),
            text,
            button,
            content,
            writers,
            place,
            kept,
            html::p(NOTE).class("note"),
        ))
        .map_router(|router| router.layer(cookies))
}

// ANCHOR: update
/// Reads the session and writes it in one step: of two clicks at once, each reads what exactly one other click has stored.
async fn update_output(
    name: Option<String>,
    text: Option<String>,
    sessions: Store,
    ctx: Context,
) -> Result<(String, String, String, String), CallbackError> {
    let (name, expires) = browser::session(name, &ctx).await?;
    let (session, worker) = (name.clone(), ctx.worker());
    let next = move |before: Option<&Entry>| {
        let value = before.map_or(Some("Init".to_owned()), |_| text.clone());
        Entry::new(&session, value, worker.0).expires_at(expires)
    };
    let update = sessions.update(&name, next).await;
    let Update { before, after } = update.map_err(CallbackError::public)?;
    // ANCHOR_END: update

    let held = before.as_ref().and_then(|entry| entry.value.as_str());
    let held = held.unwrap_or("None").to_owned();
    let writers = match before.as_ref().map(|entry| entry.worker) {
        Some(writer) => format!("Written by worker {writer}, read by worker {worker}."),
        None => "There was no such session.".to_owned(),
    };
    let place = format!("Now the {} holds:", sessions.place(&name));
    Ok((held, writers, place, after.to_json()))
}

const LEAD: &str = "A click shows what your session held, and stores your text in its place. All \
    workers read and write the same sessions.";

const NOTE: &str = "Anyone who gives the same name has the same session. Without a name it is your \
    browser's own, found by a cookie.";

#[cfg(test)]
mod tests;
