//! `book serve`: the book in a browser, built again after each change, which an open page shows by itself.

mod files;
mod watch;

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use axum::{
    Router,
    extract::State,
    http::Uri,
    response::{IntoResponse, Response, Sse, sse},
    routing::get,
};
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::{net::TcpListener, sync::watch as channel};

use crate::{build::Built, repository::Repository};

/// Where an open page hears of a new book.
const EVENTS: &str = "/.book/events";

/// What an open page is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct News {
    /// Another number is another book.
    pub number: u64,
    /// What is wrong with the chapters as they are now. The book is then still the one before.
    pub findings: Vec<String>,
}

/// Why the book cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program listens there.
    #[error("{0} is in use: another program listens there; `--bind 127.0.0.1:0` takes a free port")]
    InUse(SocketAddr),
    /// The address cannot be listened on for another reason.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// Connections cannot be taken any more.
    #[error("serving has stopped: {0}")]
    Serve(io::Error),
}

/// A book that is served, and its address.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

#[derive(Debug, Clone)]
struct Shelf {
    folder: PathBuf,
    news: channel::Receiver<News>,
}

impl Server {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// When the address is in use or cannot be listened on.
    pub async fn bind(address: SocketAddr) -> Result<Self, Error> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => Error::InUse(address),
            _ => Error::Bind { address, source },
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The address with the port that it became.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Builds the book in `folder`, now and after each change, tells `report` how that went, and serves it for ever.
    ///
    /// # Errors
    ///
    /// When connections cannot be taken any more.
    pub async fn run(
        self,
        repository: Repository,
        folder: PathBuf,
        report: impl FnMut(&Result<Built, crate::build::Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let news = watch::start(repository, folder.clone(), report);
        axum::serve(self.listener, router(&folder, news))
            .await
            .map_err(Error::Serve)
    }
}

fn router(folder: &Path, news: channel::Receiver<News>) -> Router {
    let folder = folder.to_path_buf();
    Router::new()
        .route(EVENTS, get(events))
        .fallback(get(file))
        .with_state(Shelf { folder, news })
}

async fn file(State(shelf): State<Shelf>, uri: Uri) -> Response {
    files::answer(&shelf.folder, uri.path()).await
}

/// The news as they are, and again whenever they change.
async fn events(State(shelf): State<Shelf>) -> impl IntoResponse {
    Sse::new(told(shelf.news)).keep_alive(sse::KeepAlive::default())
}

fn told(mut news: channel::Receiver<News>) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    news.mark_changed();
    stream::unfold(news, async |mut news| {
        // Only when the watching thread has ended is there nothing more to tell.
        news.changed().await.ok()?;
        let told = news.borrow_and_update().clone();
        let told = serde_json::to_string(&told).unwrap_or_default();
        Some((Ok(sse::Event::default().data(told)), news))
    })
}
