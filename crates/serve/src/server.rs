//! The accept loop.

#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    fmt, io,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use axum::Router;
use handover::notify::{Notifier, Report};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::{Semaphore, watch},
    time::{Instant, sleep, timeout},
};
use tracing::{debug, warn};

use crate::{
    Listener, Worker,
    connection::{self, Shared},
    hosts::Hosts,
    limits::Limits,
    stamp::Stamped,
    teaching,
};

/// How long to wait after a connection could not be accepted for want of descriptors or memory.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// How many connections that find no place are told so at the same time.
const REFUSALS: usize = 100;
/// How often the log mentions it.
const REMINDER: Duration = Duration::from_secs(10);

/// Serves `router` until `asked_to_leave` resolves or the worker has answered [`Worker::max_requests`], then drains and
/// returns.
///
/// `asked_to_leave` says how long requests that run may still run. Then connections without a request are closed, one
/// whose request is half sent is dropped when its client pauses, and what runs is finished, up to that time.
///
/// On a loopback address it answers to `localhost`, its subdomains and loopback addresses alone, so that no other site
/// can reach it by DNS rebinding: 421 for any other `Host`. Behind a proxy that passes on the public name it listens on a
/// Unix socket, where nothing is checked.
///
/// A client has 10 s for the head of a request and 60 s for its body, in which it may not pause for longer than 10 s. It may be 30 s without
/// taking anything of its answer. One of more than 2,000 connections is refused.
///
/// ```no_run
/// # async fn example(router: axum::Router) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8050").await?;
/// let asked_to_leave = async {
///     let _ = tokio::signal::ctrl_c().await;
///     Duration::from_secs(5)
/// };
/// serve::serve_router(router, serve::Listener::Tcp(listener), &serve::Worker::from_env()?, asked_to_leave).await;
/// # Ok(())
/// # }
/// ```
pub async fn serve_router(
    router: Router,
    listener: Listener,
    worker: &Worker,
    asked_to_leave: impl Future<Output = Duration>,
) {
    let hosts = Hosts::of(&listener, Vec::new());
    serve_within(
        Limits::default(),
        hosts,
        router,
        listener,
        worker,
        asked_to_leave,
    )
    .await;
}

/// [`serve_router`] with other limits and other names.
pub(crate) async fn serve_within(
    limits: Limits,
    hosts: Hosts,
    router: Router,
    listener: Listener,
    worker: &Worker,
    asked_to_leave: impl Future<Output = Duration>,
) {
    let router = teaching::add(router, worker);
    let stamped = Stamped::new(router, hosts, worker);
    let shared = Shared::new(stamped, worker.keep_alive, limits);
    let supervisor = supervisor(worker);
    let mut server = Server {
        listener,
        shared: Arc::new(shared),
        leaving: watch::Sender::new(false),
        places: Arc::new(Semaphore::new(
            limits.connections.min(Semaphore::MAX_PERMITS),
        )),
        refusals: Arc::new(Semaphore::new(REFUSALS)),
        last_warning: None,
    };
    let shared = Arc::clone(&server.shared);
    let requests = &shared.stamped.requests;
    let tell = |reports: &[Report]| {
        // A supervisor that cannot be told sees for itself when the process ends.
        let _ = supervisor
            .as_ref()
            .map(|supervisor| supervisor.send(reports));
    };
    let grace = tokio::select! {
        biased;
        grace = asked_to_leave => grace,
        () = requests.enough() => worker.grace,
        never = requests.report(|count| tell(&[Report::Requests(count)])) => match never {},
        never = stay_alive(worker.watchdog, || tell(&[Report::Alive])) => match never {},
        never = server.accept_for_ever() => match never {},
    };
    let answered = requests.answered();
    debug!(answered, "leaving");
    tell(&[Report::Requests(answered), Report::Stopping]);
    let leaving = server.close();
    shared.stamped.leaving.store(true, Relaxed);
    leaving.send_replace(true);
    // Each connection holds a receiver, and so does each call that goes on without one.
    if timeout(grace, leaving.closed()).await.is_err() {
        warn!("what still runs after {grace:.1?} is cut off");
    }
}

/// Says several times within the limit that this thread does not stand still.
async fn stay_alive(limit: Option<Duration>, tell: impl Fn()) -> Infallible {
    let Some(limit) = limit else {
        return std::future::pending().await;
    };
    let mut ticks = tokio::time::interval(limit / 3);
    loop {
        ticks.tick().await;
        tell();
    }
}

/// Who is told of this worker's requests. Without a supervisor nobody is, whatever `NOTIFY_SOCKET` says.
fn supervisor(worker: &Worker) -> Option<Notifier> {
    if !worker.supervised {
        return None;
    }
    Notifier::from_env().unwrap_or_else(|error| {
        debug!("the supervisor cannot be told of requests: {error}");
        None
    })
}

struct Server {
    listener: Listener,
    shared: Arc<Shared>,
    leaving: watch::Sender<bool>,
    /// One for each connection that may be open, and some for those that are told that there is none.
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    last_warning: Option<Instant>,
}

impl Server {
    async fn accept_for_ever(&mut self) -> Infallible {
        loop {
            if let Err(error) = self.accept().await {
                self.recover(&error).await;
            }
        }
    }

    async fn accept(&mut self) -> io::Result<()> {
        match &self.listener {
            Listener::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // An answer is written in one piece; holding it back for more to come only delays it.
                let _ = stream.set_nodelay(true);
                self.serve(stream);
            }
            Listener::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                self.serve(stream);
            }
        }
        Ok(())
    }

    fn serve(&mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let (shared, leaving) = (Arc::clone(&self.shared), self.leaving.subscribe());
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            tokio::spawn(async move {
                connection::serve(shared, stream, leaving).await;
                drop(place);
            });
            return;
        }
        self.remind(format_args!(
            "{} connections are open, which is all that may be: more are refused",
            shared.limits.connections
        ));
        // Of those that cannot even be told there is no trace but the end of the connection.
        if let Ok(place) = Arc::clone(&self.refusals).try_acquire_owned() {
            tokio::spawn(async move {
                connection::refuse(shared, stream).await;
                drop(place);
            });
        }
    }

    /// Warns, but not at each connection.
    fn remind(&mut self, text: fmt::Arguments<'_>) {
        let now = Instant::now();
        if self.last_warning.is_none_or(|last| now - last > REMINDER) {
            self.last_warning = Some(now);
            warn!("{text}");
        }
    }

    /// Whether each worker has a socket, and not all have one.
    fn has_own_port(&self) -> bool {
        match &self.listener {
            Listener::Tcp(listener) => SockRef::from(listener).reuse_port().unwrap_or(false),
            Listener::Unix(_) => false,
        }
    }

    /// Accepts no more; who is to hear that the worker leaves.
    fn close(mut self) -> watch::Sender<bool> {
        if self.has_own_port() {
            // Nobody else takes what waits there. tokio may not know of it yet, so the kernel is asked.
            while let Listener::Tcp(listener) = &self.listener
                && let Ok((stream, _)) = SockRef::from(listener).accept()
            {
                let taken = stream.set_nonblocking(true);
                let _ = stream.set_tcp_nodelay(true);
                match taken.and_then(|()| TcpStream::from_std(stream.into())) {
                    Ok(stream) => self.serve(stream),
                    Err(error) => debug!("a connection is lost: {error}"),
                }
            }
        }
        self.leaving
    }

    /// An error of one connection concerns nobody else; one of the process or the machine needs time to pass.
    async fn recover(&mut self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if matches!(
            error.kind(),
            ConnectionAborted | ConnectionRefused | ConnectionReset
        ) {
            return;
        }
        self.remind(format_args!(
            "cannot accept connections, and tries again every {} ms: {error}",
            ACCEPT_RETRY.as_millis()
        ));
        #[expect(
            clippy::disallowed_methods,
            reason = "nothing tells when files can be opened again"
        )]
        sleep(ACCEPT_RETRY).await;
    }
}
