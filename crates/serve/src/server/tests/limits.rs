//! Clients that take more than their share.

use super::*;

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
