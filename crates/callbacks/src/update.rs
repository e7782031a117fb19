//! `POST /_dash-update-component`: one call of one callback.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::LengthLimitError;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::answer::Answer;
use crate::callback::{Callback, Failure};
use crate::context::{Context, Ran};
use crate::property::Dependency;
use crate::request::{CallRequest, RequestError};
use crate::routes::{self, Place, Served};
use crate::security;

pub(crate) async fn update(State(served): State<Arc<Served>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if security::is_cross_site(&parts.headers) {
        return refuse(&RequestError::CrossSite);
    }
    let body = match read_body(&parts.headers, body, served.app.body_limit).await {
        Ok(body) => body,
        Err(error) => return refuse(&error),
    };
    let mut context = None;
    // The future owns its arguments, so that the body can be let go before it runs.
    let call = CallRequest::parse(&body).and_then(|call| {
        let place = find(&served, &call.output)?;
        let callback = &served.app.callbacks[place.index];
        call.check(callback)?;
        let answer = callback
            .call(call.arguments(&parts, &mut context))
            .map_err(|error| RequestError::Argument {
                callback: callback.outputs(),
                property: error.property,
                message: error.message,
            })?;
        Ok((place, callback, answer))
    });
    match call {
        Ok((place, callback, answer)) => {
            drop(body);
            let Ok(_permit) = served
                .permits
                .as_ref()
                .map(Semaphore::try_acquire)
                .transpose()
            else {
                return ran(busy(callback), place, None);
            };
            let answer = within(served.app.callback_timeout, answer).await;
            let response = respond(callback, answer, served.app.dev);
            ran(response, place, context.as_ref())
        }
        Err(error) => refuse(&error),
    }
}

/// Runs a callback, and gives it up after this time if there is one.
async fn within(
    limit: Option<Duration>,
    answer: impl Future<Output = Result<Answer, Failure>>,
) -> Result<Answer, Failure> {
    match limit {
        None => answer.await,
        Some(limit) => {
            let answer = tokio::time::timeout(limit, answer).await;
            answer.unwrap_or(Err(Failure::Timeout(limit)))
        }
    }
}

async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, RequestError> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        let sent = content_type.map_or_else(|| "missing".to_owned(), |sent| format!("`{sent}`"));
        return Err(RequestError::ContentType(sent));
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let too_large = error
            .source()
            .is_some_and(<dyn std::error::Error>::is::<LengthLimitError>);
        if too_large {
            RequestError::TooLarge(limit)
        } else {
            RequestError::BrokeOff
        }
    })
}

fn find<'a>(served: &'a Served, output: &str) -> Result<&'a Place, RequestError> {
    served
        .by_key
        .get(output)
        .ok_or_else(|| RequestError::UnknownOutput(output.to_owned()))
}

fn refuse(error: &RequestError) -> Response {
    let status = match error {
        RequestError::ContentType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        RequestError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        RequestError::CrossSite => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    tracing::debug!(%status, "refused a call: {}", error.without_values());
    routes::sentence(status, &error.to_string())
}

fn respond(callback: &Callback, answer: Result<Answer, Failure>, dev: bool) -> Response {
    match answer {
        Ok(answer) => {
            let body = body(&callback.declaration.outputs, &answer);
            routes::json(StatusCode::OK, body.into())
        }
        Err(Failure::Error(error)) if error.is_prevent_update() => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Err(failure) => {
            report(callback, &failure);
            failed(callback, &failure, dev)
        }
    }
}

/// Writes a failure to the log, where its cause belongs.
pub(crate) fn report(callback: &Callback, failure: &Failure) {
    let (function, outputs) = (callback.name, callback.outputs());
    match failure {
        Failure::Error(error) => {
            let cause = callback.cause(error);
            tracing::error!(function, "the callback for {outputs} failed: {cause}");
        }
        Failure::Panic(message) => {
            tracing::error!(function, "the callback for {outputs} panicked: {message}");
        }
        Failure::Timeout(limit) => {
            tracing::error!(
                function,
                "the callback for {outputs} was given up after {limit:?}"
            );
        }
    }
}

fn failed(callback: &Callback, failure: &Failure, dev: bool) -> Response {
    let outputs = callback.outputs();
    let (status, sentence) = match failure {
        Failure::Timeout(limit) => (
            StatusCode::GATEWAY_TIMEOUT,
            format!("The callback for {outputs} did not answer within {limit:?} and was given up."),
        ),
        Failure::Error(error) if error.sentence().is_some() => {
            let sentence = error.sentence().unwrap_or_default();
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("The callback for {outputs} failed: {sentence}"),
            )
        }
        Failure::Error(_) | Failure::Panic(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("The callback for {outputs} failed."),
        ),
    };
    let mut body = json!({ "error": sentence });
    if dev {
        body["detail"] = match failure {
            Failure::Error(error) => callback.cause(error).into(),
            Failure::Panic(message) => format!("It panicked: {message}").into(),
            Failure::Timeout(_) => "The limit is the app's `callback_timeout`.".into(),
        };
    }
    routes::json(status, body.to_string().into())
}

/// The answer when as many callbacks run as may.
fn busy(callback: &Callback) -> Response {
    let outputs = callback.outputs();
    let sentence = format!(
        "The callback for {outputs} was not called: this worker runs as many callbacks as it may. Try again."
    );
    let mut response = routes::sentence(StatusCode::SERVICE_UNAVAILABLE, &sentence);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// `{"multi":true,"response":{"id":{"property":value}}}`; outputs of one component stand together, and those without a value are left out.
fn body(outputs: &[Dependency], answer: &Answer) -> Vec<u8> {
    let names: usize = outputs
        .iter()
        .map(|output| output.id.len() + output.property.len() + 10)
        .sum();
    let mut json = Vec::with_capacity(32 + names + answer.len());
    json.extend_from_slice(b"{\"multi\":true,\"response\":{");
    let mut first_component = true;
    for (index, output) in outputs.iter().enumerate() {
        let same = |other: &&Dependency| other.id == output.id;
        if outputs[..index].iter().any(|other| same(&other)) {
            continue;
        }
        let mut first_property = true;
        let of_component = outputs
            .iter()
            .enumerate()
            .skip(index)
            .filter(|(_, other)| same(other));
        for (place, other) in of_component {
            let Some(value) = answer.value(place) else {
                continue;
            };
            if first_property {
                json.extend_from_slice(if first_component { b"" } else { b"," });
                push_text(&mut json, &output.id);
                json.extend_from_slice(b":{");
            } else {
                json.push(b',');
            }
            (first_component, first_property) = (false, false);
            push_text(&mut json, &other.property);
            json.push(b':');
            json.extend_from_slice(value);
        }
        if !first_property {
            json.push(b'}');
        }
    }
    json.extend_from_slice(b"}}");
    json
}

fn push_text(json: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(json, text).expect("text is always JSON, and a vector takes all bytes");
}

fn ran(mut response: Response, place: &Place, context: Option<&Context>) -> Response {
    let timings = context.map(Context::timings).unwrap_or_default();
    response.extensions_mut().insert(Ran {
        callback: place.key.clone(),
        timings,
    });
    response
}
