//! Several processes write one session, and some are killed while they do.
//!
//! A writer counts on: it reads `n` and writes `n + 1`, with a mark of its own, and prints both. If each value is read exactly once the
//! reports of all writers are one chain. A writer that is killed may have written a link that it did not report, but one only.

use std::{
    collections::{HashMap, VecDeque},
    env,
    io::{Read, stdin},
    process::{ChildStdin, Command},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use harness::{
    process::{Process, Signal},
    wait,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use session_store::{Entry, SessionName, Store};

use crate::place::Place;

const WRITERS: usize = 4;
const KILLS: usize = 16;
/// How long the writers together may take for one report, on a machine that has much else to do.
const DEADLINE: Duration = Duration::from_secs(60);
/// How many reports come between two kills.
const BETWEEN_KILLS: usize = 25;
/// So long that writing it takes a while in which a writer can be killed.
const PADDING: usize = 128 * 1024;

/// One link of the chain: what a session holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Link {
    n: u64,
    mark: String,
}

/// What a writer prints of one update.
#[derive(Debug, Serialize, Deserialize)]
struct Report {
    read: Option<Link>,
    wrote: Link,
}

fn session() -> SessionName {
    SessionName::new("everybody's").unwrap()
}

/// The link that an entry holds. Its padding must be whole.
fn link(entry: &Entry) -> Link {
    let padding = entry.value["padding"].as_str().unwrap();
    assert_eq!(padding.len(), PADDING);
    serde_json::from_value(entry.value["link"].clone()).unwrap()
}

/// What the processes run that the tests start: it writes until its standard input ends.
#[tokio::test]
#[ignore = "it is not a test but the other process of the tests below"]
async fn writer() {
    let kind = env::var("WRITER_STORE").unwrap().parse().unwrap();
    let data = env::var_os("WRITER_DATA").unwrap();
    let store = Store::open(&kind, data.as_ref(), "test").await.unwrap();
    let ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&ended);
    thread::spawn(move || {
        let _ = stdin().read_to_end(&mut Vec::new());
        end.store(true, Ordering::Relaxed);
    });
    let padding = "x".repeat(PADDING);
    for turn in 0_u64.. {
        if ended.load(Ordering::Relaxed) {
            break;
        }
        let mark = format!("{}-{turn}", std::process::id());
        let padding = padding.clone();
        let next = move |before: Option<&Entry>| {
            let n = before.map_or(0, |entry| link(entry).n) + 1;
            let value = json!({"link": {"n": n, "mark": mark}, "padding": padding});
            Entry::new(&session(), value, 1)
        };
        let update = store.update(&session(), next).await.unwrap();
        let report = Report {
            read: update.before.as_ref().map(link),
            wrote: link(&update.after),
        };
        println!("report {}", serde_json::to_string(&report).unwrap());
    }
}

/// A process that writes until its standard input ends. Dropping it is `kill -9`.
struct Writer {
    process: Process,
    input: Option<ChildStdin>,
}

impl Writer {
    fn start(place: &Place) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["several_processes::writer", "--exact"])
            .args(["--ignored", "--nocapture"])
            .env("WRITER_STORE", place.option())
            .env("WRITER_DATA", place.path());
        let (process, input) = Process::spawn_fed("a writer", &mut command, Duration::ZERO);
        Self {
            process,
            input: Some(input),
        }
    }

    /// Kills it, in the middle of whatever it does, and gives what it had reported.
    fn kill(&self) -> Vec<Report> {
        self.process.signal(Signal::SIGKILL);
        self.process.wait_for_end();
        self.reports()
    }

    /// Asks it to end, expects that nothing went wrong in it, and gives what it has reported.
    fn end(&mut self) -> Vec<Report> {
        self.input = None;
        let status = self.process.wait_for_end();
        assert!(status.success(), "{status}\n{}", self.process.output());
        self.reports()
    }

    fn reports(&self) -> Vec<Report> {
        let lines = self.process.output().lines();
        let reports = lines.iter().filter_map(|line| line.split_once("report "));
        // The last line of one that was killed may end anywhere.
        let whole = reports.filter_map(|(_, json)| serde_json::from_str(json).ok());
        whole.collect()
    }
}

/// Processes that write one session.
struct Writers<'a> {
    place: &'a Place,
    running: VecDeque<Writer>,
    /// What those have reported that were killed.
    reports: Vec<Report>,
}

impl<'a> Writers<'a> {
    fn start(place: &'a Place, count: usize) -> Self {
        Self {
            place,
            running: (0..count).map(|_| Writer::start(place)).collect(),
            reports: Vec::new(),
        }
    }

    /// How many reports there are, of all that ever ran.
    fn count(&self) -> usize {
        let running = self.running.iter().map(|writer| writer.reports().len());
        self.reports.len() + running.sum::<usize>()
    }

    /// Waits for so many more reports. A writer that ends meanwhile, although nobody has killed it, is a failure.
    async fn wait_for(&self, more: usize) {
        let enough = self.count() + more;
        let waited = wait::poll(DEADLINE, async || {
            for Writer { process, .. } in &self.running {
                assert_eq!(process.status(), None, "{}", process.output());
            }
            match self.count() {
                count if count >= enough => Ok(()),
                count => Err(format!("{count} reports of {enough}")),
            }
        });
        waited.await.unwrap();
    }

    /// Kills the one that has run longest, and starts another.
    fn replace_one(&mut self) {
        let killed = self.running.pop_front().unwrap().kill();
        self.reports.extend(killed);
        self.running.push_back(Writer::start(self.place));
    }

    /// Lets all end, and gives the reports of all that ever ran.
    fn end(mut self) -> Vec<Report> {
        let ended = self.running.iter_mut().flat_map(Writer::end);
        self.reports.extend(ended);
        self.reports
    }
}

/// Lets processes write while this one reads, kills one now and then, and gives all reports and what is left at the end.
async fn write_and_kill(place: &Place, kills: usize) -> (Vec<Report>, Link) {
    let mut writers = Writers::start(place, WRITERS);
    let writing = async {
        writers.wait_for(BETWEEN_KILLS).await;
        for _ in 0..kills {
            writers.replace_one();
            writers.wait_for(BETWEEN_KILLS).await;
        }
        writers.end()
    };
    // A reader takes no lock, and sees a whole entry all the same.
    let reading = async {
        let mut last = read(place).await;
        loop {
            let next = read(place).await;
            assert!(last.as_ref().map(|link| link.n) <= next.as_ref().map(|link| link.n));
            last = next;
        }
    };
    let reports = tokio::select! {
        reports = writing => reports,
        () = reading => unreachable!("it reads until the writers have ended"),
    };
    (reports, read(place).await.unwrap())
}

async fn read(place: &Place) -> Option<Link> {
    let entry = place.open().await.get(&session()).await;
    entry.unwrap().as_ref().map(link)
}

/// Each value was read exactly once: the reports are links of one chain, of which each kill may hide one.
fn assert_chain(reports: &[Report], last: &Link, kills: usize) {
    let mut written = HashMap::new();
    for Report { read, wrote } in reports {
        let n = read.as_ref().map_or(0, |read| read.n) + 1;
        assert_eq!(wrote.n, n);
        let other = written.insert(wrote.n, wrote);
        assert_eq!(other, None, "two updates have read the same value");
    }
    for Report { read, .. } in reports {
        let Some(read) = read else { continue };
        // A link that nobody has reported was written by a process that was killed.
        assert!(written.get(&read.n).is_none_or(|wrote| *wrote == read));
    }
    assert!(written.keys().all(|n| *n <= last.n), "a value was lost");
    let hidden = (1..=last.n).filter(|n| !written.contains_key(n)).count();
    assert!(
        hidden <= kills,
        "{hidden} values were written unseen in {kills} kills"
    );
}

#[tokio::test]
async fn processes_read_each_value_exactly_once() {
    for place in Place::all().await {
        let (reports, last) = write_and_kill(&place, 0).await;
        assert_chain(&reports, &last, 0);
    }
}

#[tokio::test]
async fn a_killed_writer_leaves_the_old_or_the_new_file() {
    let place = Place::files();
    let (reports, last) = write_and_kill(&place, KILLS).await;
    assert_chain(&reports, &last, KILLS);
}

#[tokio::test]
async fn a_killed_writer_leaves_the_old_or_the_new_row() {
    let place = Place::sqlite();
    let (reports, last) = write_and_kill(&place, KILLS).await;
    assert_chain(&reports, &last, KILLS);
}

#[tokio::test]
async fn a_killed_writer_leaves_the_old_or_the_new_key() {
    let place = Place::redis().await;
    let (reports, last) = write_and_kill(&place, KILLS).await;
    assert_chain(&reports, &last, KILLS);
}

#[tokio::test]
async fn eight_processes_make_the_database_at_once() {
    let place = Place::sqlite();
    let writers = Writers::start(&place, 8);
    writers.wait_for(8).await;
    let reports = writers.end();
    assert_eq!(
        reports
            .iter()
            .filter(|report| report.read.is_none())
            .count(),
        1
    );
}
