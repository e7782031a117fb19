//! The processes that a test starts.

use std::collections::BTreeMap;
use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{ChildStdin, Command};
use std::time::Duration;

use harness::process::{Process, Signal};
use harness::wait;

use super::child::{Ends, ORDER, Order, Report, Task};
use super::{Place, TestStore};

/// After so long a test gives up. It is no pause: the tests go on as soon as they have read what they wait for.
const DEADLINE: Duration = Duration::from_secs(60);

/// The worker processes of a test, which end with it, and what they say.
pub(crate) struct Workers {
    /// By their numbers, in whose order they are told of.
    processes: BTreeMap<u32, Worker>,
    runs: PathBuf,
    place: Place,
}

struct Worker {
    process: Process,
    input: Option<ChildStdin>,
}

impl Workers {
    pub(crate) fn new(store: &TestStore) -> Self {
        Self {
            processes: BTreeMap::new(),
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
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "support::child::run_as_a_worker"])
            .args(["--ignored", "--nocapture"])
            .env(ORDER, serde_json::to_string(&order).unwrap())
            .env("RUST_BACKTRACE", "0");
        let name = format!("worker {worker}");
        let (process, input) = Process::spawn_fed(&name, &mut command, Duration::ZERO);
        let input = Some(input);
        self.processes.insert(worker, Worker { process, input });
    }

    /// The lines with these words that the workers have written, and whose they are.
    fn said(&self, words: &str) -> Vec<(u32, String)> {
        let said = self.processes.iter().flat_map(|(number, worker)| {
            let lines = worker.process.output().lines().into_iter();
            lines.map(|line| (*number, line))
        });
        said.filter(|(_, line)| line.contains(words)).collect()
    }

    /// Waits until the workers together have written so many lines with these words, and tells which workers, in order of their numbers.
    pub(crate) async fn wait_for(&self, words: &str, count: usize) -> Vec<u32> {
        let said = wait::poll(DEADLINE, async || match self.said(words) {
            said if said.len() >= count => Ok(said),
            _ => Err(format!("{:#?}", self.said(""))),
        });
        let said = said
            .await
            .unwrap_or_else(|missed| panic!("wanted {count} times `{words}`; {missed}"));
        said.into_iter().map(|(worker, _)| worker).collect()
    }

    /// Waits for so many reports.
    pub(crate) async fn reports(&self, count: usize) -> Vec<(u32, Report)> {
        self.wait_for("report ", count).await;
        let read = |(worker, line): (u32, String)| {
            // The test program may have begun this line with words of its own.
            let (_, json) = line.split_once("report ")?;
            Some((worker, serde_json::from_str(json).unwrap()))
        };
        self.said("report ").into_iter().filter_map(read).collect()
    }

    /// Lets a worker's computations end.
    pub(crate) fn go(&mut self, worker: u32) {
        let worker = self.processes.get_mut(&worker).unwrap();
        let _ = worker.input.take().unwrap().write_all(b"go\n");
    }

    /// Ends a worker at once, as `kill -9` does.
    pub(crate) fn kill(&self, worker: u32) {
        let process = &self.processes[&worker].process;
        process.signal(Signal::SIGKILL);
        process.wait_for_end();
    }

    /// How often the function's body has run.
    pub(crate) fn runs(&self) -> usize {
        let runs = std::fs::read_to_string(&self.runs).unwrap_or_default();
        runs.lines().count()
    }
}
