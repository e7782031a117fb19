//! An app that is about to start.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::Duration,
};

use futures_util::future::LocalBoxFuture;
use tempfile::TempDir;

use crate::{App, xtask};
use crate::{
    http::Address,
    process::{Process, Unready, listening},
};

/// Eight workers are ready in half a second; a machine that does many other things may take longer.
const START: Duration = Duration::from_secs(30);

/// With `--release` the app is built first, which may be a build from nothing.
const BUILD: Duration = Duration::from_secs(600);

/// The supervisor gives its workers 5 s to leave, and then kills them.
const GRACE: Duration = Duration::from_secs(10);

/// An app that is about to start; awaiting it starts it.
#[must_use = "an app starts when this is awaited"]
pub struct Start {
    id: String,
    workers: usize,
    flags: Vec<String>,
    options: Vec<String>,
    data: Option<PathBuf>,
    address: Option<Address>,
    log: Option<String>,
    workspace: Option<PathBuf>,
}

/// The end of an app that could not start.
#[derive(Debug)]
pub struct Refusal {
    /// The status of `xtask run`.
    pub status: ExitStatus,
    /// All that it has written.
    pub output: Vec<String>,
}

impl Start {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            workers: 1,
            flags: Vec::new(),
            options: Vec::new(),
            data: None,
            address: None,
            log: None,
            workspace: None,
        }
    }

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

    /// Adds options of the app itself, such as `["--initial", "server"]`.
    pub fn options(mut self, options: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.extend(options.into_iter().map(Into::into));
        self
    }

    /// Gives the app a folder of the test's, which outlives the app.
    pub fn data(mut self, folder: &Path) -> Self {
        self.data = Some(folder.to_owned());
        self
    }

    /// Listens where an app has listened that was stopped: for its pages this one is that one, started again.
    pub fn at(mut self, address: Address) -> Self {
        self.address = Some(address);
        self
    }

    /// What the workers write to their log, as `RUST_LOG` spells it.
    pub fn log(mut self, filter: &str) -> Self {
        self.log = Some(filter.to_owned());
        self
    }

    /// Takes the tutorial of a copy of this workspace, and builds it in the copy's own target folder.
    pub fn workspace(mut self, copy: &Path) -> Self {
        self.workspace = Some(copy.to_owned());
        self
    }

    /// Starts an app that cannot start, and waits for its end.
    pub async fn refused(self) -> Refusal {
        let (name, (data, _own_data)) = (self.name(), self.folder());
        let process = self.spawn(&name, &data);
        let output = process.output();
        match process.ready(self.limit(), listening).await {
            Ok(_) => panic!("{name}: started, although it should not\n{output}"),
            Err(Unready::Ended(status)) => Refusal {
                status,
                output: output.lines(),
            },
            Err(Unready::Missed(missed)) => {
                panic!("{name}: neither started nor ended; {missed}\n{output}")
            }
        }
    }

    /// Whether `xtask run` builds the app. Without optimisations it was built together with the tests.
    fn builds(&self) -> bool {
        self.workspace.is_some() || self.flags.iter().any(|flag| flag == "--release")
    }

    fn limit(&self) -> Duration {
        if self.builds() { BUILD } else { START }
    }

    /// How failures call it.
    fn name(&self) -> String {
        let options = self.options.join(" ");
        let name = format!("{} {options}", self.id);
        format!("{} with {} workers", name.trim_end(), self.workers)
    }

    /// The folder for what the app keeps, which goes with its second part if it is not the test's.
    fn folder(&self) -> (PathBuf, Option<TempDir>) {
        if let Some(data) = &self.data {
            return (data.clone(), None);
        }
        let own = TempDir::with_prefix("tests-data-");
        let own = own.expect("the temporary folder can be written to");
        (own.path().to_owned(), Some(own))
    }

    fn spawn(&self, name: &str, data: &Path) -> Process {
        let address = self.address.map(|address| address.0.to_string());
        let mut command = Command::new(xtask::program());
        command
            .args(["run", &self.id, "--bind"])
            .arg(address.as_deref().unwrap_or("127.0.0.1:0"))
            .args(["--workers", &self.workers.to_string()])
            .arg("--data")
            .arg(data)
            .args(&self.flags);
        if !self.options.is_empty() {
            command.arg("--").args(&self.options);
        }
        if let Some(filter) = &self.log {
            command.env("RUST_LOG", filter);
        }
        if !self.builds() {
            command.env(xtask::BUILT.0, xtask::BUILT.1);
        }
        match &self.workspace {
            Some(copy) => command
                .current_dir(copy)
                .env("CARGO_TARGET_DIR", copy.join("target")),
            None => command.current_dir(xtask::workspace()),
        };
        Process::spawn(name, &mut command, GRACE)
    }

    async fn run(self) -> App {
        let (name, (data, _own_data)) = (self.name(), self.folder());
        let process = self.spawn(&name, &data);
        match process.ready(self.limit(), listening).await {
            Ok(address) => App {
                name,
                address: Address(address),
                process,
                data,
                _own_data,
            },
            Err(unready) => panic!("{name}: did not start{unready}\n{}", process.output()),
        }
    }
}

impl IntoFuture for Start {
    type Output = App;
    type IntoFuture = LocalBoxFuture<'static, App>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
