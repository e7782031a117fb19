//! `book serve`: the book over HTTP, and what an open page hears when a chapter changes.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    time::Duration,
};

use crate::small::{self, SmallBook};
use serde_json::Value;

/// How long one answer or one piece of news may take.
const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn a_change_reaches_the_open_page_and_a_mistake_leaves_the_book_as_it_was() {
    let book = SmallBook::new();
    let server = Server::start(&book);
    let mut news = server.news();
    let first = news.wait("the first book", |news| number(news) > 0);

    let page = server.get("/second.html");
    assert!(page.contains("Because it is kept."), "{page}");
    assert!(page.contains("new EventSource"), "{page}");

    book.change("docs/src/second.md", |text| {
        text.replace("it is kept", "it stays")
    });
    let second = news.wait("another book", |news| number(news) != number(&first));
    assert!(server.get("/second.html").contains("Because it stays."));

    book.change("docs/src/second.md", |text| {
        text.replace("## Why", "## Because")
    });
    let broken = news.wait("the mistakes", |news| !findings(news).is_empty());
    assert_eq!(number(&broken), number(&second));
    assert!(
        findings(&broken)[0].starts_with("docs/src/second.md:26: "),
        "{broken}"
    );
    assert!(server.get("/second.html").contains("Because it stays."));

    book.change("docs/src/second.md", |text| {
        text.replace("## Because", "## Why")
    });
    news.wait("a whole book", |news| {
        findings(news).is_empty() && number(news) != number(&second)
    });
}

#[test]
fn a_page_that_is_opened_before_there_is_a_book_hears_why_there_is_none() {
    let book = SmallBook::new();
    book.change("docs/src/second.md", |text| {
        text.replace("# Second", "# Other")
    });
    let server = Server::start(&book);
    let broken = server
        .news()
        .wait("the mistakes", |news| !findings(news).is_empty());
    assert_eq!(number(&broken), 0);
    let page = server.get("/");
    assert!(page.starts_with("HTTP/1.1 404"), "{page}");
    assert!(page.contains("new EventSource"), "{page}");
}

#[test]
fn a_port_that_is_in_use_is_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let book = SmallBook::new();
    let output = small::program(book.root(), &["serve", "--bind", &address])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "error: {address} is in use: another program listens there; `--bind 127.0.0.1:0` takes a free port\n"
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

/// The program, until this value goes away.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(book: &SmallBook) -> Self {
        let mut process = small::program(book.root(), &["serve", "--bind", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let line = lines.next().expect("a line").expect("the line is text");
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix(" (the book)"))
            .unwrap_or_else(|| panic!("no address in {line:?}"))
            .to_owned();
        // A pipe that nobody reads would stop the program when it is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    fn request(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream
            .set_read_timeout(Some(DEADLINE))
            .expect("the deadline is not zero");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream
            .write_all(request.as_bytes())
            .expect("the server reads");
        stream
    }

    /// The whole answer, with its head.
    fn get(&self, path: &str) -> String {
        let mut answer = Vec::new();
        self.request(path)
            .read_to_end(&mut answer)
            .expect("the server answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn news(&self) -> News {
        News {
            lines: BufReader::new(self.request("/.book/events")),
            last: String::new(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("it still runs");
        self.process.wait().expect("it has ended");
    }
}

/// What an open page hears.
struct News {
    lines: BufReader<TcpStream>,
    last: String,
}

impl News {
    /// The next news that are as `wanted`.
    fn wait(&mut self, wanted: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line);
            if !read.as_ref().is_ok_and(|bytes| *bytes > 0) {
                panic!(
                    "wanted {wanted}; the last news were {:?}, then {read:?}",
                    self.last
                );
            }
            if let Some(news) = line.strip_prefix("data: ") {
                news.clone_into(&mut self.last);
                let news = serde_json::from_str(news).expect("news are JSON");
                if is_it(&news) {
                    return news;
                }
            }
        }
    }
}

fn number(news: &Value) -> u64 {
    news["number"].as_u64().expect("a number")
}

fn findings(news: &Value) -> Vec<&str> {
    let findings = news["findings"].as_array().expect("a list");
    findings
        .iter()
        .map(|finding| finding.as_str().expect("a text"))
        .collect()
}
