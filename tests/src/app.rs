//! A tutorial as its reader gets it: started by `cargo xtask run`, several processes, one address.
//!
//! `xtask run` asks cargo each time whether the app is up to date, which takes it 0.2 s. That is the price of testing
//! the reader's own path, from the command line to the supervisor, instead of a short cut that nobody else takes.

use std::{
    collections::BTreeMap,
    env,
    future::{Future, IntoFuture},
    path::{Path, PathBuf},
    pin::Pin,
    process::{Command, ExitStatus},
    sync::OnceLock,
    time::Duration,
};

use hyper::Method;
use nix::sys::signal::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    http::{Address, Connection, Response},
    process::{Pid, Process, send},
    process_table::ProcessTable,
    wait,
};

/// `xtask run` builds the app first, which may be a build from nothing.
const START: Duration = Duration::from_secs(300);

/// The supervisor gives its workers 5 s to leave, and then kills them.
const GRACE: Duration = Duration::from_secs(10);

/// A running app with its workers. Dropping it ends all of them.
pub struct App {
    name: String,
    address: Address,
    process: Process,
    // Declared last: the folder goes when nobody writes to it any more.
    _data: TempDir,
}

/// An app that is about to start; awaiting it starts it.
#[must_use = "an app starts when this is awaited"]
pub struct Start {
    id: String,
    workers: usize,
    flags: Vec<String>,
    options: Vec<String>,
}

impl App {
    /// Starts the tutorial `id`, with one worker unless told otherwise, on a free port and with a new, empty data folder.
    pub fn start(id: &str) -> Start {
        Start {
            id: id.to_owned(),
            workers: 1,
            flags: Vec::new(),
            options: Vec::new(),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> Address {
        self.address
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

    #[cfg(feature = "browser")]
    pub(crate) fn output(&self) -> &std::sync::Arc<crate::process::Output> {
        self.process.output()
    }

    fn fail(&self, message: &str) -> ! {
        panic!("{}: {message}\n{}", self.name, self.process.output())
    }
}

impl Start {
    /// How many worker processes answer.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Adds an option of `xtask run`, such as `--keep-alive`.
    pub fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.to_owned());
        self
    }

    /// Adds an option of the app itself, such as `["--initial", "server"]`.
    pub fn options(mut self, options: impl IntoIterator<Item = &'static str>) -> Self {
        self.options.extend(options.into_iter().map(str::to_owned));
        self
    }

    fn command(&self, data: &Path) -> Command {
        let mut command = Command::new(xtask());
        command.args([
            "run",
            &self.id,
            "--workers",
            &self.workers.to_string(),
            "--bind",
            "127.0.0.1:0",
        ]);
        command.arg("--data").arg(data).args(&self.flags);
        if !self.options.is_empty() {
            command.arg("--").args(&self.options);
        }
        command.current_dir(workspace());
        command
    }

    async fn run(self) -> App {
        let name = format!("{} with {} workers", self.id, self.workers);
        let data = TempDir::with_prefix("end-to-end-data-")
            .expect("the temporary folder can be written to");
        let process = Process::spawn(&name, &mut self.command(data.path()), GRACE);
        let ready = wait::poll(START, async || {
            if let Some(address) = process.output().find(ready_line) {
                return Ok(Ok(address));
            }
            process
                .status()
                .map(Err)
                .ok_or_else(|| "no ready line".to_owned())
        });
        match ready.await {
            Ok(Ok(address)) => App {
                name,
                address,
                process,
                _data: data,
            },
            Ok(Err(status)) => panic!("{name}: did not start ({status})\n{}", process.output()),
            Err(missed) => panic!("{name}: did not start; {missed}\n{}", process.output()),
        }
    }
}

impl IntoFuture for Start {
    type Output = App;
    type IntoFuture = Pin<Box<dyn Future<Output = App>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// The address in `listening on http://127.0.0.1:49152 (option2, 8 workers)`.
fn ready_line(line: &str) -> Option<Address> {
    let (address, _) = line.strip_prefix("listening on http://")?.split_once(' ')?;
    address.parse().ok().map(Address)
}

/// The program behind `cargo xtask`, built when a test first needs it.
fn xtask() -> &'static Path {
    static XTASK: OnceLock<PathBuf> = OnceLock::new();
    XTASK.get_or_init(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "xtask",
                "--message-format",
                "json-render-diagnostics",
            ])
            .current_dir(workspace())
            .output()
            .expect("cargo can be started, as it has started this test");
        assert!(
            built.status.success(),
            "xtask does not build:\n{}",
            String::from_utf8_lossy(&built.stderr)
        );
        let messages = String::from_utf8_lossy(&built.stdout);
        messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .unwrap_or_else(|| panic!("cargo has built xtask but names no executable:\n{messages}"))
    })
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this package lies in the workspace")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_holds_the_address() {
        let line = "listening on http://127.0.0.1:49152 (option2, 8 workers)";
        assert_eq!(
            ready_line(line).map(|address| address.url("/")),
            Some("http://127.0.0.1:49152/".to_owned())
        );
        assert_eq!(ready_line("starting"), None);
    }
}
