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

#[tokio::test]
async fn a_client_that_does_not_finish_a_head_is_dropped() {
    let server = start_within(
        Limits {
            head: SHORT,
            ..Limits::default()
        },
        Worker::alone(),
    )
    .await;
    let connection = server.send("GET / HTTP/1.1\r\nhost: lo").await;
    assert_eq!(rest(connection).await, "");
}

#[tokio::test]
async fn a_client_that_pauses_within_a_body_is_told_so() {
    let server = start_within(
        Limits {
            pause: SHORT,
            ..Limits::default()
        },
        Worker::alone(),
    )
    .await;
    let answer = rest(
        server
            .send("POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nhalf")
            .await,
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("no pause of more than 0.05 s"), "{answer}");
    assert!(answer.contains("x-worker: 1"), "{answer}");
}

#[tokio::test]
async fn a_client_that_sends_a_body_byte_by_byte_is_told_when_it_should_have_been_there() {
    let limits = Limits {
        body: 4 * SHORT,
        pause: LONG,
        ..Limits::default()
    };
    let server = start_within(limits, Worker::alone()).await;
    let head = "POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n";
    let mut connection = server.send(head).await;
    let mut answer = Vec::new();
    let sent = soon(async {
        let mut sent = 0;
        // Until the server answers, and a little more often than it would find a pause.
        while timeout(SHORT / 10, connection.read_buf(&mut answer))
            .await
            .is_err()
        {
            connection.write_all(b"x").await.unwrap();
            sent += 1;
        }
        sent
    })
    .await;
    assert!(sent < 1000, "the whole body was sent");
    let answer = String::from_utf8(answer).unwrap() + &rest(connection).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(
        answer.contains("expected all of it within 0.2 s"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answers_is_given_up() {
    let limits = Limits {
        take: SHORT,
        ..Limits::default()
    };
    let server = start_within(limits, Worker::alone()).await;
    let mut connection = server.connect().await;
    let requests = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
    // It fills all buffers between the two, and then waits for the server to read on.
    let given_up = soon(async {
        loop {
            if let Err(error) = connection.write_all(requests.as_bytes()).await {
                return error;
            }
        }
    })
    .await;
    let kind = given_up.kind();
    assert!(
        matches!(
            kind,
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
        ),
        "{kind}"
    );
    assert!(
        server.get("/").await.ends_with("hello"),
        "the others are served"
    );
}

#[tokio::test]
async fn a_client_for_whom_there_is_no_place_is_told_so() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let server = start_within(limits, three_of(8, true)).await;
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut connection = server.send(request).await;
        one_answer(&mut connection, "hello").await;
        kept.push(connection);
    }
    let refused = rest(server.send(request).await).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(
        refused.contains("\r\nretry-after: 1\r\n") && refused.contains("x-worker: 3"),
        "{refused}"
    );
    let sentence = r#"{"error":"This worker has 2 open connections and takes no more: ask again in a second."}"#;
    assert!(refused.ends_with(sentence), "{refused}");
    // Whoever leaves makes room.
    drop(kept.pop());
    soon(async { while !server.get("/").await.ends_with("hello") {} }).await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = start(Worker::alone()).await;
    let answer = rest(
        server
            .send(&format!(
                "GET / HTTP/1.1\r\nhost: localhost\r\nlong: {}\r\n\r\n",
                "x".repeat(70_000)
            ))
            .await,
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_client_that_sends_too_much_can_read_why_it_was_refused() {
    let server = start(three_of(8, false)).await;
    let mut connection = server.connect().await;
    let body = vec![b'x'; 4 << 20];
    let head = format!(
        "POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    soon(connection.write_all(&body))
        .await
        .expect("the server takes what it will not read");
    let answer = rest(connection).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
