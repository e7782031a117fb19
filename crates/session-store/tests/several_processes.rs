//! Several processes write one session, and some are killed while they do.
//!
//! A writer counts on: it reads `n` and writes `n + 1`, with a mark of its own, and prints both. If each value is read exactly once the
//! reports of all writers are one chain. A writer that is killed may have written a link that it did not report, but one only.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{
    collections::HashMap,
    env,
    io::{BufRead, BufReader, Read, stdin},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use session_store::{Entry, SessionName, Store};
use support::Place;
use tokio::runtime::Builder;

const WRITERS: usize = 4;
const KILLS: usize = 16;
/// How long the writers together may take for one report, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);
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

/// A process that writes; it ends with the test.
struct Writer(Child);

impl Writer {
    /// Starts one. Its reports go to `reports`, and `None` once it has ended.
    fn start(place: &Place, reports: &Sender<(u32, Option<Report>)>) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["writer", "--exact", "--ignored", "--nocapture"])
            .env("WRITER_STORE", place.option())
            .env("WRITER_DATA", place.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (pid, reports) = (process.id(), reports.clone());
        thread::spawn(move || {
            for line in output.lines() {
                let line = line.unwrap();
                let Some((_, json)) = line.split_once("report ") else {
                    continue;
                };
                // The last line of one that was killed may end anywhere.
                if let Ok(report) = serde_json::from_str(json) {
                    let _ = reports.send((pid, Some(report)));
                }
            }
            let _ = reports.send((pid, None));
        });
        Self(process)
    }

    /// Asks it to end, and expects that nothing went wrong in it.
    fn end(mut self) {
        drop(self.0.stdin.take());
        let status = self.0.wait().unwrap();
        assert!(status.success(), "a writer ended with {status}");
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // This is `kill -9`.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Processes that write one session.
struct Writers<'a> {
    place: &'a Place,
    running: Vec<Writer>,
    sender: Sender<(u32, Option<Report>)>,
    receiver: Receiver<(u32, Option<Report>)>,
    reports: Vec<Report>,
}

impl<'a> Writers<'a> {
    fn start(place: &'a Place, count: usize) -> Self {
        let (sender, receiver) = mpsc::channel();
        let running = (0..count).map(|_| Writer::start(place, &sender));
        Self {
            running: running.collect(),
            place,
            sender,
            receiver,
            reports: Vec::new(),
        }
    }

    /// Waits for so many more reports. A writer that ends meanwhile, although nobody has killed it, is a failure.
    fn wait_for(&mut self, count: usize) {
        let enough = self.reports.len() + count;
        while self.reports.len() < enough {
            let message = self.receiver.recv_timeout(PATIENCE);
            match message.expect("a writer reports, or ends, within a minute") {
                (_, Some(report)) => self.reports.push(report),
                (pid, None) => {
                    let runs = self.running.iter().any(|writer| writer.0.id() == pid);
                    assert!(!runs, "the writer {pid} ended by itself");
                }
            }
        }
    }

    /// Kills the one that has run longest, in the middle of whatever it does, and starts another.
    fn replace_one(&mut self) {
        drop(self.running.remove(0));
        self.running.push(Writer::start(self.place, &self.sender));
    }

    /// Lets all end, and gives the reports of all that ever ran.
    fn end(self) -> Vec<Report> {
        self.running.into_iter().for_each(Writer::end);
        drop(self.sender);
        let mut reports = self.reports;
        // It ends when the last thread that reads a writer's output does.
        reports.extend(self.receiver.iter().filter_map(|(_, report)| report));
        reports
    }
}

/// Lets processes write while this one reads, kills one now and then, and gives all reports and what is left at the end.
fn write_and_kill(place: &Place, kills: usize) -> (Vec<Report>, Link) {
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let writing = EndsOnDrop(&ended);
        // A reader takes no lock, and sees a whole entry all the same.
        let reader = scope.spawn(|| {
            let mut last = read(place);
            while !ended.load(Ordering::Relaxed) {
                let next = read(place);
                assert!(last.as_ref().map(|link| link.n) <= next.as_ref().map(|link| link.n));
                last = next;
            }
        });
        let mut writers = Writers::start(place, WRITERS);
        writers.wait_for(BETWEEN_KILLS);
        for _ in 0..kills {
            writers.replace_one();
            writers.wait_for(BETWEEN_KILLS);
        }
        let reports = writers.end();
        drop(writing);
        reader.join().unwrap();
        (reports, read(place).unwrap())
    })
}

/// Ends the reader, also when the test fails.
struct EndsOnDrop<'a>(&'a AtomicBool);

impl Drop for EndsOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn read(place: &Place) -> Option<Link> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let entry = runtime.block_on(async { place.open().await.get(&session()).await });
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

#[test]
fn processes_read_each_value_exactly_once() {
    for place in Place::all() {
        let (reports, last) = write_and_kill(&place, 0);
        assert_chain(&reports, &last, 0);
    }
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_file() {
    let place = Place::files();
    let (reports, last) = write_and_kill(&place, KILLS);
    assert_chain(&reports, &last, KILLS);
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_row() {
    let place = Place::sqlite();
    let (reports, last) = write_and_kill(&place, KILLS);
    assert_chain(&reports, &last, KILLS);
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_key() {
    let place = Place::redis();
    let (reports, last) = write_and_kill(&place, KILLS);
    assert_chain(&reports, &last, KILLS);
}

#[test]
fn eight_processes_make_the_database_at_once() {
    let place = Place::sqlite();
    let mut writers = Writers::start(&place, 8);
    writers.wait_for(8);
    let reports = writers.end();
    assert_eq!(
        reports
            .iter()
            .filter(|report| report.read.is_none())
            .count(),
        1
    );
}
