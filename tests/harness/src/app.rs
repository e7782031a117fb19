//! A tutorial as its reader gets it: started by `cargo xtask run`, several processes, one address.
//!
//! From the command line to the supervisor this is the reader's own path. Only the app is not built on the way: it was built together with
//! the tests.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitStatus,
};

use hyper::Method;
use nix::sys::signal::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::Start;
use crate::{
    ProcessTable,
    http::{Address, Connection, Response},
    process::{Pid, Process, send},
    sockets, wait,
};

/// A running app with its workers. Dropping it ends all of them.
pub struct App {
    pub(crate) name: String,
    pub(crate) address: Address,
    pub(crate) process: Process,
    pub(crate) data: PathBuf,
    // Declared last: the folder goes when nobody writes to it any more.
    pub(crate) _own_data: Option<TempDir>,
}

impl App {
    /// Starts the tutorial `id`, with one worker unless told otherwise, on a free port and with a new, empty data folder.
    pub fn start(id: &str) -> Start {
        Start::new(id)
    }

    /// Where it listens.
    pub fn address(&self) -> Address {
        self.address
    }

    /// The folder for what it keeps.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Asks for `path` over a new connection.
    pub async fn get(&self, path: &str) -> Response {
        self.answer(Method::GET, path, None).await
    }

    /// Sends `body` to `path` over a new connection.
    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.answer(Method::POST, path, Some(body)).await
    }

    /// Opens a connection and keeps it.
    pub async fn connect(&self) -> Connection {
        self.address
            .connect()
            .await
            .unwrap_or_else(|error| self.fail(&error))
    }

    async fn answer(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let answer = self.address.request(method, path, body).await;
        answer.unwrap_or_else(|error| self.fail(&error))
    }

    /// The workers that run now, by their numbers.
    pub fn workers(&self) -> BTreeMap<usize, Pid> {
        let table = ProcessTable::read();
        // A worker that has not yet become the app still has the supervisor's environment, in which it has no number.
        let number = |pid: &Pid| ProcessTable::variable(*pid, "WORKER_NUMBER")?.parse().ok();
        table
            .children(self.process.pid())
            .filter_map(|pid| Some((number(&pid)?, pid)))
            .collect()
    }

    /// The number of the worker that has accepted this connection: it will get what is sent over it.
    pub async fn worker_of(&self, connection: &Connection) -> usize {
        self.until("a worker that has accepted the connection", async || {
            let workers = self.workers();
            let (server, client) = (self.address.0, connection.local);
            let holder = sockets::holder(server, client, workers.values().copied());
            let holds = |(number, pid): (usize, Pid)| (Some(pid) == holder).then_some(number);
            workers
                .into_iter()
                .find_map(holds)
                .ok_or_else(|| "nobody has".to_owned())
        })
        .await
    }

    /// Opens a connection to a worker whose number is one that is wanted. The kernel gives one to any worker, so this tries again and again.
    pub async fn connect_to(&self, wanted: impl Fn(usize) -> bool) -> (usize, Connection) {
        self.until("a connection to another worker", async || {
            let connection = self.connect().await;
            match self.worker_of(&connection).await {
                number if wanted(number) => Ok((number, connection)),
                number => Err(format!("worker {number} has accepted it")),
            }
        })
        .await
    }

    /// Kills one worker, as the system does to one that takes too much memory, and waits until it is gone.
    pub async fn kill_worker(&self, number: usize) -> Pid {
        let workers = self.workers();
        let Some(&pid) = workers.get(&number) else {
            self.fail(&format!(
                "there is no worker {number} to kill, only {workers:?}"
            ));
        };
        send(pid, Signal::SIGKILL);
        self.until(
            &format!("worker {number} (pid {pid}) to be gone"),
            async || {
                if ProcessTable::read().contains(pid) {
                    Err("it still runs".to_owned())
                } else {
                    Ok(())
                }
            },
        )
        .await;
        pid
    }

    /// Waits until worker `number` runs again as another process than `old`.
    pub async fn replaced(&self, number: usize, old: Pid) -> Pid {
        self.until(
            &format!("another worker {number} than pid {old}"),
            async || {
                let workers = self.workers();
                workers
                    .get(&number)
                    .copied()
                    .filter(|&pid| pid != old)
                    .ok_or_else(|| format!("{workers:?}"))
            },
        )
        .await
    }

    /// The process that `xtask run` became: the supervisor.
    pub fn supervisor(&self) -> Pid {
        self.process.pid()
    }

    /// The log so far, the supervisor's and every worker's.
    pub fn log(&self) -> Vec<String> {
        self.process.output().lines()
    }

    /// Asks the app to leave (TERM) and waits until it has.
    pub fn stop(self) -> ExitStatus {
        self.process.end()
    }

    /// Waits until `look` returns `Ok`; a failure shows the log.
    pub async fn until<T>(&self, wanted: &str, look: impl AsyncFnMut() -> Result<T, String>) -> T {
        match wait::poll(wait::DEADLINE, look).await {
            Ok(found) => found,
            Err(missed) => self.fail(&format!("wanted {wanted}; {missed}")),
        }
    }

    pub(crate) fn output(&self) -> &std::sync::Arc<crate::process::Output> {
        self.process.output()
    }

    fn fail(&self, message: &str) -> ! {
        panic!("{}: {message}\n{}", self.name, self.process.output())
    }
}
