//! ChromeDriver, and how it is told to start Chromium.

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::{
    ProcessTable,
    http::Address,
    process::{Pid, Process, send},
    program, wait,
};

/// A cold start from a slow disk takes a while.
const START: Duration = Duration::from_secs(30);

/// How long Chromium may take to write its profile and leave.
const GRACE: Duration = Duration::from_secs(5);

/// The names that Chromium goes by, and ChromeDriver's.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const CHROMEDRIVER: [&str; 1] = ["chromedriver"];

/// What holds both programs.
const PACKAGES: &str = "the packages chromium and chromium-driver (Debian) or chromium-browser and chromium-chromedriver (Ubuntu)";

/// A running ChromeDriver, which starts and ends browsers.
pub(crate) struct ChromeDriver {
    process: Process,
    address: Address,
    chromium: PathBuf,
}

impl ChromeDriver {
    /// Which of the two programs is not in `PATH`.
    pub(crate) fn missing() -> Option<&'static str> {
        let programs = [("Chromium", &CHROMIUM[..]), ("ChromeDriver", &CHROMEDRIVER)];
        programs
            .into_iter()
            .find_map(|(name, names)| program::look(names).is_none().then_some(name))
    }

    /// Starts ChromeDriver on a port of its own choice.
    pub(crate) async fn start() -> Self {
        let chromium = program::find("Chromium", &CHROMIUM, PACKAGES);
        let driver = program::find("ChromeDriver", &CHROMEDRIVER, PACKAGES);
        let process = Process::spawn("ChromeDriver", Command::new(driver).arg("--port=0"), GRACE);
        match process.ready(START, ready_line).await {
            Ok(address) => Self {
                process,
                address,
                chromium,
            },
            Err(unready) => panic!("ChromeDriver did not start{unready}\n{}", process.output()),
        }
    }

    pub(crate) fn pid(&self) -> Pid {
        self.process.pid()
    }

    /// Starts a browser with the profile in `profile`.
    pub(crate) async fn session(&self, profile: &Path) -> Client {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let session = ClientBuilder::new(connector)
            .capabilities(self.capabilities(profile))
            .connect(&self.address.url("/"))
            .await;
        session.unwrap_or_else(|error| {
            panic!("Chromium did not start: {error}\n{}", self.process.output())
        })
    }

    /// Sends one of ChromeDriver's own commands, which are not part of WebDriver.
    pub(crate) async fn command(&self, path: &str, body: &Value) -> Result<Value, String> {
        let answer = self.address.request(Method::POST, path, Some(body)).await?;
        if answer.status.is_success() {
            Ok(answer.json()["value"].take())
        } else {
            Err(format!("{answer:?}"))
        }
    }

    /// The processes of the browser with this profile: the one that this has started, those that it has started, and so on.
    pub(crate) fn processes(&self, profile: &Path) -> Vec<Pid> {
        let table = ProcessTable::read();
        let mut found = table.with_argument(&profile.display().to_string());
        let descendants: Vec<Pid> = found
            .iter()
            .flat_map(|&pid| table.descendants(pid))
            .collect();
        found.extend(descendants);
        found
    }

    /// Ends ChromeDriver.
    pub(crate) fn end(&self) {
        self.process.end();
    }

    fn capabilities(&self, profile: &Path) -> Capabilities {
        let mut arguments = vec![
            format!("--user-data-dir={}", profile.display()),
            "--window-size=1280,900".to_owned(),
            "--lang=en".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-extensions".to_owned(),
            // A container's /dev/shm is often too small for a page.
            "--disable-dev-shm-usage".to_owned(),
            "--force-color-profile=srgb".to_owned(),
            // The network is unplugged: a page that asks another host for anything gets an error, and its test fails.
            "--host-resolver-rules=MAP app.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
                .to_owned(),
        ];
        if env::var_os("E2E_HEADED").is_none() {
            arguments.push("--headless=new".to_owned());
        }
        if fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            // Chromium's sandbox refuses to start for root, which is who a container usually is.
            arguments.push("--no-sandbox".to_owned());
        }
        let options = json!({"binary": self.chromium, "args": arguments});
        let logged = json!({"browser": "ALL"});
        let capabilities = [
            ("goog:chromeOptions", options),
            ("goog:loggingPrefs", logged),
        ];
        let capabilities = capabilities.map(|(name, value)| (name.to_owned(), value));
        Capabilities::from_iter(capabilities)
    }
}

/// Waits until none of these processes is left. Those of a browser that was closed leave by themselves; the others are told to.
pub(crate) async fn gone(processes: &[Pid]) {
    let left = || {
        let table = ProcessTable::read();
        let left = processes.iter().copied();
        left.filter(|&pid| table.contains(pid)).collect::<Vec<_>>()
    };
    let look = async || match left() {
        left if left.is_empty() => Ok(()),
        left => Err(format!("{left:?}")),
    };
    if wait::poll(GRACE, look).await.is_err() {
        for pid in left() {
            send(pid, Signal::SIGKILL);
        }
    }
}

/// The address in `ChromeDriver was started successfully on port 45931.`
fn ready_line(line: &str) -> Option<Address> {
    let (_, port) = line.split_once("started successfully on port ")?;
    let port = port.trim_end_matches('.').parse().ok()?;
    Some(Address(([127, 0, 0, 1], port).into()))
}
