//! The processes that a test starts.

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::child::{Ends, ORDER, Order, Report, Task};
use super::{Place, TestStore};

/// After so long a test gives up. It is no pause: the tests go on as soon as they have read what they wait for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The worker processes of a test, which end with it, and what they say.
#[derive(Debug)]
pub(crate) struct Workers {
    processes: HashMap<u32, Child>,
    said: Receiver<(u32, String)>,
    saying: Sender<(u32, String)>,
    heard: Vec<(u32, String)>,
    runs: PathBuf,
    place: Place,
}

impl Workers {
    pub(crate) fn new(store: &TestStore) -> Self {
        let (saying, said) = channel();
        Self {
            processes: HashMap::new(),
            said,
            saying,
            heard: Vec::new(),
            runs: store.folder.path().join("runs"),
            place: store.place.clone(),
        }
    }

    /// Starts a worker that calls the function so many times at once.
    pub(crate) fn call(&mut self, worker: u32, times: usize, ends: Ends) {
        let runs = self.runs.clone();
        self.start(worker, 200, Task::Calls { times, runs, ends });
    }

    /// Starts a worker that computes many values.
    pub(crate) fn compute(&mut self, worker: u32, count: usize, threshold: usize) {
        self.start(worker, threshold, Task::Values { count });
    }

    fn start(&mut self, worker: u32, threshold: usize, task: Task) {
        let order = Order {
            place: self.place.clone(),
            worker,
            threshold,
            task,
        };
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "support::child::run_as_a_worker"])
            .args(["--ignored", "--nocapture"])
            .env(ORDER, serde_json::to_string(&order).unwrap())
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let saying = self.saying.clone();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = saying.send((worker, line));
            }
        });
        self.processes.insert(worker, process);
    }

    /// Waits until the workers together have said so many lines with these words, and tells which workers.
    pub(crate) fn wait_for(&mut self, words: &str, count: usize) -> Vec<u32> {
        loop {
            let said = self.heard.iter().filter(|(_, line)| line.contains(words));
            let who: Vec<u32> = said.map(|(worker, _)| *worker).collect();
            if who.len() >= count {
                return who;
            }
            let Ok(line) = self.said.recv_timeout(PATIENCE) else {
                panic!(
                    "waited for {count} times `{words}`, and heard only {:#?}",
                    self.heard
                );
            };
            self.heard.push(line);
        }
    }

    /// Waits for so many reports.
    pub(crate) fn reports(&mut self, count: usize) -> Vec<(u32, Report)> {
        self.wait_for("report ", count);
        let read = |(worker, line): &(u32, String)| {
            // The test program may have begun this line with words of its own.
            let (_, json) = line.split_once("report ")?;
            Some((*worker, serde_json::from_str(json).unwrap()))
        };
        self.heard.iter().filter_map(read).collect()
    }

    /// Lets a worker's computations end.
    pub(crate) fn go(&mut self, worker: u32) {
        let process = self.processes.get_mut(&worker).unwrap();
        let _ = process.stdin.take().unwrap().write_all(b"go\n");
    }

    /// Ends a worker at once, as `kill -9` does.
    pub(crate) fn kill(&mut self, worker: u32) {
        let mut process = self.processes.remove(&worker).unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// How often the function's body has run.
    pub(crate) fn runs(&self) -> usize {
        runs(&self.runs)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for process in self.processes.values_mut() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn runs(path: &Path) -> usize {
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .count()
}
