//! Clients that ask one request after the other.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    thread,
    time::Instant,
};

use harness::DEADLINE;

use crate::client::body;

/// How many of them want an answer that costs nothing.
const HASTY: usize = 4;
/// How many call a callback that takes its time.
const PATIENT: usize = 2;
/// How many calls are in flight at the same time, at most.
pub(crate) const CLIENTS: usize = HASTY + PATIENT;

/// What became of the requests so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) answered: AtomicUsize,
    pub(crate) failed: AtomicUsize,
    enough: AtomicBool,
}

impl Tally {
    /// Waits until so many requests have been answered.
    pub(crate) fn reach(&self, answered: usize) {
        let deadline = Instant::now() + 3 * DEADLINE;
        while self.answered.load(SeqCst) < answered {
            assert!(
                Instant::now() < deadline,
                "wanted {answered} answers: {self:?}"
            );
            thread::yield_now();
        }
    }
}

/// Several clients ask at once while `during` runs; what became of it.
///
/// Each keeps its connection for as long as the server lets it.
pub(crate) fn under_load(address: SocketAddr, during: impl FnOnce(&Tally)) -> Tally {
    let tally = Tally::default();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let request = if number < HASTY {
                format!("GET /health HTTP/1.1\r\nhost: {address}\r\n\r\n")
            } else {
                slow_call(address)
            };
            let tally = &tally;
            scope.spawn(move || ask_on_and_on(address, &request, tally));
        }
        // Also when it panics: the clients would never stop.
        let _stop = Stop(&tally);
        during(&tally);
    });
    tally
}

struct Stop<'a>(&'a Tally);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.enough.store(true, SeqCst);
    }
}

fn slow_call(address: SocketAddr) -> String {
    let body = body("slow");
    format!(
        "POST /_dash-update-component HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn ask_on_and_on(address: SocketAddr, request: &str, tally: &Tally) {
    let mut kept = None;
    while !tally.enough.load(SeqCst) {
        match ask(address, request, kept.take()) {
            Ok(connection) => {
                kept = connection;
                tally.answered.fetch_add(1, SeqCst);
            }
            Err(_) => {
                tally.failed.fetch_add(1, SeqCst);
            }
        }
    }
}

type Connection = BufReader<TcpStream>;

/// One request; the connection, if the server keeps it.
fn ask(
    address: SocketAddr,
    request: &str,
    kept: Option<Connection>,
) -> io::Result<Option<Connection>> {
    if let Some(connection) = kept {
        match exchange(connection, request) {
            // The server may close a connection that it has kept just when the next request is sent. Then no byte of an
            // answer comes, and a client asks again over a new one: RFC 9112, 9.3.1.
            Err(Failure::BeforeAnswer(_)) => {}
            other => return other.map_err(Failure::into_inner),
        }
    }
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(DEADLINE))?;
    exchange(BufReader::new(stream), request).map_err(Failure::into_inner)
}

enum Failure {
    BeforeAnswer(io::Error),
    WithinAnswer(io::Error),
}

impl Failure {
    fn into_inner(self) -> io::Error {
        match self {
            Self::BeforeAnswer(error) | Self::WithinAnswer(error) => error,
        }
    }
}

fn exchange(mut connection: Connection, request: &str) -> Result<Option<Connection>, Failure> {
    let begun = connection
        .get_mut()
        .write_all(request.as_bytes())
        .and_then(|()| connection.fill_buf().map(<[u8]>::len));
    match begun {
        Ok(0) => Err(Failure::BeforeAnswer(io::ErrorKind::UnexpectedEof.into())),
        Ok(_) => answer(connection).map_err(Failure::WithinAnswer),
        Err(error) => Err(Failure::BeforeAnswer(error)),
    }
}

fn answer(mut connection: Connection) -> io::Result<Option<Connection>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if connection.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let length = head
        .split_once("content-length: ")
        .and_then(|(_, rest)| rest.split("\r\n").next()?.parse().ok());
    let mut body = vec![0; length.ok_or(io::ErrorKind::InvalidData)?];
    connection.read_exact(&mut body)?;
    if !head.starts_with("HTTP/1.1 200") {
        return Err(io::Error::other(head));
    }
    Ok((!head.contains("connection: close")).then_some(connection))
}
