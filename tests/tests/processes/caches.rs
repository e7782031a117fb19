//! `option4` under eight workers: one computation for all, a strict limit, and an end for each entry.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use futures_util::future::{join, join_all};
use harness::{App, Backend, Response};
use hyper::{Method, StatusCode};

use crate::{
    UPDATE,
    lessons::{Computed, compute},
};

/// An app that computes for so many seconds.
async fn start(workers: usize, seconds: &str, backend: &Backend) -> App {
    App::start("option4")
        .workers(workers)
        .options(["--compute-seconds", seconds, "--cache", backend.option()])
        // A worker that waits for another one says so.
        .log("warn,shared_cache=debug")
        .await
}

async fn computed(app: &App, value: &str) -> Computed {
    let computed = Computed::of(&app.post(UPDATE, &compute(value)).await);
    assert_eq!(computed.value, value);
    computed
}

/// The files of the entries.
fn entries(app: &App) -> Vec<PathBuf> {
    let folder = fs::read_dir(app.data().join("cache/entries"));
    let files = folder.into_iter().flatten().flatten();
    files.map(|file| file.path()).collect()
}

/// How many entries there were at one moment, when each value is computed once.
///
/// A list of the folder is of no single moment: while it is read, one entry may go and another one come. But an entry that has gone does not
/// come back here, and so those that are in both of two lists were all there when the first was complete.
fn entries_at_once(app: &App) -> usize {
    let before = entries(app);
    let after = entries(app);
    after.iter().filter(|entry| before.contains(entry)).count()
}

async fn one_of_32_computes(backend: Backend) {
    let app = start(8, "1", &backend).await;
    let calls = join_all((0..32).map(|_| computed(&app, "A"))).await;
    let of = |origin: &str| calls.iter().filter(|call| call.origin == origin).count();
    // A call that arrives when the value is there is a hit.
    assert_eq!((of("miss"), of("wait") + of("hit")), (1, 31), "{calls:?}");
    let by: BTreeSet<_> = calls.iter().map(|call| call.by).collect();
    assert_eq!(by.len(), 1, "{calls:?}");
}

#[tokio::test]
async fn of_32_first_calls_at_once_one_computes_and_the_others_wait_for_its_file() {
    one_of_32_computes(Backend::file()).await;
}

#[tokio::test]
async fn of_32_first_calls_at_once_one_computes_and_the_others_wait_for_its_key() {
    one_of_32_computes(Backend::redis().await).await;
}

/// An app whose workers remember alone.
async fn start_alone(workers: usize) -> App {
    let start = App::start("option4").workers(workers);
    start
        .options(["--compute-seconds", "0.5", "--cache", "process"])
        .await
}

#[tokio::test]
async fn one_worker_that_remembers_alone_computes_once_for_all_who_ask() {
    let app = start_alone(1).await;
    let calls = join_all((0..8).map(|_| computed(&app, "A"))).await;
    let of = |origin: &str| calls.iter().filter(|call| call.origin == origin).count();
    assert_eq!((of("miss"), of("wait") + of("hit")), (1, 7), "{calls:?}");
}

#[tokio::test]
async fn eight_workers_that_remember_alone_compute_eight_times() {
    let app = start_alone(8).await;
    let mut misses: BTreeMap<usize, usize> = BTreeMap::new();
    // The kernel chooses who answers: sooner or later all eight have been asked.
    app.until("an answer of each worker", async || {
        let calls = (0..32).map(|_| async { app.post(UPDATE, &compute("A")).await });
        for answer in join_all(calls).await {
            let call = Computed::of(&answer);
            assert_eq!(call.by, answer.worker(), "{call:?}");
            *misses.entry(call.by).or_default() += usize::from(call.origin == "miss");
        }
        match misses.len() {
            8 => Ok(()),
            some => Err(format!("{some} have answered")),
        }
    })
    .await;
    assert!(misses.values().all(|times| *times == 1), "{misses:?}");
}

/// The number of the worker that says in its log that it waits for another one.
fn waiting(app: &App) -> Option<usize> {
    let waits = |line: &&String| line.contains("waits for another process");
    let log = app.log();
    let line = log.iter().find(waits)?;
    let (_, rest) = line.split_once("[worker ")?;
    rest.split_once(' ')?.0.parse().ok()
}

async fn another_worker_takes_over(backend: Backend) {
    let app = start(8, "3", &backend).await;
    let (one, mut to_one) = app.connect_to(|_| true).await;
    let (other, mut to_other) = app.connect_to(|number| number != one).await;
    let body = compute("A");
    let calls = join(
        to_one.request(Method::POST, UPDATE, Some(&body)),
        to_other.request(Method::POST, UPDATE, Some(&body)),
    );
    // Which of the two computes is decided between them.
    let killing = async {
        let waiting = app
            .until("a worker that waits", async || {
                waiting(&app).ok_or_else(|| "none".to_owned())
            })
            .await;
        let computing = if waiting == one { other } else { one };
        app.kill_worker(computing).await;
        (waiting, computing)
    };
    let (answers, (waiting, computing)) = join(calls, killing).await;
    let (lost, taken_over) = if computing == one {
        answers
    } else {
        (answers.1, answers.0)
    };
    assert!(lost.is_err(), "a killed worker has answered: {lost:?}");
    let taken_over = Computed::of(&taken_over.expect("who waits gets its value"));
    assert_eq!((taken_over.value.as_str(), taken_over.by), ("A", waiting));
    assert_eq!(
        computed(&app, "A").await.by,
        waiting,
        "and the value is kept"
    );
}

#[tokio::test]
async fn when_the_worker_that_computes_is_killed_one_that_waits_for_its_file_takes_over() {
    another_worker_takes_over(Backend::file()).await;
}

#[tokio::test]
async fn when_the_worker_that_computes_is_killed_one_that_waits_for_its_key_takes_over() {
    another_worker_takes_over(Backend::redis().await).await;
}

#[tokio::test]
async fn a_worker_answers_other_calls_while_it_computes() {
    let app = start(1, "2", &Backend::file()).await;
    computed(&app, "B").await;
    let (began, address) = (app.connect_to(|_| true).await, app.address());
    let (_, mut connection) = began;
    let computing = tokio::spawn(async move {
        connection
            .request(Method::POST, UPDATE, Some(&compute("A")))
            .await
    });
    app.until("a computation", async || {
        let flights = fs::read_dir(app.data().join("cache/flights"));
        let flights = flights.map_or(0, Iterator::count);
        if flights == 1 {
            Ok(())
        } else {
            Err(format!("{flights} under way"))
        }
    })
    .await;
    let health = address.request(Method::GET, "/health", None).await;
    assert!(health.is_ok_and(|answer| answer.status == StatusCode::OK));
    assert_eq!(computed(&app, "B").await.origin, "hit");
    assert!(
        !computing.is_finished(),
        "the computation was over before the other calls were"
    );
    let answer = computing.await.expect("the test's own task does not panic");
    assert_eq!(Computed::of(&answer.expect("an answer")).origin, "miss");
}

async fn an_entry_ends(backend: Backend) {
    let app = App::start("option4")
        .workers(8)
        .options(["--compute-seconds", "0", "--ttl-seconds", "0.5"])
        .options(["--cache", backend.option()])
        .await;
    assert_eq!(computed(&app, "A").await.origin, "miss");
    app.until(
        "a miss once the entry has ended",
        async || match computed(&app, "A").await {
            call if call.origin == "miss" => Ok(()),
            call => {
                assert!(call.origin == "hit" && call.age < 500.0, "{call:?}");
                Err(format!("{call:?}"))
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_file_ends_with_its_time() {
    an_entry_ends(Backend::file()).await;
}

#[tokio::test]
async fn a_key_ends_with_its_time() {
    an_entry_ends(Backend::redis().await).await;
}

#[tokio::test]
async fn there_are_never_more_entries_than_the_threshold() {
    let app = App::start("option4")
        .workers(8)
        .options(["--compute-seconds", "0", "--threshold", "3"])
        .await;
    let calls = async {
        for turn in 0..8 {
            let values = (0..8).map(|client| format!("{client}-{turn}"));
            join_all(values.map(async |value| computed(&app, &value).await)).await;
        }
    };
    tokio::pin!(calls);
    let mut most = 0;
    loop {
        tokio::select! {
            biased;
            () = &mut calls => break,
            () = tokio::task::yield_now() => most = most.max(entries_at_once(&app)),
        }
    }
    assert!(most <= 3, "{most} entries");
    assert_eq!(entries(&app).len(), 3);
    // Whoever goes, it is not the one that came last.
    assert_eq!(computed(&app, "last").await.origin, "miss");
    assert_eq!(computed(&app, "last").await.origin, "hit");
    assert_eq!(entries(&app).len(), 3);
}

#[tokio::test]
async fn a_damaged_file_is_a_miss_and_the_caller_gets_the_value() {
    let app = start(8, "0", &Backend::file()).await;
    assert_eq!(computed(&app, "A").await.origin, "miss");
    assert_eq!(computed(&app, "A").await.origin, "hit");
    let [entry] = &*entries(&app) else {
        panic!("not one entry: {:?}", entries(&app));
    };
    let whole = fs::read(entry).expect("the entry can be read");
    let torn = &whole[..whole.len() / 2];
    let other = String::from_utf8_lossy(&whole).replace("\"A\"", "\"B\"");
    for damaged in [torn, b"", b"\0\xff", other.as_bytes()] {
        fs::write(entry, damaged).expect("the entry can be written");
        assert_eq!(computed(&app, "A").await.origin, "miss");
        assert_eq!(computed(&app, "A").await.origin, "hit");
    }
    let warned = |line: &String| line.contains("WARN") && line.contains("is not used");
    assert!(app.log().iter().any(warned), "{:?}", app.log());
}

#[tokio::test]
async fn server_timing_tells_where_a_value_came_from_and_its_age() {
    let app = start(8, "0", &Backend::file()).await;
    let call = async || -> Response { app.post(UPDATE, &compute("A")).await };
    assert_eq!(call().await.timing("cache"), ("miss".to_owned(), 0.0));
    let mut before = 0.0;
    for _ in 0..10 {
        let (origin, age) = call().await.timing("cache");
        assert_eq!(origin, "hit");
        assert!(age >= before, "{age} ms after {before} ms");
        before = age;
    }
    assert!(before > 0.0, "ten calls take longer than nothing");
}
