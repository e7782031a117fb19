//! `builder serve`: the book over HTTP, and what an open page hears when a chapter changes.

use std::net::TcpListener;

use axum::http::Method;
use harness::{Address, DEADLINE, process::Process, until};
use serde_json::Value;

use crate::small::{self, SmallBook};

#[tokio::test]
async fn a_change_reaches_the_open_page_and_a_mistake_leaves_the_book_as_it_was() {
    let book = SmallBook::new();
    let (_server, address) = serve(&book).await;
    let first = news(address, "the first book", |news| news["number"] != 0).await;
    assert!(get(address, "/").await.contains("fetch(\"/.book/news\")"));

    book.change("Run `", "Again run `");
    let second = news(address, "another book", |news| {
        news["number"] != first["number"]
    })
    .await;
    assert!(get(address, "/second.html").await.contains("Again run"));

    book.change("## The code", "## Code");
    let broken = news(address, "the mistake", |news| {
        news["findings"] != second["findings"]
    })
    .await;
    let finding = broken["findings"][0].as_str().unwrap();
    assert!(
        finding.starts_with("docs/src/second.md:20: expected `## The code`"),
        "{finding}"
    );
    assert_eq!(broken["number"], second["number"]);
    assert!(
        get(address, "/second.html")
            .await
            .contains("id=\"the-code\"")
    );

    book.change("## Code", "## The code");
    news(address, "a whole book", |news| {
        news["findings"] == second["findings"] && news["number"] != second["number"]
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_opened_before_there_is_a_book_hears_why_there_is_none() {
    let book = SmallBook::new();
    book.change("# Second", "# Other");
    let (_server, address) = serve(&book).await;
    let broken = news(address, "the mistake", |news| {
        news["findings"][0].is_string()
    })
    .await;
    assert_eq!(broken["number"], 0);
    let page = get(address, "/").await;
    assert!(
        page.contains("The book has no such page") && page.contains("/.book/news"),
        "{page}"
    );
}

#[test]
fn a_port_that_is_in_use_is_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, text) = SmallBook::new().run(&["serve", "--bind", &address]);
    assert_eq!(code, Some(1));
    let advice = "another program listens there; `--bind 127.0.0.1:0` takes a free port";
    assert_eq!(text, format!("error: {address} is in use: {advice}\n"));
}

/// The program, until the first value goes away.
async fn serve(book: &SmallBook) -> (Process, Address) {
    let mut command = small::program(book.root(), &["serve", "--bind", "127.0.0.1:0"]);
    let process = Process::spawn("builder", &mut command, DEADLINE);
    let ready = process.ready(DEADLINE, |line| {
        let address = line
            .strip_prefix("listening on http://")?
            .strip_suffix(" (the book)")?;
        address.parse().ok().map(Address)
    });
    let address = ready
        .await
        .unwrap_or_else(|unready| panic!("did not start{unready}"));
    (process, address)
}

async fn get(address: Address, path: &str) -> String {
    let answer = address.request(Method::GET, path, None).await;
    let body = answer.expect("the server answers").body;
    String::from_utf8(body.to_vec()).expect("a page is text")
}

/// The news, as soon as they are as wanted.
async fn news(address: Address, wanted: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    until(wanted, async || {
        let text = get(address, "/.book/news").await;
        let news = serde_json::from_str(&text).map_err(|error| format!("{text}: {error}"))?;
        if is_it(&news) { Ok(news) } else { Err(text) }
    })
    .await
}
