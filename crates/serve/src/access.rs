//! The log's line for each request: `RUST_LOG=serve=debug` shows it, `RUST_LOG=serve::access=debug` shows nothing else.
//!
//! It says which callback ran and how many bytes came and went, and nothing of what they were: no input's value, and of
//! the address only the path.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use axum::{extract::Request, response::Response};
use callbacks::CallbackTiming;
use http::Method;
use tracing::{Level, debug, enabled};

use crate::connection::Activity;

/// What is known of a request so far. It is written when the answer has been taken, or cannot be any more.
#[derive(Debug)]
pub(crate) struct Line {
    worker: u32,
    method: Method,
    path: String,
    began: Instant,
    answer: Option<Answered>,
    activity: Arc<Activity>,
    /// Bytes of the answer's body.
    pub(crate) down: u64,
}

#[derive(Debug)]
struct Answered {
    status: u16,
    callback: Option<Arc<str>>,
    took: Duration,
}

impl Line {
    /// `None` if nobody wants to read it, which is the usual case.
    pub(crate) fn begin<B>(
        worker: u32,
        request: &Request<B>,
        activity: &Arc<Activity>,
    ) -> Option<Self> {
        enabled!(Level::DEBUG).then(|| Self {
            worker,
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            began: Instant::now(),
            answer: None,
            activity: Arc::clone(activity),
            down: 0,
        })
    }

    pub(crate) fn answered<B>(&mut self, response: &Response<B>) {
        let ran = response.extensions().get::<CallbackTiming>();
        self.answer = Some(Answered {
            status: response.status().as_u16(),
            callback: ran.map(|ran| Arc::clone(&ran.callback)),
            took: self.began.elapsed(),
        });
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self {
            worker,
            method,
            path,
            down,
            ..
        } = self;
        let up = self.activity.received.load(Relaxed);
        match &self.answer {
            Some(answer) => debug!(
                worker,
                %method,
                path,
                status = answer.status,
                callback = answer.callback.as_deref(),
                ms = milliseconds(answer.took),
                up,
                down,
                "answered"
            ),
            None => debug!(
                worker,
                %method,
                path,
                ms = milliseconds(self.began.elapsed()),
                up,
                "not answered: the client is gone, or the worker leaves"
            ),
        }
    }
}

/// With two decimals: hundredths of a millisecond are what a request without a callback takes.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}
