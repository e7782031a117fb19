//! The bodies of requests and answers, with an eye on who waits for whom.

use std::{
    io,
    pin::Pin,
    sync::{Arc, atomic::Ordering::Relaxed},
    task::{Context, Poll, ready},
};

use axum::body::Body;
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use crate::{
    access::Line,
    connection::{Activity, Running},
    limits::Limits,
};

/// A request's body. It fails when the client stops in the middle of it, or takes too long for the whole.
///
/// `tower_http::timeout` has layers for both. They arm a timer for each body; this arms one only when a body has to be waited for.
#[derive(Debug)]
pub(crate) struct Upload {
    body: Incoming,
    activity: Arc<Activity>,
    limits: Limits,
    /// When the whole has to be there; known from the first wait on.
    deadline: Option<Instant>,
    /// Made when the body has to be waited for, which most never have.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Upload {
    pub(crate) fn new(body: Incoming, activity: Arc<Activity>, limits: Limits) -> Self {
        Self {
            body,
            activity,
            limits,
            deadline: None,
            pause: None,
        }
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let Limits { pause, body, .. } = self.limits;
        let starts = !self.activity.receiving.swap(true, Relaxed);
        #[expect(clippy::disallowed_methods, reason = "a limit of time")]
        let timer = self.pause.get_or_insert_with(|| Box::pin(sleep(pause)));
        if starts {
            let now = Instant::now();
            let deadline = *self.deadline.get_or_insert(now + body);
            timer.as_mut().reset(deadline.min(now + pause));
        }
        timer.as_mut().poll(cx).map(|()| {
            self.activity.late.store(true, Relaxed);
            io::Error::new(io::ErrorKind::TimedOut, too_late(self.limits))
        })
    }
}

/// Why a body is given up.
pub(crate) fn too_late(limits: Limits) -> String {
    let Limits { pause, body, .. } = limits;
    format!(
        "The body of the request did not come in time: expected all of it within {} s, and no pause of more than {} s.",
        body.as_secs_f64(),
        pause.as_secs_f64()
    )
}

impl hyper::body::Body for Upload {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Pending => self.poll_pause(cx).map(|error| Some(Err(error.into()))),
            Poll::Ready(frame) => {
                self.activity.receiving.store(false, Relaxed);
                self.activity.received.fetch_add(length(&frame), Relaxed);
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.activity.receiving.store(false, Relaxed);
        if !self.body.is_end_stream() {
            self.activity.unread.store(true, Relaxed);
        }
    }
}

/// An answer's body: until it has been taken to its end, the request runs.
#[derive(Debug)]
pub(crate) struct Answer {
    body: Body,
    // Written before the request ends to run: the bytes of the next one are not this one's.
    line: Option<Line>,
    _running: Running,
}

impl Answer {
    pub(crate) fn new(body: Body, running: Running, line: Option<Line>) -> Self {
        Self {
            body,
            line,
            _running: running,
        }
    }
}

/// How many bytes a part of a body has.
fn length<E>(frame: &Option<Result<Frame<Bytes>, E>>) -> u64 {
    let data = frame
        .as_ref()
        .and_then(|frame| frame.as_ref().ok()?.data_ref());
    data.map_or(0, |data| data.len() as u64)
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(line) = &mut self.line {
            line.down += length(&frame);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
