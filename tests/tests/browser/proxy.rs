//! An app behind nginx, opened by a name that is not this machine's: there a browser sends `Origin` and no `Sec-Fetch-Site`.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its assumption is wrong"
)]

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Command,
    time::Duration,
};

use harness::{Address, App, Browser, Page, process::Process, until};
use tempfile::TempDir;

harness::tests! {
    Any: a_page_behind_nginx_works_with_the_lines_that_the_book_shows,
    One: a_page_below_a_path_that_nginx_takes_away_works_with_its_graph,
    One: a_proxy_that_loses_the_name_is_told_once_with_the_line_that_is_missing,
    One: a_name_that_the_proxy_passes_on_is_let_in_by_an_option,
    One: a_page_whose_address_has_no_slash_at_its_end_needs_the_prefix,
}

/// A running nginx before an app. Dropping it ends it.
struct Nginx {
    address: Address,
    _process: Process,
    _folder: TempDir,
}

impl Nginx {
    async fn before(app: &App) -> Self {
        let folder = TempDir::with_prefix("nginx-under-test-").unwrap();
        let address = free_address();
        let configuration = include_str!("nginx.conf")
            .replace("APP", &app.address().0.to_string())
            .replace("PROXY", &address.0.to_string());
        fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        // It is where only root's PATH leads.
        let installed = Path::new("/usr/sbin/nginx");
        let program = if installed.exists() {
            installed
        } else {
            Path::new("nginx")
        };
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "stderr"]);
        let process = Process::spawn("nginx", &mut command, Duration::ZERO);
        until("nginx to accept", async || {
            address.connect().await.map(drop)
        })
        .await;
        Self {
            address,
            _process: process,
            _folder: folder,
        }
    }

    /// Opens a page by the name `app.test`.
    async fn open(&self, browser: &Browser, app: &App, path: &str) -> Page {
        let page = browser.person().await.tab().await;
        let url = format!("http://app.test:{}{path}", self.address.0.port());
        page.open_as(app, self.address, &url).await;
        page
    }
}

/// A free port of 127.0.0.1. nginx cannot take port 0 and say which one it got.
fn free_address() -> Address {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    Address(listener.local_addr().unwrap())
}

/// The page works as a whole: its component's own files, plotly.js, the calls.
async fn assert_draws(page: &Page) {
    page.settled().await;
    page.choose("#dropdown", "B").await;
    page.wait_until(
        "the bars of B",
        "document.querySelector('#graph .js-plotly-plot, #graph.js-plotly-plot')?.data?.[0]?.y?.join() === '2,3'",
    )
    .await;
    assert_eq!(page.text("[role=alert]").await, "");
}

async fn a_page_behind_nginx_works_with_the_lines_that_the_book_shows(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2").workers(workers).await;
    let nginx = Nginx::before(&app).await;
    assert_draws(&nginx.open(browser, &app, "/").await).await;
}

async fn a_page_below_a_path_that_nginx_takes_away_works_with_its_graph(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2").workers(workers).await;
    let nginx = Nginx::before(&app).await;
    let page = nginx.open(browser, &app, "/tools/dash/").await;
    assert_draws(&page).await;
    let chapter = page.property("a[rel=help]", "pathname").await;
    assert_eq!(chapter, "/tools/dash/book/option2.html");
    // A page that is not there leads back, from wherever it is.
    let missing = nginx.open(browser, &app, "/tools/dash/a/b").await;
    missing.click("main a").await;
    assert_draws(&missing).await;
    missing.take_console_errors().await;
}

async fn a_proxy_that_loses_the_name_is_told_once_with_the_line_that_is_missing(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("option2").await;
    let nginx = Nginx::before(&app).await;
    let page = nginx.open(browser, &app, "/nameless/").await;
    page.settled().await;
    page.choose("#dropdown", "B").await;
    page.settled().await;
    let told = page
        .execute("Array.from(document.querySelectorAll('.error'), (error) => error.textContent)")
        .await;
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    let sentence = told[0].as_str().unwrap();
    assert!(sentence.starts_with("This page"), "{sentence}");
    let line = include_str!("nginx.conf")
        .lines()
        .map(str::trim)
        .find(|line| line.contains("X-Forwarded-Host"))
        .unwrap();
    assert!(sentence.contains(line), "{sentence}");
    page.take_console_errors().await;
}

async fn a_name_that_the_proxy_passes_on_is_let_in_by_an_option(browser: &Browser, workers: usize) {
    let app = App::start("option2").workers(workers);
    let app = app.options(["--allow-host", "app.test"]).await;
    let nginx = Nginx::before(&app).await;
    assert_draws(&nginx.open(browser, &app, "/named/").await).await;
}

async fn a_page_whose_address_has_no_slash_at_its_end_needs_the_prefix(
    browser: &Browser,
    _workers: usize,
) {
    let app = App::start("option2").options(["--requests-pathname-prefix", "/bare/"]);
    let app = app.await;
    let nginx = Nginx::before(&app).await;
    assert_draws(&nginx.open(browser, &app, "/bare").await).await;
}
