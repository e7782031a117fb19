//! The load balancer that the book teaches with.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../examples/balancer.rs"]
#[expect(
    dead_code,
    reason = "the tests take its balancer and leave its command line"
)]
mod example;

use std::{
    collections::BTreeSet, env, io::Read, net::SocketAddr, process::Command, sync::Arc,
    time::Duration,
};

use harness::{DEADLINE, process::Process};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
};

use self::example::Balancer;

/// A group that says its name to each connection and waits for a word before it closes it.
async fn group(name: char) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut word = [0; 2];
            // Some clients leave without a word.
            if client.read_exact(&mut word).await.is_ok() {
                client.write_all(name.to_string().as_bytes()).await.unwrap();
            }
        }
    });
    address
}

/// No test of its own: the next one starts this in a process that becomes a balancer.
#[tokio::test]
async fn becomes_a_balancer() {
    if let Ok(group) = env::var("TEST_BALANCE") {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("listening on http://{} (", listener.local_addr().unwrap());
        let balancer = Balancer::new(vec![group.parse().unwrap()], false);
        Arc::new(balancer).serve(listener).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balancer_without_descriptors_goes_on_when_there_are_some() {
    let line = "ulimit -n 24; exec \"$0\" balancer::becomes_a_balancer --exact --nocapture";
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .arg(env::current_exe().unwrap())
        .env("TEST_BALANCE", group('A').await.to_string());
    let balancer = Process::spawn("the balancer", &mut command, Duration::ZERO);
    let address = balancer.wait_for_address();
    // Each costs it two descriptors, and those who wait for one are in the kernel's queue.
    let crowd: Vec<_> = (0..40)
        .map(|_| std::net::TcpStream::connect(address).unwrap())
        .collect();
    balancer.wait_for_line("cannot accept a connection");
    drop(crowd);
    let mut client = std::net::TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(DEADLINE)).unwrap();
    std::io::Write::write_all(&mut client, b"hi").unwrap();
    let mut name = String::new();
    client.read_to_string(&mut name).unwrap();
    assert_eq!(name, "A");
}

/// An address at which nobody listens: it is closed again at once, and of a loopback address that nobody else uses.
async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.91.7.3:0").await.unwrap();
    listener.local_addr().unwrap()
}

async fn balanced(groups: Vec<SocketAddr>, sticky: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(Arc::new(Balancer::new(groups, sticky)).serve(listener));
    address
}

/// Which group answers a client with this address of the machine.
async fn answering(balancer: SocketAddr, client: u8) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, client], 0).into()).unwrap();
    let mut stream = socket.connect(balancer).await.unwrap();
    stream.write_all(b"hi").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn answers(balancer: SocketAddr, clients: impl IntoIterator<Item = u8>) -> String {
    let mut answers = String::new();
    for client in clients {
        answers += &answering(balancer, client).await;
    }
    answers
}

#[tokio::test]
async fn connections_go_to_the_groups_in_turn() {
    let balancer = balanced(vec![group('a').await, group('b').await], false).await;
    assert_eq!(answers(balancer, [1, 1, 1, 1]).await, "abab");
}

#[tokio::test]
async fn a_sticky_client_stays_with_one_group_and_not_all_with_the_same() {
    let balancer = balanced(vec![group('a').await, group('b').await], true).await;
    let mut groups = BTreeSet::new();
    for client in 1..=20 {
        let answers = answers(balancer, [client; 3]).await;
        assert!(
            answers == "aaa" || answers == "bbb",
            "client {client}: {answers}"
        );
        groups.insert(answers);
    }
    assert_eq!(
        groups.len(),
        2,
        "20 clients share one of two groups: {groups:?}"
    );
}

#[tokio::test]
async fn a_group_that_does_not_answer_is_passed_over() {
    for sticky in [false, true] {
        let balancer = balanced(vec![nobody().await, group('b').await], sticky).await;
        assert_eq!(answers(balancer, 1..=8).await, "b".repeat(8));
    }
}

#[tokio::test]
async fn without_any_group_the_connection_ends() {
    let balancer = balanced(vec![nobody().await], false).await;
    let socket = TcpSocket::new_v4().unwrap();
    let mut stream = socket.connect(balancer).await.unwrap();
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}
