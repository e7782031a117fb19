mod limits;

use std::net::SocketAddr;

use axum::{
    Extension,
    body::Bytes,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use callbacks::{CallbackTiming, Timing};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

use super::*;

/// Longer than any test may take: what must not be waited for is waited for this long.
const LONG: Duration = Duration::from_secs(60);
/// Short, for what must run out.
const SHORT: Duration = Duration::from_millis(50);

/// A server that a test asks to leave.
struct Running {
    address: SocketAddr,
    leave: oneshot::Sender<Duration>,
    served: JoinHandle<()>,
    /// Lets `/hold` answer.
    release: Arc<Notify>,
    /// Is told when `/hold` has been called.
    held: Arc<Notify>,
}

fn three_of(count: u32, keep_alive: bool) -> Worker {
    Worker {
        number: 3,
        life: 2,
        count,
        keep_alive,
        ..Worker::alone()
    }
}

async fn start(worker: Worker) -> Running {
    start_within(
        Limits {
            half_sent: SHORT,
            ..Limits::default()
        },
        worker,
    )
    .await
}

async fn start_within(limits: Limits, worker: Worker) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (leave, asked) = oneshot::channel();
    let (release, held) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let router = router(&release, &held);
    let served = tokio::spawn(async move {
        let asked = async { asked.await.unwrap() };
        let listener = Listener::Tcp(listener);
        let hosts = Hosts::of(&listener, Vec::new());
        serve_within(limits, hosts, router, listener, &worker, asked).await;
    });
    Running {
        address,
        leave,
        served,
        release,
        held,
    }
}

fn router(release: &Arc<Notify>, held: &Arc<Notify>) -> Router {
    let (release, held) = (Arc::clone(release), Arc::clone(held));
    let hold = async move || {
        held.notify_one();
        release.notified().await;
        "held"
    };
    let ran = CallbackTiming {
        callback: "content.children".into(),
        timings: vec![Timing::new("cache").desc("hit")],
    };
    Router::new()
        .route("/", get("hello"))
        .route("/callback", get(async || (Extension(ran), "ran")))
        .route(
            "/number",
            get(async |number: Extension<callbacks::Worker>| number.0.0.to_string()),
        )
        .route("/hold", get(hold))
        .route("/length", post(async |body: Bytes| body.len().to_string()))
        .layer(DefaultBodyLimit::max(1024))
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends `text` over a new connection.
    async fn send(&self, text: &str) -> TcpStream {
        let mut connection = self.connect().await;
        connection.write_all(text.as_bytes()).await.unwrap();
        connection
    }

    /// The answer to a request over a connection that the client wants closed.
    async fn get(&self, path: &str) -> String {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        rest(self.send(&request).await).await
    }

    /// Asks it to leave and waits until it has.
    async fn leave(self, grace: Duration) {
        self.leave.send(grace).unwrap();
        soon(self.served).await.unwrap();
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future)
        .await
        .expect("something is waited for in vain")
}

/// What comes until the server closes.
async fn rest(mut connection: TcpStream) -> String {
    let mut text = String::new();
    soon(connection.read_to_string(&mut text)).await.unwrap();
    text
}

/// Reads one answer whose body is `body`, and leaves the connection open.
async fn one_answer(connection: &mut TcpStream, body: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(format!("\r\n\r\n{body}").as_bytes()) {
        assert_ne!(
            soon(connection.read_buf(&mut text)).await.unwrap(),
            0,
            "closed after {text:?}"
        );
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn every_answer_names_the_worker() {
    let server = start(three_of(8, false)).await;
    for path in ["/", "/nowhere"] {
        let answer = server.get(path).await;
        assert!(answer.contains("\r\nx-worker: 3\r\n"), "{answer}");
        assert!(
            answer.contains("\r\nserver-timing: worker;desc=\"3\", life;desc=\"2\"\r\n"),
            "{answer}"
        );
    }
    assert!(
        server.get("/number").await.ends_with("\r\n\r\n3"),
        "the app knows it too"
    );
}

#[tokio::test]
async fn a_callbacks_answer_says_how_long_it_took() {
    let server = start(three_of(8, false)).await;
    let answer = server.get("/callback").await;
    let timing = answer
        .lines()
        .find_map(|line| line.strip_prefix("server-timing: "))
        .unwrap();
    let rest = timing
        .strip_prefix("worker;desc=\"3\", life;desc=\"2\", callback;desc=\"content.children\";dur=")
        .unwrap();
    let (milliseconds, rest) = rest.split_once(',').unwrap();
    assert!(
        milliseconds
            .parse::<f64>()
            .is_ok_and(|milliseconds| milliseconds >= 0.0),
        "{timing}"
    );
    assert_eq!(rest, " cache;desc=\"hit\"");
}

#[tokio::test]
async fn several_workers_close_after_each_answer() {
    let server = start(three_of(8, false)).await;
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let answer = rest(server.send(&request.repeat(2)).await).await;
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert_eq!(
        answer.matches("hello").count(),
        1,
        "the second request is for another worker"
    );
}

#[tokio::test]
async fn a_worker_that_may_keeps_the_connection() {
    let server = start(three_of(8, true)).await;
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut connection = server.send(request).await;
    for _ in 0..3 {
        let answer = one_answer(&mut connection, "hello").await;
        assert!(!answer.contains("connection: close"), "{answer}");
        connection.write_all(request.as_bytes()).await.unwrap();
    }
}

#[tokio::test]
async fn leaving_with_nothing_to_do_takes_no_time() {
    let server = start(Worker::alone()).await;
    server.leave(LONG).await;
}

#[tokio::test]
async fn a_kept_connection_does_not_hold_the_drain() {
    let server = start_within(
        Limits {
            half_sent: LONG,
            ..Limits::default()
        },
        Worker::alone(),
    )
    .await;
    let mut connection = server
        .send("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    one_answer(&mut connection, "hello").await;
    server.leave(LONG).await;
    assert_eq!(rest(connection).await, "");
}

#[tokio::test]
async fn a_half_sent_request_does_not_hold_the_drain() {
    let server = start(Worker::alone()).await;
    let half_a_head = server.send("GET / HTTP/1.1\r\nhost: lo").await;
    let half_a_body = server
        .send("POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nhalf")
        .await;
    let mut half_the_second = server
        .send("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    one_answer(&mut half_the_second, "hello").await;
    half_the_second.write_all(b"GET / HT").await.unwrap();
    let silent = server.connect().await;
    // Connections are taken in their order: after this answer the server has all of them.
    server.get("/").await;
    server.leave(LONG).await;
    drop((half_a_head, half_a_body, half_the_second, silent));
}

#[tokio::test]
async fn a_request_that_runs_is_finished() {
    let server = start(Worker::alone()).await;
    let connection = server
        .send("GET /hold HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    soon(server.held.notified()).await;
    let release = Arc::clone(&server.release);
    let answer = async {
        // Only once the server leaves does anyone let the request go on.
        let mut connection = connection;
        let mut nothing = [0];
        let early = timeout(4 * SHORT, connection.read(&mut nothing)).await;
        assert!(early.is_err(), "{early:?}");
        release.notify_one();
        rest(connection).await
    };
    let (answer, ()) = tokio::join!(answer, server.leave(LONG));
    assert!(
        answer.contains("\r\nconnection: close\r\n") && answer.ends_with("held"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_request_that_is_on_its_way_is_answered() {
    let server = start_within(
        Limits {
            half_sent: LONG,
            ..Limits::default()
        },
        Worker::alone(),
    )
    .await;
    let mut connection = server.connect().await;
    // After this answer the server has the connection, without a byte.
    server.get("/").await;
    let answer = async {
        connection
            .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .await
            .unwrap();
        rest(connection).await
    };
    let (answer, ()) = tokio::join!(answer, server.leave(LONG));
    assert!(
        answer.contains("\r\nconnection: close\r\n") && answer.ends_with("hello"),
        "{answer}"
    );
}

#[tokio::test]
async fn what_runs_too_long_is_cut_off() {
    let server = start(Worker::alone()).await;
    let _connection = server
        .send("GET /hold HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    soon(server.held.notified()).await;
    server.leave(SHORT).await;
}
