//! Option 4: an expensive result is computed once for all workers, and kept in a cache on the server.
//!
//! Run it: `cargo xtask run option4 --workers 8`
//!
//! The chapter: docs/src/option4.md

use std::convert::Infallible;
use std::time::Duration;

use callbacks::{
    App, CallbackError, Context, Ctx, Input, Output, PreventUpdate, State, Timing, dcc, html,
};
use shared_cache::{Error, Found, Memo};

pub mod options;

// ANCHOR: memo
/// What is remembered: the argument and the value of each call of `compute_expensive_data`, for all workers.
pub type Expensive = Memo<Option<String>, Option<String>>;
// ANCHOR_END: memo

/// The app: both buttons show the expensive result for what stands in the input. It takes this long to compute.
pub fn app(memo: Expensive, takes: Duration) -> App {
    let input = dcc::Input::new("input").with_auto_complete("off");
    let content = html::H1::new("content").with_attribute("aria-live", "polite");
    let button = html::Button::new("button").with_children("Compute");
    let cache = html::Small::new("cache");
    let content_2 = html::H1::new("content_2").with_attribute("aria-live", "polite");
    let button2 = html::Button::new("button2").with_children("Compute here too");
    let cache_2 = html::Small::new("cache_2");
    let show = move |clicks, value, ctx| show(memo.clone(), takes, clicks, value, ctx);

    App::new("Option 4: a cache on the server")
        .callback(
            (Output(content.children()), Output(cache.children())),
            (Input(button.n_clicks()), State(input.value()), Ctx),
            show.clone(),
        )
        .callback(
            (Output(content_2.children()), Output(cache_2.children())),
            (Input(button2.n_clicks()), State(input.value()), Ctx),
            show,
        )
        .layout(
            html::div((
                html::p("Both buttons need the same slow computation. It is done once for each value, whichever button, page or worker asks first.")
                    .class("lead"),
                html::label("Your value").with_html_for("input"),
                input,
                html::hr(),
                dcc::loading(content),
                html::p(cache),
                button,
                html::hr(),
                dcc::loading(content_2),
                html::p(cache_2),
                button2,
                html::p("Press one button, and the other while it still computes: that one waits for the same result. Press either again: \
                    the answer comes at once, from whichever worker, until the value has grown too old.")
                    .class("note"),
            ))
            .class("container"),
        )
}

// ANCHOR: show
/// From a click to the value, and to a line that says how it was come by.
async fn show(
    memo: Expensive,
    takes: Duration,
    clicks: Option<u64>,
    value: Option<String>,
    ctx: Context,
) -> Result<(Option<String>, String), CallbackError> {
    clicks.ok_or(PreventUpdate)?;
    let found = compute_expensive_data(&memo, takes, value).await;
    let found = found.map_err(|error| CallbackError::public(error.to_string()))?;

    ctx.time(
        Timing::new("cache")
            .desc(found.origin.as_str())
            .dur(found.age),
    );
    let line = describe(&found, ctx.worker().0);
    Ok((found.value, line))
}
// ANCHOR_END: show

// ANCHOR: compute
/// The expensive computation: it takes its time, and gives the value back.
///
/// While it waits its worker answers other calls. Whoever asks for the same value meanwhile, in whatever worker, waits for this one.
async fn compute_expensive_data(
    memo: &Expensive,
    takes: Duration,
    value: Option<String>,
) -> Result<Found<Option<String>>, Error<Infallible>> {
    memo.get_or_compute(&value, async || {
        tokio::time::sleep(takes).await;
        Ok(value.clone())
    })
    .await
}
// ANCHOR_END: compute

/// Such as `hit: answered by worker 5, computed by worker 3, 12.3 s ago`.
fn describe(found: &Found<Option<String>>, worker: u32) -> String {
    let (origin, by, age) = (found.origin, found.computed_by, found.age.as_secs_f64());
    let mut line =
        format!("{origin}: answered by worker {worker}, computed by {by}, {age:.1} s ago");
    if let Some(warning) = &found.warning {
        line.push_str(&format!("; {warning}"));
    }
    line
}

#[cfg(test)]
mod tests;
