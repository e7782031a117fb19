//! `POST /_dash-update-component`: one call of one callback.

use std::error::Error as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use http_body_util::LengthLimitError;

use crate::answer::Answer;
use crate::app_state::AppState;
use crate::context::{CallbackTiming, Context};
use crate::failure::Failure;
use crate::property::Dependency;
use crate::request::{CallRequest, RequestError};
use crate::run::{Call, permit, run};
use crate::{response, security};

pub(crate) async fn update(State(state): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(foreign) = security::check_site(&parts.headers) {
        return refuse(&foreign.into());
    }
    let body = match read_body(&parts.headers, body, state.app.body_limit).await {
        Ok(body) => body,
        Err(error) => return refuse(&error),
    };
    let mut context = None;
    // The call owns its arguments, so that the body can be let go before it runs.
    let (index, call) = match begin(&state, &body, parts, &mut context) {
        Ok(begun) => begun,
        Err(error) => return refuse(&error),
    };
    drop(body);
    let callback = state.callback(index);
    let outcome = match call {
        Ok(call) => run(&state, index, call).await,
        Err(failure) => {
            failure.report(&callback.declaration);
            Err(failure)
        }
    };
    let mut response = match outcome {
        Ok(answer) => {
            let body = body_of(&callback.declaration.outputs, &answer);
            response::json(StatusCode::OK, body.into())
        }
        Err(failure) => failure.respond(&callback.declaration, state.app.debug),
    };
    response.extensions_mut().insert(CallbackTiming {
        callback: Arc::clone(&callback.key),
        timings: context.as_ref().map(Context::timings).unwrap_or_default(),
    });
    response
}

/// Finds the callback and begins its call, unless as many run as may.
fn begin(
    state: &AppState,
    body: &[u8],
    parts: Parts,
    context: &mut Option<Context>,
) -> Result<(usize, Result<Call, Failure>), RequestError> {
    let call = CallRequest::parse(body)?;
    let index = state
        .find(&call.output)
        .ok_or_else(|| RequestError::UnknownOutput(call.output.to_string()))?;
    let callback = state.callback(index);
    call.check(&callback.declaration)?;
    let permit = match permit(state) {
        Ok(permit) => permit,
        Err(busy) => return Ok((index, Err(busy))),
    };
    let guard = parts.extensions.get().cloned();
    let future = callback
        .begin(call.reader(parts, context))
        .map_err(|error| RequestError::Argument {
            callback: callback.declaration.outputs_in_words(),
            property: error.property,
            message: error.message,
        })?;
    Ok((
        index,
        Ok(Call {
            permit,
            future,
            guard,
        }),
    ))
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

fn refuse(error: &RequestError) -> Response {
    let status = error.status();
    tracing::debug!(%status, "refused a call: {}", error.without_values());
    response::sentence(status, &error.to_string())
}

/// `{"multi":true,"response":{"id":{"property":value}}}`; the outputs of one component are in one object, and those without a value are left out.
fn body_of(outputs: &[Dependency], answer: &Answer) -> Vec<u8> {
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
