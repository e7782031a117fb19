//! A panic in an app's code: it ends the call that it happened in, and nothing else.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::FutureExt;
use http::StatusCode;

use crate::response::sentence;

thread_local! {
    /// Where the last panic of this thread was, once [`remember_places`] has been called.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// What a panic said, and where it was if that is known.
#[derive(Debug)]
pub(crate) struct Panic {
    pub(crate) message: String,
    place: Option<String>,
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.place {
            Some(place) => write!(f, " (at {place})"),
            None => Ok(()),
        }
    }
}

/// From now on a panic knows where it was. Only the hook of the whole process can find that out, so that this is for debugging alone.
pub(crate) fn remember_places() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PLACE.set(panic.location().map(ToString::to_string));
            shown(panic);
        }));
    });
}

impl Panic {
    pub(crate) fn of(payload: &(dyn Any + Send)) -> Self {
        let message = payload
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Self {
            message: message.unwrap_or_else(|| "a panic without a message".to_owned()),
            // A panic unwinds the thread that it is in, so that the last one is this one.
            place: PLACE.take(),
        }
    }

    /// Code that has not panicked, and is as wrong as if it had.
    pub(crate) fn instead(message: String) -> Self {
        Self {
            message,
            place: None,
        }
    }
}

/// Runs code of the app's own.
pub(crate) fn caught<T>(code: impl FnOnce() -> T) -> Result<T, Panic> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| Panic::of(&*payload))
}

/// Runs an asynchronous piece of it.
pub(crate) async fn caught_async<T>(code: impl Future<Output = T>) -> Result<T, Panic> {
    let outcome = AssertUnwindSafe(code).catch_unwind().await;
    outcome.map_err(|payload| Panic::of(&*payload))
}

/// Answers with a sentence where a route or a layer of the app's own panics; without this the connection would just end.
pub(crate) fn guard(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| {
        let route = format!("{} {}", request.method(), request.uri().path());
        caught_async(next.run(request))
            .await
            .unwrap_or_else(|panic| respond(&route, &panic))
    }))
}

/// The answer to a request whose code panicked. The cause goes to the log.
pub(crate) fn respond(route: &str, panic: &Panic) -> Response {
    tracing::error!(route, "the app panicked: {panic}");
    sentence(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The app failed to answer this request. Its log says why.",
    )
}
