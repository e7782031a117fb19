//! How a call of a callback fails, and what the log and the page show of it.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::declaration::Declaration;
use crate::error::CallbackError;
use crate::panic::Panic;
use crate::response;

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The callback returned an error.
    Error(CallbackError),
    /// It panicked.
    Panic(Panic),
    /// It was given up after this time.
    Timeout(Duration),
    /// It was not called: as many callbacks run as may.
    Busy,
    /// The process ended before it did.
    Stopped,
}

impl Failure {
    pub(crate) fn of_outcome(
        outcome: Result<Result<Answer, CallbackError>, Panic>,
    ) -> Result<Answer, Self> {
        outcome.map_err(Self::Panic)?.map_err(Self::Error)
    }

    /// Whether the callback only left its outputs as they are.
    pub(crate) fn is_prevent_update(&self) -> bool {
        matches!(self, Self::Error(error) if error.is_prevent_update())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Error(error) => error.status(),
            Self::Panic(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Busy | Self::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Writes it to the log, where its cause belongs. What the person at the page did wrong is not an error of the app.
    pub(crate) fn report(&self, callback: &Declaration) {
        let (function, outputs) = (callback.function, callback.outputs_in_words());
        match self {
            Self::Error(error) if error.is_prevent_update() => {}
            Self::Error(error) if error.is_refusal() => {
                tracing::info!(function, "the callback for {outputs} refused: {error}");
            }
            Self::Error(error) => {
                let cause = cause(error, callback);
                tracing::error!(function, "the callback for {outputs} failed: {cause}");
            }
            Self::Panic(panic) => {
                tracing::error!(function, "the callback for {outputs} panicked: {panic}");
            }
            Self::Timeout(limit) => tracing::error!(
                function,
                "the callback for {outputs} was given up after {limit:?}"
            ),
            Self::Busy => tracing::warn!(
                function,
                "the callback for {outputs} was not called: as many run as may"
            ),
            Self::Stopped => tracing::warn!(
                function,
                "the callback for {outputs} was cut short: the worker ends"
            ),
        }
    }

    /// The answer for the page. The cause of an error is in it only if the app is being debugged.
    pub(crate) fn respond(&self, callback: &Declaration, debug: bool) -> Response {
        if self.is_prevent_update() {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let mut body = json!({ "error": self.sentence(callback) });
        if debug && let Some(detail) = self.detail(callback) {
            body["detail"] = detail.into();
        }
        let mut response = response::json(self.status(), body.to_string().into());
        if matches!(self, Self::Busy) {
            let second = HeaderValue::from_static("1");
            response.headers_mut().insert(RETRY_AFTER, second);
        }
        response
    }

    fn sentence(&self, callback: &Declaration) -> String {
        let outputs = callback.outputs_in_words();
        match self {
            Self::Error(error) => match error.sentence() {
                Some(sentence) if error.is_refusal() => sentence.to_owned(),
                Some(sentence) => format!("The callback for {outputs} failed: {sentence}"),
                None => format!("The callback for {outputs} failed."),
            },
            Self::Panic(_) => format!("The callback for {outputs} failed."),
            Self::Timeout(limit) => format!(
                "The callback for {outputs} did not answer within {limit:?} and was given up."
            ),
            Self::Busy => format!(
                "The callback for {outputs} was not called: this worker runs as many callbacks as it may. Try again."
            ),
            Self::Stopped => {
                format!("The callback for {outputs} was cut short: this worker ends. Try again.")
            }
        }
    }

    fn detail(&self, callback: &Declaration) -> Option<String> {
        match self {
            // Its sentence is the cause.
            Self::Error(error) if error.is_refusal() => None,
            Self::Error(error) => Some(cause(error, callback)),
            Self::Panic(panic) => Some(format!("It panicked: {panic}")),
            Self::Timeout(_) => Some("The limit is the app's `callback_timeout`.".to_owned()),
            Self::Busy | Self::Stopped => None,
        }
    }
}

/// What an error says in the log, and where it comes from. A value that cannot be written is named by its output.
fn cause(error: &CallbackError, callback: &Declaration) -> String {
    let unwritable = error.unwritable_output().and_then(|(place, reason)| {
        let output = callback.outputs.get(place)?;
        Some(format!(
            "the value for `{output}` cannot be written as JSON: {reason}"
        ))
    });
    unwritable.unwrap_or_else(|| match error.location() {
        Some(location) => format!("{error} (at {location})"),
        None => error.to_string(),
    })
}
