//! A panic in an app's code: it ends the call that it happened in, and nothing else.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::FutureExt;
use http::StatusCode;

use crate::response::sentence;

/// What a panic said.
#[derive(Debug)]
pub(crate) struct Panic(pub(crate) String);

impl Panic {
    pub(crate) fn of(payload: &(dyn Any + Send)) -> Self {
        let message = payload
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Self(message.unwrap_or_else(|| "a panic without a message".to_owned()))
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
pub(crate) fn respond(route: &str, Panic(message): &Panic) -> Response {
    tracing::error!(route, "the app panicked: {message}");
    sentence(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The app failed to answer this request. Its log says why.",
    )
}
