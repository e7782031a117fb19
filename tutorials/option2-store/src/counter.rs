//! Option 2 with a counter: what becomes of a click that comes before the answer to the last one.
//!
//! Run it: `cargo xtask run option2-counter`, or `… -- --storage local`
//!
//! The chapter: docs/src/option2.md

use callbacks::dcc::StorageType;
use callbacks::{App, CallbackError, Context, Ctx, Input, Output, State, Trigger, With, dcc, html};
use session_store::{Entry, SessionName, Store};

/// The app: one button counts in three ways, and another in the first way, but only after its last answer.
pub fn app(storage: StorageType, sums: Store) -> App {
    let button = html::Button::new("button").with_children("Count");
    let button2 = html::Button::new("button2").with_children("Count, and wait");
    let store = |id| dcc::Store::<u64>::new(id).with_storage_type(storage);
    let (cache, events, waited) = (store("cache"), store("events"), store("waited"));
    let [content, shown, content_2] =
        ["content", "content_events", "content_2"].map(|id| html::Span::new(id).live());
    let total = html::Span::new("content_server").live();

    App::new("Option 2: a counter")
        .script("wait.js", WAIT)
        // ANCHOR: callbacks
        // Reads the sum that the browser holds, and writes the next one.
        .callback(
            Output(cache.data()),
            (Trigger(button.n_clicks()), State(cache.data())),
            add,
        )
        .prevent_initial_call(true)
        // Sends the event and not the sum: the clicks are counted where they happen.
        .callback(Output(events.data()), Input(button.n_clicks()), event)
        .prevent_initial_call(true)
        // Keeps the sum on the server, where one step reads and writes it.
        .callback(
            Output(total.children()),
            (Trigger(button.n_clicks()), With(sums), Ctx),
            keep,
        )
        .prevent_initial_call(true)
        // Waits for the answer: a script of the page disables the button as long as a call is under way.
        .callback(
            Output(waited.data()),
            (Trigger(button2.n_clicks()), State(waited.data())),
            add,
        )
        .prevent_initial_call(true)
        // ANCHOR_END: callbacks
        .callback(Output(content.children()), Input(cache.data()), show)
        .callback(Output(shown.children()), Input(events.data()), show)
        .callback(Output(content_2.children()), Input(waited.data()), show)
        .layout((
            html::p(LEAD).class("lead"),
            button,
            html::p(("Read, add, write: ", content)),
            html::p(("The event and not the sum: ", shown)),
            html::p(("The sum on the server: ", total)),
            button2,
            html::p(("Read, add, write, one at a time: ", content_2)),
            cache,
            events,
            waited,
        ))
}

// ANCHOR: add
/// The sum that the page sent, and one. Two calls that are sent the same sum give the same answer.
async fn add(sum: Option<u64>) -> Option<u64> {
    Some(sum.unwrap_or(0) + 1)
}
// ANCHOR_END: add

// ANCHOR: event
/// How often this page's button was clicked: no answer is needed to know that, and the last call has it all.
async fn event(clicks: Option<u64>) -> Option<u64> {
    clicks
}
// ANCHOR_END: event

// ANCHOR: keep
/// The server's sum, one higher, whatever the page holds. It is everybody's here; [option 1](../../option1-file-per-session) gives each
/// person a session.
async fn keep(sums: Store, ctx: Context) -> Result<String, CallbackError> {
    let name = SessionName::new("counter").map_err(CallbackError::public)?;
    let (session, worker) = (name.clone(), ctx.worker());
    let next = move |before: Option<&Entry>| {
        let sum = before.and_then(|entry| entry.value.as_u64()).unwrap_or(0);
        Entry::new(&session, sum + 1, worker.0)
    };
    let update = sums.update(&name, next).await;
    Ok(update
        .map_err(CallbackError::public)?
        .after
        .value
        .to_string())
}
// ANCHOR_END: keep

async fn show(sum: Option<u64>) -> String {
    sum.unwrap_or(0).to_string()
}

const WAIT: &str = include_str!("wait.js");

const LEAD: &str = "A click reads a sum, adds one and writes it. Click faster than the answers come: \
    the first line loses clicks, with one person, one page and one worker.";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_calls_that_are_sent_the_same_sum_give_the_same_answer() {
        assert_eq!(add(None).await, Some(1));
        assert_eq!((add(Some(3)).await, add(Some(3)).await), (Some(4), Some(4)));
        assert_eq!(
            (event(Some(7)).await, show(None).await),
            (Some(7), "0".to_owned())
        );
    }
}
