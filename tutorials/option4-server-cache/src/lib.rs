//! Option 4: an expensive result is computed once for all workers, and kept in a cache on the server.
//!
//! Run it: `cargo xtask run option4 --workers 8`
//!
//! The chapter: docs/src/option4.md

use std::convert::Infallible;
use std::time::Duration;

use callbacks::{
    App, CallbackError, Context, Ctx, Output, State, Timing, Trigger, With, dcc, html,
};
use shared_cache::{Found, Memo};

pub mod options;
#[cfg(feature = "process")]
mod process;
mod words;

// ANCHOR: memo
/// An expensive computation, whose calls are remembered by their argument.
#[derive(Clone, Debug)]
pub struct Expensive {
    /// What is remembered.
    pub memo: Remembered,
    /// How long one computation takes.
    pub takes: Duration,
}

/// What is remembered, and by whom.
#[derive(Clone, Debug)]
pub enum Remembered {
    /// By all workers: each finds what another has computed.
    Together(Memo<Option<String>, Option<String>>),
    /// By each worker alone, this one among them.
    #[cfg(feature = "process")]
    Alone(shared_cache::Writer),
}
// ANCHOR_END: memo

/// The app: both buttons show the expensive result for what is in the input.
pub fn app(expensive: Expensive) -> App {
    let input = dcc::Input::new("input");
    let button = html::Button::new("button").with_children("Compute");
    let content = html::H1::new("content").live();
    let cache = html::Small::new("cache");
    let button2 = html::Button::new("button2").with_children("Compute here too");
    let content_2 = html::H1::new("content_2").live();
    let cache_2 = html::Small::new("cache_2");
    let (value, slow) = (State(input.value()), With(expensive));

    App::new("Option 4: a cache on the server")
        .callback(
            (Output(content.children()), Output(cache.children())),
            (Trigger(button.n_clicks()), value.clone(), slow.clone(), Ctx),
            show,
        )
        .prevent_initial_call(true)
        .callback(
            (Output(content_2.children()), Output(cache_2.children())),
            (Trigger(button2.n_clicks()), value, slow, Ctx),
            show,
        )
        .prevent_initial_call(true)
        .layout((
            html::p(words::LEAD).class("lead"),
            input.label("Your value"),
            input,
            html::hr(),
            dcc::loading(content),
            html::p(cache),
            button,
            html::hr(),
            dcc::loading(content_2),
            html::p(cache_2),
            button2,
            html::p(words::NOTE).class("note"),
        ))
}

// ANCHOR: show
/// From a click to the value, and to a line that says where it came from.
async fn show(
    value: Option<String>,
    expensive: Expensive,
    ctx: Context,
) -> Result<(Option<String>, String), CallbackError> {
    let found = expensive.call(value).await?;
    ctx.time(Timing::new("cache").desc(found.origin).dur(found.age));
    let origin = words::origin(&found, ctx.worker());
    Ok((found.value, origin))
}
// ANCHOR_END: show

// ANCHOR: compute
impl Expensive {
    /// Takes its time, and gives the value back. Meanwhile its worker answers other calls, and a call for the same value waits for this one.
    async fn call(&self, value: Option<String>) -> Result<Found<Option<String>>, CallbackError> {
        let slow = async || {
            tokio::time::sleep(self.takes).await;
            Ok::<_, Infallible>(value.clone())
        };
        match &self.memo {
            Remembered::Together(memo) => memo.get_or_compute(&value, slow).await,
            #[cfg(feature = "process")]
            Remembered::Alone(worker) => Ok(process::call(value, self.takes, *worker).await),
        }
        .map_err(CallbackError::public)
    }
}
// ANCHOR_END: compute

#[cfg(test)]
mod tests;
