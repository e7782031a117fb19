//! The bodies of requests and answers, with an eye on who waits for whom.

use std::{
    io,
    pin::Pin,
    sync::{Arc, atomic::Ordering::Relaxed},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Body;
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use crate::{
    access::Line,
    connection::{Activity, Running},
};

/// A request's body. It fails when the client stops in the middle of it.
#[derive(Debug)]
pub(crate) struct Upload {
    body: Incoming,
    activity: Arc<Activity>,
    /// How long the client may pause.
    limit: Duration,
    /// Made when the body has to be waited for, which most never have.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Upload {
    pub(crate) fn new(body: Incoming, activity: Arc<Activity>, limit: Duration) -> Self {
        Self {
            body,
            activity,
            limit,
            pause: None,
        }
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let limit = self.limit;
        #[expect(clippy::disallowed_methods, reason = "a limit of time")]
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(limit)));
        if !self.activity.receiving.swap(true, Relaxed) {
            pause.as_mut().reset(Instant::now() + limit);
        }
        pause.as_mut().poll(cx).map(|()| {
            let message = format!("nothing of the body arrived for {} s", limit.as_secs_f64());
            io::Error::new(io::ErrorKind::TimedOut, message)
        })
    }
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
