//! What a process does that a test has started: this test program again, as [`run_as_a_worker`].

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process;
use std::thread;

use serde::{Deserialize, Serialize};
use shared_cache::{Error, Found, Memo, Settings};
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Place;

/// The variable of the environment that holds an [`Order`].
pub(crate) const ORDER: &str = "SHARED_CACHE_TEST_ORDER";

/// What a worker is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) place: Place,
    pub(crate) worker: u32,
    pub(crate) threshold: usize,
    pub(crate) task: Task,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Calls one function with one argument so many times at once. Each computation adds a line to the file `runs`, says
    /// `computing`, and waits for `go`.
    Calls {
        times: usize,
        runs: PathBuf,
        ends: Ends,
    },
    /// Computes this many values of its own, one after the other.
    Values { count: usize },
}

/// How a computation ends.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Ends {
    Well,
    Failing,
    Panicking,
    /// Not at all: its caller goes away.
    GivenUp,
}

/// What a worker says of one call.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Report {
    Found {
        origin: String,
        value: String,
        worker: u32,
    },
    Failed(String),
    Waited(String),
    Panicked,
    GaveUp,
    /// The most live entries that it saw.
    Most(usize),
}

#[test]
#[ignore = "it is no test, but what the processes do that the tests start"]
fn run_as_a_worker() {
    let Ok(order) = std::env::var(ORDER) else {
        return;
    };
    let order: Order = serde_json::from_str(&order).unwrap();
    // What it says of waiting goes to standard output, where the test reads it.
    tracing_subscriber::fmt()
        .with_env_filter("shared_cache=debug")
        .with_ansi(false)
        .init();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(order));
}

async fn run(order: Order) {
    let settings = Settings {
        worker: order.worker,
        threshold: order.threshold.try_into().unwrap(),
        ..Settings::default()
    };
    let cache = order.place.cache(settings).await;
    let memo: Memo<String, String> = cache.memo("f");
    match order.task {
        Task::Calls { times, runs, ends } => {
            let go = go();
            let mut calls = JoinSet::new();
            for _ in 0..times {
                let (memo, runs, go) = (memo.clone(), runs.clone(), go.clone());
                calls.spawn(async move {
                    let (argument, computes) = ("A".to_owned(), go.clone());
                    let computed = memo.get_or_compute(&argument, || compute(runs, ends, computes));
                    tokio::select! {
                        ended = computed => report(ended),
                        () = given_up(ends, go) => Report::GaveUp,
                    }
                });
            }
            while let Some(ended) = calls.join_next().await {
                say(&ended.unwrap_or(Report::Panicked));
            }
        }
        Task::Values { count } => {
            let mut most = 0;
            for n in 0..count {
                let value = format!("{n} of {}", process::id());
                let found =
                    memo.get_or_compute(&value, async || Ok::<_, Infallible>(String::new()));
                found.await.unwrap();
                most = most.max(cache.live_entries().await.unwrap());
            }
            say(&Report::Most(most));
        }
    }
}

async fn compute(
    runs: PathBuf,
    ends: Ends,
    mut go: watch::Receiver<bool>,
) -> Result<String, io::Error> {
    let mut runs = File::options().append(true).create(true).open(runs)?;
    runs.write_all(b"run\n")?;
    println!("computing");
    let _ = go.wait_for(|go| *go).await;
    match ends {
        Ends::Well => Ok("A".to_owned()),
        Ends::Failing => Err(io::Error::other("the oven is cold")),
        Ends::Panicking => panic!("the oven is on fire"),
        Ends::GivenUp => std::future::pending().await,
    }
}

/// Waits until the caller goes away.
async fn given_up(ends: Ends, mut go: watch::Receiver<bool>) {
    match ends {
        Ends::GivenUp => drop(go.wait_for(|go| *go).await),
        Ends::Well | Ends::Failing | Ends::Panicking => std::future::pending().await,
    }
}

fn report(ended: Result<Found<String>, Error<io::Error>>) -> Report {
    match ended {
        Ok(found) => Report::Found {
            origin: found.origin.to_string(),
            value: found.value,
            worker: found.computed_by.worker,
        },
        Err(Error::Computation(error)) => Report::Failed(error.to_string()),
        Err(error) => Report::Waited(error.to_string()),
    }
}

fn say(report: &Report) {
    println!("report {}", serde_json::to_string(report).unwrap());
}

/// True once the test has written a line to standard input, and once it has closed it.
fn go() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    thread::spawn(move || {
        let _ = io::stdin().read_line(&mut String::new());
        sender.send_replace(true);
    });
    receiver
}
