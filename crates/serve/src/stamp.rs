//! What every answer carries: who gave it, and how long that took.

use std::{
    fmt::Write,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::Request, response::Response};
use callbacks::{CallbackTiming, Worker as Number};
use http::{HeaderName, HeaderValue, header::CONNECTION};
use tower::Service;

use crate::{Worker, hosts::Hosts, requests::Requests};

const X_WORKER: HeaderName = HeaderName::from_static("x-worker");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// A router whose answers say who gave them.
#[derive(Debug)]
pub(crate) struct Stamped {
    router: Router,
    hosts: Hosts,
    pub(crate) requests: Requests,
    number: Number,
    number_header: HeaderValue,
    /// The header of an answer that no callback gave.
    timing_header: HeaderValue,
    /// Set when the worker leaves: then no connection stays open after an answer.
    pub(crate) leaving: AtomicBool,
}

impl Stamped {
    pub(crate) fn new(router: Router, hosts: Hosts, worker: &Worker) -> Self {
        let number = worker.number;
        Self {
            router,
            hosts,
            requests: Requests::new(worker.max_requests),
            number: Number(number),
            number_header: HeaderValue::from(number),
            timing_header: header(format!(
                "worker;desc=\"{number}\", life;desc=\"{}\"",
                worker.life
            )),
            leaving: AtomicBool::new(false),
        }
    }

    /// The worker's number.
    pub(crate) fn number(&self) -> u32 {
        self.number.0
    }

    /// The answer to a request. If it is the client's fault, `fault` may know more of it than the app.
    pub(crate) async fn answer(
        &self,
        mut request: Request,
        fault: impl FnOnce() -> Option<Response>,
    ) -> Response {
        request.extensions_mut().insert(self.number);
        let began = Instant::now();
        let mut response = match self.hosts.check(&request) {
            Ok(()) => {
                let Ok(response) = self.router.clone().call(request).await;
                response
            }
            Err(refusal) => refusal.into_response(),
        };
        let took = began.elapsed();
        if response.status().is_client_error()
            && let Some(better) = fault()
        {
            response = better;
        }

        let timing = response.extensions().get().map_or_else(
            || self.timing_header.clone(),
            |ran| timing(&self.timing_header, ran, took),
        );
        if self.requests.count() {
            // From now on, and not only once the drain has begun: nobody should send one more over this connection.
            self.leaving.store(true, Relaxed);
        }
        let headers = response.headers_mut();
        headers.insert(X_WORKER, self.number_header.clone());
        headers.append(SERVER_TIMING, timing);
        if self.leaving.load(Relaxed) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// `worker;desc="3", life;desc="2", callback;desc="content.children";dur=0.42`, and what the callback itself has timed.
fn timing(worker: &HeaderValue, ran: &CallbackTiming, took: Duration) -> HeaderValue {
    let mut text = worker.to_str().unwrap_or_default().to_owned();
    text.push_str(", callback;desc=\"");
    text.extend(
        ran.callback
            .chars()
            .filter(|c| (' '..='~').contains(c) && !matches!(c, '"' | '\\')),
    );
    // Writing to a string does not fail.
    let _ = write!(text, "\";dur={:.2}", took.as_secs_f64() * 1000.0);
    for entry in &ran.timings {
        let _ = write!(text, ", {entry}");
    }
    header(text)
}

fn header(text: String) -> HeaderValue {
    // Every part of it was filtered before: an answer without it is better than none.
    HeaderValue::from_maybe_shared(Bytes::from(text))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}
