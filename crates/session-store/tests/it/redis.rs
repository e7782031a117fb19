//! What is particular to Redis: a server that is not there, that goes, and that comes back.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use harness::{RedisServer, process::Signal};
use session_store::{Entry, Error, SessionName, Store, StoreKind};

fn session() -> SessionName {
    SessionName::new("a").unwrap()
}

async fn open(server: &RedisServer) -> Result<Store, Error> {
    open_at(&server.url()).await
}

async fn open_at(address: &str) -> Result<Store, Error> {
    Store::open(&StoreKind::Redis(address.to_owned()), Path::new(""), "test").await
}

async fn write(store: &Store, value: u64) -> Result<Option<Entry>, Error> {
    let update = store
        .update(&session(), move |_| Entry::new(&session(), value, 1))
        .await?;
    Ok(update.before)
}

#[tokio::test]
async fn no_server_at_the_start_is_one_clear_sentence() {
    let mut server = RedisServer::start().await;
    server.stop();
    let message = open(&server).await.unwrap_err().to_string();
    assert!(
        message.starts_with(&format!("no Redis server answers at {}", server.url())),
        "{message}"
    );
    assert!(
        message.ends_with("start it, or give the address of another one"),
        "{message}"
    );
    assert!(!message.contains('\n'), "{message}");
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_one_clear_sentence() {
    let message = open_at("redis://127.0.0.1:port")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("the address of the Redis server makes no sense: "),
        "{message}"
    );
}

#[tokio::test]
async fn a_server_that_goes_is_an_error_and_one_that_comes_back_is_none() {
    let mut server = RedisServer::start().await;
    let store = open(&server).await.unwrap();
    write(&store, 1).await.unwrap();

    server.stop();
    for _ in 0..2 {
        let message = write(&store, 2).await.unwrap_err().to_string();
        assert!(message.contains("Redis server"), "{message}");
        assert!(store.get(&session()).await.is_err());
    }
    server.start_again().await;
    // The server keeps nothing on its disk, and so what was there is gone.
    assert_eq!(write(&store, 3).await.unwrap(), None);
    assert_eq!(store.get(&session()).await.unwrap().unwrap().value, 3);
}

#[tokio::test]
async fn a_server_that_came_back_between_two_clicks_is_not_even_noticed() {
    let mut server = RedisServer::start().await;
    let store = open(&server).await.unwrap();
    write(&store, 1).await.unwrap();
    server.start_again().await;
    assert_eq!(write(&store, 2).await.unwrap(), None);
    server.start_again().await;
    assert_eq!(store.get(&session()).await.unwrap(), None);
    server.start_again().await;
    store.remove(&session()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_is_an_error_after_a_while_and_works_once_it_goes_on() {
    let server = RedisServer::start().await;
    let store = open(&server).await.unwrap();
    write(&store, 1).await.unwrap();
    server.signal(Signal::SIGSTOP);
    let message = write(&store, 2).await.unwrap_err().to_string();
    assert!(message.contains("failed"), "{message}");
    server.signal(Signal::SIGCONT);
    assert_eq!(write(&store, 3).await.unwrap().unwrap().value, 1);
}

#[tokio::test]
async fn calls_that_wait_for_a_server_that_hangs_fail_together() {
    let server = RedisServer::start().await;
    let store = open(&server).await.unwrap();
    write(&store, 1).await.unwrap();
    server.signal(Signal::SIGSTOP);
    write(&store, 2).await.unwrap_err();
    // Now there is no connection, and each of these wants one.
    let began = Instant::now();
    let session = session();
    let calls = std::array::from_fn(|_| store.get(&session));
    let [a, b, c, d, e] = calls;
    let failed = tokio::join!(a, b, c, d, e);
    assert!(failed.0.is_err() && failed.1.is_err() && failed.2.is_err());
    assert!(failed.3.is_err() && failed.4.is_err());
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}");
    server.signal(Signal::SIGCONT);
    assert_eq!(write(&store, 3).await.unwrap().unwrap().value, 1);
}

/// Has the server ask for a password from now on; where it is then reached.
async fn lock(server: &RedisServer, password: &str) -> String {
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("CONFIG")
        .arg(&["SET", "requirepass", password])
        .query_async(&mut connection)
        .await
        .unwrap();
    format!("redis://:{password}@{}", server.address())
}

#[tokio::test]
async fn a_password_is_used_and_shown_nowhere() {
    let mut server = RedisServer::start().await;
    let address = lock(&server, "sesame").await;
    let store = open_at(&address).await.unwrap();
    write(&store, 1).await.unwrap();
    let mut shown = format!("{store:?} {}", store.place(&session()));
    server.stop();
    shown.push_str(&write(&store, 2).await.unwrap_err().to_string());
    shown.push_str(&open_at(&address).await.unwrap_err().to_string());
    assert!(!shown.contains("sesame"), "{shown}");

    server.start_again().await;
    lock(&server, "sesame").await;
    let wrong = address.replace("sesame", "open");
    let message = open_at(&wrong).await.unwrap_err().to_string();
    assert!(message.starts_with("no Redis server answers"), "{message}");
}

#[tokio::test]
async fn a_socket_in_a_folder_is_an_address_like_another() {
    let server = RedisServer::start().await;
    let near = open_at(&server.socket_url()).await.unwrap();
    write(&near, 1).await.unwrap();
    let far = open(&server).await.unwrap();
    assert_eq!(far.get(&session()).await.unwrap().unwrap().value, 1);
}

#[tokio::test]
async fn a_key_that_somebody_else_has_written_is_named() {
    let server = RedisServer::start().await;
    let store = open(&server).await.unwrap();
    let key = format!("test:session:{}", session().key());
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::Cmd::set(&key, "not JSON")
        .query_async(&mut connection)
        .await
        .unwrap();
    let message = write(&store, 1).await.unwrap_err().to_string();
    assert!(
        message.contains(&key) && message.contains("holds no session"),
        "{message}"
    );
}
