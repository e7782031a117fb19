//! One connection: its requests, and its end when the worker leaves.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
};

use axum::{BoxError, body::Body, extract::Request, http::StatusCode, response::Response};
use callbacks::CallGuard;
use hyper::{
    body::Incoming,
    rt::{Read, Write},
    server::conn::http1::{self, UpgradeableConnection},
    service::{HttpService, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy, sink},
    sync::watch,
    time::timeout,
};

use tracing::debug;

use crate::{
    access::Line,
    body::{Answer, Upload, too_late},
    limits::Limits,
    sentence::sentence,
    stamp::Stamped,
    stream::Stream,
    teaching::LastAct,
};

/// What is going on in a connection, for those who must decide whether to wait for it.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    /// Requests that arrived so far.
    pub(crate) requests: AtomicU32,
    /// An answer is being computed or read from its source.
    pub(crate) running: AtomicBool,
    /// The request that runs waits for the rest of its own body.
    pub(crate) receiving: AtomicBool,
    /// The body of a request did not come in time.
    pub(crate) late: AtomicBool,
    /// A request was answered before its body had arrived.
    pub(crate) unread: AtomicBool,
    /// The client does not take the answer as fast as it comes.
    pub(crate) blocked: AtomicBool,
    /// Bytes that arrived so far of the body of the last request.
    pub(crate) received: AtomicU64,
    /// How often something arrived.
    pub(crate) reads: AtomicU32,
    /// What this worker does to itself once its answer is sent.
    last_act: OnceLock<LastAct>,
}

impl Activity {
    /// What to answer instead, if a body broke off because it came too slowly: an app cannot know that.
    fn late(&self, limits: Limits) -> Option<Response> {
        let late = self.late.load(Relaxed);
        late.then(|| sentence(StatusCode::REQUEST_TIMEOUT, &too_late(limits)))
    }

    /// Whether it is the client's turn to send.
    fn awaits_client(&self) -> bool {
        let computing = self.running.load(Relaxed) && !self.receiving.load(Relaxed);
        !computing && !self.blocked.load(Relaxed)
    }
}

/// What all connections have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    http: http1::Builder,
    pub(crate) limits: Limits,
    pub(crate) stamped: Stamped,
}

impl Shared {
    pub(crate) fn new(stamped: Stamped, keep_alive: bool, limits: Limits) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_header_size(limits.head_size)
            .keep_alive(keep_alive);
        Self {
            http,
            limits,
            stamped,
        }
    }
}

/// Says to a client that there is no place for it, and ends without losing that.
pub(crate) async fn refuse(
    shared: Arc<Shared>,
    mut stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) {
    let limits = shared.limits;
    let text = format!(
        "This worker has {} open connections and takes no more: ask again in a second.",
        limits.connections
    );
    let body = serde_json::json!({ "error": text }).to_string();
    let head = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\nconnection: close";
    let number = shared.stamped.number();
    let length = body.len();
    let answer = format!("{head}\r\nx-worker: {number}\r\ncontent-length: {length}\r\n\r\n{body}");
    let told = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // A socket that is closed with unread bytes in it is reset, and the client never sees the answer.
        copy(&mut stream, &mut sink()).await
    };
    let _ = timeout(limits.linger, told).await;
}

/// Serves a connection until it ends or, when the worker leaves, until nothing is lost by ending it.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    mut leaving: watch::Receiver<bool>,
) {
    let limits = shared.limits;
    let activity = Arc::new(Activity::default());
    let stream = Stream::new(stream, Arc::clone(&activity), limits);
    let service = {
        let (shared, activity) = (Arc::clone(&shared), Arc::clone(&activity));
        // A worker that leaves waits for all who hold a receiver: for connections, and for calls that outlive theirs.
        let guard = CallGuard::new(leaving.clone());
        service_fn(move |mut request: Request<Incoming>| {
            let (shared, activity) = (Arc::clone(&shared), Arc::clone(&activity));
            request.extensions_mut().insert(guard.clone());
            async move {
                let noted = Arc::clone(&activity);
                let running = Running::begin(&activity);
                let mut line = Line::begin(shared.stamped.number(), &request, &activity);
                let request = request.map(|body| Body::new(Upload::new(body, activity, limits)));
                let mut response = shared.stamped.answer(request, || noted.late(limits)).await;
                if let Some(act) = response.extensions_mut().remove() {
                    let _ = noted.last_act.set(act);
                }
                if let Some(line) = &mut line {
                    line.answered(&response);
                }
                Ok::<_, Infallible>(response.map(|body| Answer::new(body, running, line)))
            }
        })
    };
    let mut connection = pin!(
        shared
            .http
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );

    let result = tokio::select! {
        result = connection.as_mut() => Some(result),
        () = asked_to_leave(&mut leaving) => drain(connection, &activity, limits).await,
    };
    match result {
        Some(Ok(())) => {}
        Some(Err(error)) => debug!("connection ended: {error}"),
        None => debug!("connection dropped: it had no request, or one that did not go on"),
    }
    if let Some(act) = activity.last_act.get() {
        act.perform().await;
    }
}

/// Ends a connection without losing a request that runs or is on its way; `None` if the client let the time pass.
async fn drain<I, S, B>(
    mut connection: Pin<&mut UpgradeableConnection<I, S>>,
    activity: &Activity,
    limits: Limits,
) -> Option<hyper::Result<()>>
where
    S: HttpService<Incoming, ResBody = B>,
    S::Error: Into<BoxError>,
    I: Read + Write + Unpin + Send + 'static,
    B: hyper::body::Body + 'static,
    B::Error: Into<BoxError>,
{
    if activity.requests.load(Relaxed) > 0 {
        // hyper closes a connection without a request at once, and the next may be on its way. What it finds is
        // answered, and the answer says that it was the last.
        if let Ok(result) = timeout(limits.farewell, connection.as_mut()).await {
            return Some(result);
        }
        connection.as_mut().graceful_shutdown();
    }
    loop {
        let before = activity.reads.load(Relaxed);
        if let Ok(result) = timeout(limits.half_sent, connection.as_mut()).await {
            return Some(result);
        }
        if activity.awaits_client() && activity.reads.load(Relaxed) == before {
            return None;
        }
        connection.as_mut().graceful_shutdown();
    }
}

async fn asked_to_leave(leaving: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, and that is a reason to leave too.
    let _ = leaving.wait_for(|leaving| *leaving).await;
}

/// Marks the connection as running for as long as it exists.
#[derive(Debug)]
pub(crate) struct Running(Arc<Activity>);

impl Running {
    fn begin(activity: &Arc<Activity>) -> Self {
        activity.requests.fetch_add(1, Relaxed);
        activity.running.store(true, Relaxed);
        activity.received.store(0, Relaxed);
        Self(Arc::clone(activity))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Relaxed);
    }
}
