//! Option 1: the data between two callbacks stays on the server, in a file of each session.
//!
//! Run it: `cargo xtask run option1 --workers 8`, or `… -- --store sqlite`, or `… -- --store redis://127.0.0.1`

mod options;

use std::fmt::Display;

use callbacks::{App, CallbackError, Context, Ctx, Input, Output, PreventUpdate, State, dcc, html};
use serde_json::Value;
use session_store::{Entry, SessionName, Store};
use time::OffsetDateTime;
use tower_sessions::{Session, session::Id};

pub use options::{Cookies, Options, cookies, start};

/// The app: each click shows what the session held, and stores the input's value in its place.
pub fn app(store: Store, cookies: Cookies) -> App {
    let session_name = dcc::Input::new("session_name").with_auto_complete("off");
    let input = dcc::Input::new("input").with_auto_complete("off");
    let button = html::Button::new("button").with_children("Show and store");
    let content = html::H1::new("content").with_attribute("aria-live", "polite");
    let (writers, place, kept) = (
        html::P::new("writers"),
        html::P::new("place"),
        html::Pre::new("kept"),
    );

    App::new("Option 1: a file for each session")
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
        .layout(
            html::div((
                html::p("A click shows what your session held, and stores your text in its place. All workers read and write the same session.")
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
                html::p("Whoever gives the same name has the same session. Without a name it is your browser's own, which a cookie names.")
                    .class("note"),
            ))
            .class("container"),
        )
        .map_router(|router| router.layer(cookies))
}

/// Reads the session and writes it, in one step: of two clicks at the same time each reads what exactly one other click has stored.
async fn update_output(
    store: Store,
    clicks: Option<u64>,
    name: Option<String>,
    value: Option<String>,
    ctx: Context,
) -> Result<(String, String, String, String), CallbackError> {
    clicks.ok_or(PreventUpdate)?;
    let (name, expires) = match name.filter(|name| !name.is_empty()) {
        Some(name) => (SessionName::new(name).map_err(public)?, None),
        None => own_session(&ctx).await?,
    };
    let worker = ctx.worker().map_or(1, |worker| worker.0);

    let session = name.clone();
    let update = store.update(&name, move |before| {
        let next = before.map_or("Init".into(), |_| Value::from(value.clone()));
        Entry::new(&session, next, worker).expires_at(expires)
    });
    let update = update.await.map_err(public)?;

    let held = update
        .before
        .as_ref()
        .and_then(|entry| entry.value.as_str());
    let reader = update.before.as_ref().map_or_else(
        || "There was no such session.".to_owned(),
        |entry| {
            format!(
                "Written by worker {}, read by worker {worker}.",
                entry.worker
            )
        },
    );
    Ok((
        held.unwrap_or("None").to_owned(),
        reader,
        format!("Now the {} holds:", store.place(&name)),
        update.after.to_json(),
    ))
}

/// The session of a browser that names none, and when it ends. Each click puts its end off.
async fn own_session(
    ctx: &Context,
) -> Result<(SessionName, Option<OffsetDateTime>), CallbackError> {
    let session = ctx.request().extensions.get::<Session>();
    let session =
        session.ok_or_else(|| CallbackError::private("there is no layer for sessions"))?;
    let token = match session.get::<String>("token").await.map_err(public)? {
        Some(token) => token,
        None => {
            let token = Id::default().to_string();
            session.insert("token", &token).await.map_err(public)?;
            token
        }
    };
    session.set_expiry(session.expiry());
    Ok((SessionName::of_browser(&token), Some(session.expiry_date())))
}

/// An error that the person at the page should read: what is wrong with the name, or with the store.
fn public(error: impl Display) -> CallbackError {
    CallbackError::public(error.to_string())
}
