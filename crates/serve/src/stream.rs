//! The bytes of a connection.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, atomic::Ordering::Relaxed},
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use crate::{connection::Activity, limits::Limits};

/// A socket that notes whether its client sends and takes.
///
/// It also ends with care. A request that is refused before its body has arrived is answered while the client still
/// sends; a socket that is closed with unread bytes in it makes the kernel reset the connection, and the client never
/// sees why it was refused. So the rest is received and dropped, for a while.
#[derive(Debug)]
pub(crate) struct Stream<S> {
    socket: S,
    activity: Arc<Activity>,
    limits: Limits,
    linger: Option<Pin<Box<Sleep>>>,
    /// Made when the client does not take what is sent, which most never see.
    stall: Option<Pin<Box<Sleep>>>,
}

impl<S: AsyncRead + Unpin> Stream<S> {
    pub(crate) fn new(socket: S, activity: Arc<Activity>, limits: Limits) -> Self {
        Self {
            socket,
            activity,
            limits,
            linger: None,
            stall: None,
        }
    }

    /// Receives and drops what still comes, until the client has read its answer and closes.
    fn poll_drop_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let limit = self.limits.linger;
        #[expect(clippy::disallowed_methods, reason = "a limit of time")]
        let linger = self.linger.get_or_insert_with(|| Box::pin(sleep(limit)));
        if linger.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let mut space = [0; 8192];
        loop {
            let mut dropped = ReadBuf::new(&mut space);
            match ready!(Pin::new(&mut self.socket).poll_read(cx, &mut dropped)) {
                Ok(()) if !dropped.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
    }

    fn note_write(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.activity.blocked.store(result.is_pending(), Relaxed);
        if result.is_ready() {
            self.stall = None;
            return result;
        }
        let limit = self.limits.take;
        #[expect(clippy::disallowed_methods, reason = "a limit of time")]
        let stall = self.stall.get_or_insert_with(|| Box::pin(sleep(limit)));
        stall.as_mut().poll(cx).map(|()| {
            let text = format!(
                "the client took nothing of its answer for {} s",
                limit.as_secs_f64()
            );
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.socket).poll_read(cx, buffer);
        if result.is_ready() {
            self.activity.reads.fetch_add(1, Relaxed);
        }
        result
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.note_write(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.socket).poll_write_vectored(cx, bytes);
        self.note_write(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.socket).poll_shutdown(cx))?;
        }
        if self.activity.unread.load(Relaxed) {
            ready!(self.poll_drop_rest(cx));
        }
        Poll::Ready(Ok(()))
    }
}
