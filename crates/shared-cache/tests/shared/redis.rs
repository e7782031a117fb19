//! A server that is not there, goes, or does not answer; and workers on two machines.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ::redis::AsyncTypedCommands;
use ::redis::aio::MultiplexedConnection;
use harness::{RedisServer, process::Signal};
use shared_cache::{Error, Memo, Origin, Settings, SharedCache, StoreError};

use crate::support::child::{Ends, Report};
use crate::support::worker::Workers;
use crate::support::{TestStore, call};

async fn memo(server: &RedisServer) -> Memo<String, String> {
    let cache = SharedCache::redis(&server.url(), "test", Settings::default()).await;
    cache.unwrap().memo("f")
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_at_the_start() {
    let mut server = RedisServer::start().await;
    server.stop();
    let error = SharedCache::redis(&server.url(), "test", Settings::default()).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains(&server.address().to_string()), "{error}");
}

#[tokio::test]
async fn a_socket_in_a_folder_is_an_address_like_another() {
    let server = RedisServer::start().await;
    let near = SharedCache::redis(&server.socket_url(), "test", Settings::default()).await;
    assert_eq!(
        call(&near.unwrap().memo("f"), "A").await.origin,
        Origin::Miss
    );
    assert_eq!(call(&memo(&server).await, "A").await.origin, Origin::Hit);
}

#[tokio::test]
async fn an_address_that_is_none_is_an_error_that_shows_what_one_looks_like() {
    let error = SharedCache::redis("localhost", "test", Settings::default()).await;
    let error = error.unwrap_err();
    assert!(matches!(
        error,
        StoreError::Redis(storage::redis::Error::Address { .. })
    ));
    assert!(
        error.to_string().contains("redis://127.0.0.1:6379"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_goes_is_an_error_until_it_is_back() {
    let mut server = RedisServer::start().await;
    let memo = memo(&server).await;
    assert_eq!(call(&memo, "A").await.origin, Origin::Miss);

    server.stop();
    for _ in 0..2 {
        let error = memo.get(&"A".to_owned()).await.unwrap_err();
        assert!(
            matches!(error, Error::Store(StoreError::Redis(_))),
            "{error}"
        );
        assert!(
            error.to_string().contains(&server.address().to_string()),
            "{error}"
        );
    }

    server.start_again().await;
    assert_eq!(call(&memo, "A").await.origin, Origin::Miss);
    assert_eq!(call(&memo, "A").await.origin, Origin::Hit);
}

#[tokio::test]
async fn a_server_that_was_restarted_between_two_calls_is_not_noticed() {
    let mut server = RedisServer::start().await;
    let memo = memo(&server).await;
    call(&memo, "A").await;
    server.start_again().await;
    assert_eq!(call(&memo, "A").await.origin, Origin::Miss);
}

#[tokio::test]
async fn a_server_that_goes_while_a_value_is_computed_costs_the_entry_and_not_the_value() {
    let mut server = RedisServer::start().await;
    let memo = memo(&server).await;
    let compute = async || {
        server.stop();
        Ok::<_, Infallible>("A".to_owned())
    };
    let found = memo.get_or_compute(&"A".to_owned(), compute).await.unwrap();
    assert_eq!((found.value.as_str(), found.origin), ("A", Origin::Miss));
    assert!(matches!(found.warning, Some(StoreError::Redis(_))));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_an_error_and_no_end_of_waiting() {
    let server = RedisServer::start().await;
    let memo = memo(&server).await;
    server.signal(Signal::SIGSTOP);
    let error = memo.get(&"A".to_owned()).await.unwrap_err();
    assert!(
        matches!(error, Error::Store(StoreError::Redis(_))),
        "{error}"
    );
    server.signal(Signal::SIGCONT);
    assert_eq!(call(&memo, "A").await.origin, Origin::Miss);
}

#[tokio::test]
async fn a_password_is_not_in_the_error() {
    let address = "redis://user:secret@127.0.0.1:0";
    let error = SharedCache::redis(address, "test", Settings::default())
        .await
        .unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("secret"),
        "{error:?}"
    );
}

/// The expiry of the token grows again while the computation runs.
#[tokio::test]
async fn a_lease_is_renewed_while_its_computation_runs() {
    let server = RedisServer::start().await;
    let memo = memo(&server).await;
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let compute = async || {
        let token = connection.keys("*:flight:*").await.unwrap().pop().unwrap();
        let mut last = isize::MAX;
        loop {
            let left = connection.pttl(&token).await.unwrap().raw();
            assert!(left > 0, "the lease has ended");
            if left > last {
                return Ok::<_, Infallible>("A".to_owned());
            }
            last = left;
        }
    };
    let found = memo.get_or_compute(&"A".to_owned(), compute).await.unwrap();
    assert_eq!(found.origin, Origin::Miss);
}

/// All that a process does may be on one thread, which a computation blocks.
#[tokio::test]
async fn a_lease_is_renewed_while_its_computation_blocks_its_thread() {
    let server = RedisServer::start().await;
    let runs = Arc::new(AtomicU32::new(0));
    let (began, others_may_begin) = std::sync::mpsc::channel();
    let call = |began: Option<std::sync::mpsc::Sender<()>>| {
        let (url, runs) = (server.url(), Arc::clone(&runs));
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_all().build().unwrap().block_on(async {
                let cache = SharedCache::redis(&url, "test", Settings::default()).await;
                let compute = async || {
                    runs.fetch_add(1, Ordering::SeqCst);
                    if let Some(began) = began {
                        began.send(()).unwrap();
                    }
                    // Twice as long as a lease that nobody renews.
                    let (_never, silence) = std::sync::mpsc::channel::<()>();
                    silence.recv_timeout(Duration::from_secs(3)).unwrap_err();
                    Ok::<_, Infallible>("A".to_owned())
                };
                let memo: Memo<String, String> = cache.unwrap().memo("f");
                let found = memo.get_or_compute(&"A".to_owned(), compute).await;
                found.unwrap().origin
            })
        })
    };
    let first = call(Some(began));
    others_may_begin.recv().unwrap();
    let second = call(None);
    assert_eq!(first.join().unwrap(), Origin::Miss);
    assert_eq!(second.join().unwrap(), Origin::Wait);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

/// How often the server has read from a connection since it began.
async fn reads(connection: &mut MultiplexedConnection) -> u64 {
    let info: String = ::redis::cmd("INFO")
        .arg("stats")
        .query_async(connection)
        .await
        .unwrap();
    let line = info
        .lines()
        .find_map(|line| line.strip_prefix("total_reads_processed:"));
    line.unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn a_miss_asks_the_server_four_times_and_a_hit_once() {
    let server = RedisServer::start().await;
    let memo = memo(&server).await;
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    for (origin, expected) in [(Origin::Miss, 4), (Origin::Hit, 1)] {
        let before = reads(&mut connection).await;
        assert_eq!(call(&memo, "A").await.origin, origin);
        // The second question is a read too.
        assert_eq!(reads(&mut connection).await - before - 1, expected);
    }
}

/// It is taken back, long before it would have expired.
#[tokio::test]
async fn the_lease_of_a_call_that_was_given_up_ends_at_once() {
    let server = RedisServer::start().await;
    let memo = memo(&server).await;
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let (started, computing) = tokio::sync::oneshot::channel();
    let call = tokio::spawn(async move {
        let compute = async || {
            started.send(()).unwrap();
            std::future::pending::<Result<String, Infallible>>().await
        };
        memo.get_or_compute(&"A".to_owned(), compute).await
    });
    computing.await.unwrap();
    let token = connection.keys("*:flight:*").await.unwrap().pop().unwrap();
    call.abort();
    let mut last = None;
    while let Some(left) = left(&mut connection, &token).await {
        last = Some(left);
        tokio::task::yield_now().await;
    }
    assert!(
        last.is_none_or(|last| last > 100),
        "the lease ended by itself, {last:?} ms after the last look"
    );
}

/// As after a pause that was longer than the lease: the key is another process's by now.
#[tokio::test]
async fn a_call_that_lost_its_lease_leaves_that_of_the_next_one() {
    let server = RedisServer::start().await;
    let memo = memo(&server).await;
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut token = String::new();
    let compute = async || {
        token = connection.keys("*:flight:*").await.unwrap().pop().unwrap();
        connection.set(&token, "another's").await.unwrap();
        Ok::<_, Infallible>("A".to_owned())
    };
    let found = memo.get_or_compute(&"A".to_owned(), compute).await.unwrap();
    assert_eq!(found.origin, Origin::Miss);
    let holder = connection.get(&token).await.unwrap();
    assert_eq!(holder.as_deref(), Some("another's"));
}

#[tokio::test]
async fn an_entry_that_lives_for_ever_is_kept() {
    let server = RedisServer::start().await;
    let settings = Settings {
        ttl: Duration::MAX,
        ..Settings::default()
    };
    let cache = SharedCache::redis(&server.url(), "test", settings).await;
    let memo = cache.unwrap().memo("f");
    assert_eq!(call(&memo, "A").await.origin, Origin::Miss);
    assert_eq!(call(&memo, "A").await.origin, Origin::Hit);
}

/// For how many milliseconds a key will still be there.
async fn left(connection: &mut MultiplexedConnection, name: &str) -> Option<isize> {
    let left = connection.pttl(name).await.unwrap().raw();
    (left >= 0).then_some(left)
}

#[tokio::test]
async fn nothing_stays_in_redis_but_the_entry_and_how_its_flight_ended() {
    let server = RedisServer::start().await;
    call(&memo(&server).await, "A").await;
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut kinds: Vec<_> = connection.keys("*").await.unwrap();
    kinds.sort();
    let kinds: Vec<_> = kinds
        .iter()
        .filter_map(|name| name.split(':').nth(2))
        .collect();
    assert_eq!(kinds, ["ended", "entry", "expires", "written"]);
    for name in connection.keys("*:e*:*").await.unwrap() {
        assert!(
            connection.pttl(&name).await.unwrap().raw() > 0,
            "{name} stays for ever"
        );
    }
}

/// Two groups with the same numbers, such as two machines have: they only share the server.
#[tokio::test]
async fn two_groups_of_workers_with_one_server_behave_as_one() {
    let store = TestStore::redis().await;
    let (mut here, mut there) = (Workers::new(&store), Workers::new(&store));
    here.call(1, 2, Ends::Well);
    here.wait_for("computing", 1).await;
    there.call(1, 2, Ends::Well);
    there.call(2, 2, Ends::Well);
    there.wait_for("waits for", 4).await;
    here.go(1);
    let waited = there.reports(4).await;
    assert!(
        waited
            .iter()
            .all(|(_, report)| matches!(report, Report::Found { origin, .. } if origin == "wait")),
        "{waited:?}"
    );
    assert_eq!((here.runs(), there.runs()), (1, 1));
}
