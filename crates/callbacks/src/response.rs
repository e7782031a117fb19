//! Answers of JSON.

use axum::response::Response;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

/// An answer of JSON, which no cache may keep: the next worker's may differ.
pub(crate) fn json(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An error, as one sentence: `{"error": "…"}`.
pub(crate) fn sentence(status: StatusCode, sentence: &str) -> Response {
    json(
        status,
        serde_json::json!({ "error": sentence }).to_string().into(),
    )
}
