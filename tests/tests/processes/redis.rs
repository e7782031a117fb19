//! Both lessons with a Redis server: not there, gone and back, and shared by two groups of workers.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use harness::{App, RedisServer, Start};
use hyper::StatusCode;

use crate::{
    UPDATE,
    chain::Clicks,
    lessons::{Computed, Shown, click, compute, sentence},
};

fn sessions(server: &RedisServer) -> Start {
    App::start("option1")
        .workers(4)
        .options(["--store".to_owned(), server.url()])
}

fn cache(server: &RedisServer) -> Start {
    App::start("option4")
        .workers(4)
        .options(["--compute-seconds", "0.5"])
        .options(["--cache".to_owned(), server.url()])
}

#[tokio::test]
async fn an_app_whose_redis_is_not_there_says_where_it_looked_and_ends() {
    let mut server = RedisServer::start().await;
    server.stop();
    for start in [sessions(&server), cache(&server)] {
        let refusal = start.refused().await;
        assert_eq!(refusal.status.code(), Some(1), "{refusal:#?}");
        let address = server.address().to_string();
        let told = |line: &String| line.contains("error: ") && line.contains(&address);
        assert!(refusal.output.iter().any(told), "{refusal:#?}");
        let ready = |line: &String| line.starts_with("listening");
        assert!(!refusal.output.iter().any(ready), "{refusal:#?}");
    }
}

#[tokio::test]
async fn sessions_go_on_when_redis_was_gone_and_is_back() {
    let mut server = RedisServer::start().await;
    let app = sessions(&server).await;
    let workers = app.workers();
    let held = async || Shown::of(&app.post(UPDATE, &click(Some("a"), "v")).await).held;
    assert_eq!(
        (held().await, held().await),
        ("None".to_owned(), "Init".to_owned())
    );

    server.stop();
    // Each worker has a connection that broke, and each says so in the same way.
    for answer in
        join_all((0..8).map(|_| async { app.post(UPDATE, &click(Some("a"), "v")).await })).await
    {
        let told = sentence(&answer, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(told.contains(&server.address().to_string()), "{told}");
    }
    server.start_again().await;
    assert_eq!(
        held().await,
        "None",
        "what this server held is gone with it"
    );
    for _ in 0..8 {
        assert_ne!(held().await, "None");
    }
    assert_eq!(app.workers(), workers, "nobody has died of it");
}

#[tokio::test]
async fn a_worker_that_dies_while_redis_is_away_comes_back_and_the_others_answer_throughout() {
    let mut server = RedisServer::start().await;
    let app = sessions(&server).workers(8).await;
    let before = app.workers();
    let click = async || app.post(UPDATE, &click(Some("a"), "v")).await;
    click().await;

    server.stop();
    let gone = Instant::now();
    let killed = app.kill_worker(3).await;
    let mut answers = 0;
    while gone.elapsed() < Duration::from_secs(3) {
        let answer = click().await;
        let told = sentence(&answer, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(told.contains(&server.address().to_string()), "{told}");
        assert_eq!(app.get("/").await.status, StatusCode::OK);
        answers += 1;
    }
    assert!(answers > 8, "{answers} answers in three seconds");
    // Its replacement cannot start: each attempt is an error of the log, and none of them ends the others.
    let failed = |line: &String| line.contains("no Redis server answers");
    assert!(app.log().iter().any(failed), "{:#?}", app.log());

    server.start_again().await;
    app.replaced(3, killed).await;
    assert_eq!(
        Shown::of(&click().await).held,
        "None",
        "Redis came back with nothing"
    );
    let after = app.workers();
    for (number, pid) in before.into_iter().filter(|(number, _)| *number != 3) {
        assert_eq!(after.get(&number), Some(&pid), "worker {number}");
    }
}

#[tokio::test]
async fn the_cache_goes_on_when_redis_was_gone_and_is_back() {
    let mut server = RedisServer::start().await;
    let app = cache(&server).await;
    let workers = app.workers();
    let origin = async || Computed::of(&app.post(UPDATE, &compute("A")).await).origin;
    assert_eq!(
        (origin().await, origin().await),
        ("miss".to_owned(), "hit".to_owned())
    );

    server.stop();
    for answer in join_all((0..8).map(|_| async { app.post(UPDATE, &compute("A")).await })).await {
        let told = sentence(&answer, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(told.contains(&server.address().to_string()), "{told}");
    }
    server.start_again().await;
    assert_eq!(
        origin().await,
        "miss",
        "what this server held is gone with it"
    );
    for _ in 0..8 {
        assert_eq!(origin().await, "hit");
    }
    assert_eq!(app.workers(), workers, "nobody has died of it");
}

#[tokio::test]
async fn two_groups_of_workers_with_one_redis_have_the_same_sessions() {
    let server = RedisServer::start().await;
    let (here, there) = join(
        sessions(&server).into_future(),
        sessions(&server).into_future(),
    )
    .await;
    let groups = [here.address(), there.address()];
    let clicks = Clicks::by(16, &groups, "everybody's", |turn| turn == 10).await;
    assert_eq!((clicks.answered(), clicks.unanswered()), (160, 0));
    clicks.assert_linearizable();
}

#[tokio::test]
async fn two_groups_of_workers_with_one_redis_have_the_same_cache() {
    let server = RedisServer::start().await;
    let (here, there) = join(cache(&server).into_future(), cache(&server).into_future()).await;
    let calls = (0..32).map(|call| {
        let group = if call % 2 == 0 { &here } else { &there };
        async { Computed::of(&group.post(UPDATE, &compute("A")).await) }
    });
    let calls = join_all(calls).await;
    let misses = calls.iter().filter(|call| call.origin == "miss").count();
    assert_eq!(misses, 1, "{calls:?}");
    for group in [&here, &there] {
        let call = Computed::of(&group.post(UPDATE, &compute("A")).await);
        assert_eq!((call.origin.as_str(), call.by), ("hit", calls[0].by));
    }
}
