//! `builder serve`: the book in a browser, built again after each change, which an open page shows by itself.

use std::{
    collections::BTreeMap,
    fs, io, mem,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, anyhow};
use axum::{
    Router,
    body::{self, Body},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{Html, Response},
    routing::get,
};
use serde::Serialize;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::{
    build::{self, Built, Mistakes},
    repository::Repository,
};

/// Where an open page asks for news; the script below knows it too.
const NEWS: &str = "/.book/news";

/// Asks for news, shows what is wrong, and loads the page again.
const SCRIPT: &str = concat!("<script>", include_str!("../assets/live.js"), "</script>");

/// A page for an address that the book does not have, or does not have yet.
const MISSING: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No such page</title></head>\
    <body><p>The book has no such page. <a href=\"/\">To its first page</a></p></body></html>";

/// How often the files are looked at: soon enough for a person, and too rare to cost anything.
const INTERVAL: Duration = Duration::from_millis(500);

/// What an open page is told.
#[derive(Debug, Default, Serialize)]
struct News {
    /// Another number is another book.
    number: u64,
    /// What is wrong with the chapters as they are now. The book is then still the one before.
    findings: Vec<String>,
}

/// Listens on `address`; port 0 takes a free one.
pub(crate) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "{address} is in use: another program listens there; `--bind 127.0.0.1:0` takes a free port"
        ),
        _ => anyhow!("cannot listen on {address}: {error}"),
    })
}

/// Builds the book in `folder`, now and after each change, tells `report` how that went, and serves it for ever.
pub(crate) async fn run(
    listener: TcpListener,
    repository: Repository,
    folder: PathBuf,
    report: impl FnMut(&anyhow::Result<Built>) + Send + 'static,
) -> anyhow::Result<()> {
    let missing = get(async || (StatusCode::NOT_FOUND, Html(MISSING)));
    let files = ServeDir::new(&folder).fallback(missing);
    let news = Arc::<Mutex<News>>::default();
    let told = Arc::clone(&news);
    thread::spawn(move || build_after_each_change(&repository, &folder, report, &told));
    let router = Router::new()
        .fallback_service(files)
        .layer(middleware::map_response(with_script))
        .route(
            NEWS,
            get(async move || serde_json::to_string(&*lock(&news)).unwrap_or_default()),
        );
    axum::serve(listener, router)
        .await
        .context("serving has stopped")
}

/// Adds the script to a page. What is written at this moment is never the same a moment later, and so is kept nowhere.
async fn with_script(response: Response) -> Response {
    let (mut head, mut body) = response.into_parts();
    let no_store = HeaderValue::from_static("no-store");
    head.headers.insert(header::CACHE_CONTROL, no_store);
    let kind = head.headers.get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
        && let Ok(page) = body::to_bytes(mem::take(&mut body), usize::MAX).await
    {
        head.headers.remove(header::CONTENT_LENGTH);
        // A script behind the end of a page belongs to its body.
        body = Body::from([&page, SCRIPT.as_bytes()].concat());
    }
    Response::from_parts(head, body)
}

/// Looks at the files for as long as the program runs.
fn build_after_each_change(
    repository: &Repository,
    folder: &Path,
    mut report: impl FnMut(&anyhow::Result<Built>),
    news: &Mutex<News>,
) {
    let mut seen = None;
    loop {
        let now = times(repository, folder);
        // A file that changes during the build differs the next time.
        if seen.as_ref() != Some(&now) {
            let result = build::build(repository, folder, false).map(|(built, _)| built);
            report(&result);
            tell(&mut lock(news), &result);
            seen = Some(now);
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "files are looked at again and again"
        )]
        thread::sleep(INTERVAL);
    }
}

/// News are written as a whole, so that a panic cannot leave half of them.
fn lock(news: &Mutex<News>) -> MutexGuard<'_, News> {
    news.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new book has a new number; without one the old number stays, and so does the book.
fn tell(news: &mut News, result: &anyhow::Result<Built>) {
    news.findings = match result {
        Ok(_) => {
            // The time: a page that was open before this program was started sees another number too.
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let time = u64::try_from(since.as_millis()).unwrap_or(0);
            news.number = time.max(news.number + 1);
            Vec::new()
        }
        Err(error) => match error.downcast_ref() {
            Some(Mistakes(findings)) => findings.iter().map(ToString::to_string).collect(),
            None => vec![format!("{error:#}")],
        },
    };
}

/// The files of the repository but for the book itself, each with the time of its last change.
fn times(repository: &Repository, folder: &Path) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let files = repository.files().unwrap_or_default();
    let paths = files.iter().map(|file| repository.path(file));
    let time = |path: PathBuf| {
        let changed = fs::metadata(&path).and_then(|metadata| metadata.modified());
        (path, changed.ok())
    };
    paths
        .filter(|path| !path.starts_with(folder))
        .map(time)
        .collect()
}
