//! Frontend and backend: the five steps of a page's life, shown on the page as they happen.
//!
//! Run it: `cargo xtask run frontend-backend --workers 8 -- --initial server`
//!
//! The chapter: docs/src/frontend-backend.md

use std::time::{SystemTime, UNIX_EPOCH};

use callbacks::{
    App, Children, Context, Ctx, InitialCalls, Input, IntoChildren, Output, dcc, html,
};

// ANCHOR: app
/// The app: an input with a value, a text that a callback makes of it, and the list of steps.
pub fn app() -> App {
    let city = dcc::Input::new("city").with_value("Montreal");
    let greeting = html::H2::new("greeting");
    let ran = html::Small::new("ran");

    App::new("Frontend and backend")
        .callback(
            (
                Output(greeting.children()),
                Output(ran.children()),
                Output(ran.attribute("data-at")),
            ),
            (Input(city.value()), Ctx),
            greet,
        )
        .layout_with(move || layout(&city, &greeting, &ran))
        .script("steps.js", include_str!("steps.js"))
        .style("steps.css", include_str!("steps.css"))
}
// ANCHOR_END: app

// ANCHOR: layout
/// Step 1: the server builds the layout, anew for each page, and notes when.
fn layout(city: &dcc::Input, greeting: &html::H2, ran: &html::Small) -> Children {
    let page = (
        html::p("A page of callbacks comes to life in five steps. This one lists its own.")
            .class("lead"),
        city.label("A city"),
        city,
        greeting,
        html::p(ran),
        html::h3("What has happened so far"),
        html::Ol::new("steps")
            .class("steps")
            .with_attribute("data-layout-at", now())
            .live(),
        html::P::new("explanation").class("note"),
    );
    page.into_children()
}
// ANCHOR_END: layout

// ANCHOR: callback
/// Steps 2 and 5: the first call has the default input, each later one what was typed.
async fn greet(city: Option<String>, ctx: Context) -> (String, String, f64) {
    let cause = match ctx.triggered_id() {
        Some(_) => "because you typed",
        None => "because the page was opened",
    };
    let worker = ctx.worker();
    let greeting = format!("Hello, {}!", city.unwrap_or_default());
    let ran = format!("Computed on the server, by worker {worker}, {cause}.");
    (greeting, ran, now())
}
// ANCHOR_END: callback

/// The server's time, in milliseconds since 1970.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64() * 1000.0
}

/// The options after `--`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Who makes the calls that fill a page when it is opened: `server` or, as in Dash, `browser`
    #[arg(long, value_name = "WHO", default_value = "browser")]
    pub initial: InitialCalls,
}

#[cfg(test)]
mod tests;
