//! A browser with a profile of its own, as WebDriver calls it: a session. It looks at one window at a time.

use std::{fs, io, path::Path, sync::Arc, time::Duration};

use fantoccini::{Client, error::CmdError, wd::WindowHandle};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};

use crate::{
    Address, calls,
    chromium::{self, ChromeDriver},
    process::Output,
};

/// How long a browser may take to close, or to show what it has, before it is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A browser's session with ChromeDriver.
pub(crate) struct Session {
    client: Client,
    driver: Arc<ChromeDriver>,
    id: String,
    windows: Mutex<Windows>,
    /// Errors that the browser has handed over: it gives each only once.
    console: Mutex<Vec<String>>,
    /// The apps whose pages were opened, by the address that was asked.
    opened: Mutex<Vec<(Address, Arc<Output>)>>,
    // Declared last: the folder goes after what writes to it.
    profile: TempDir,
}

struct Windows {
    current: WindowHandle,
    /// The window that the browser opened with, until someone uses it.
    unused: Option<WindowHandle>,
}

/// A session that looks at the window in question for as long as this is held.
pub(crate) struct InWindow<'a> {
    pub(crate) client: &'a Client,
    _windows: MutexGuard<'a, Windows>,
}

impl Session {
    /// Starts a browser with a new profile.
    pub(crate) async fn start(driver: Arc<ChromeDriver>) -> Arc<Self> {
        let profile =
            TempDir::with_prefix("tests-profile-").expect("the temporary folder can be written to");
        let client = driver.session(profile.path()).await;
        let id = client.session_id().await.ok().flatten();
        let first = client.window().await;
        let first = first.expect("a browser opens with one window");
        Arc::new(Self {
            client,
            driver,
            id: id.expect("a session has an id"),
            windows: Mutex::new(Windows::only(first)),
            console: Mutex::default(),
            opened: Mutex::default(),
            profile,
        })
    }

    /// Where the profile lies.
    pub(crate) fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Turns to `window` and holds it.
    pub(crate) async fn in_window(&self, window: &WindowHandle) -> InWindow<'_> {
        let mut windows = self.windows.lock().await;
        if windows.current != *window {
            let switched = self.client.switch_to_window(window.clone()).await;
            switched.unwrap_or_else(|error| panic!("the window cannot be turned to: {error}"));
            windows.current = window.clone();
        }
        InWindow {
            client: &self.client,
            _windows: windows,
        }
    }

    /// Closes `window`. WebDriver then looks at none, until it is turned to one.
    pub(crate) async fn close_window(&self, window: &WindowHandle) -> Result<(), CmdError> {
        let mut windows = self.windows.lock().await;
        if windows.current != *window {
            self.client.switch_to_window(window.clone()).await?;
        }
        self.client.close_window().await?;
        // Any other window will do: without one a new window cannot be asked for.
        if let Some(left) = self.client.windows().await?.into_iter().next() {
            self.client.switch_to_window(left.clone()).await?;
            windows.current = left;
        }
        Ok(())
    }

    /// A window that nobody uses yet, and whose documents tell about their calls.
    pub(crate) async fn window(&self) -> WindowHandle {
        let unused = self.windows.lock().await.unused.take();
        let window = match unused {
            Some(first) => first,
            // A window, not a tab: a page in a hidden tab is drawn late or never.
            None => match self.client.new_window(false).await {
                Ok(opened) => opened.handle,
                Err(error) => panic!("no second window opens: {error}"),
            },
        };
        let listen = json!({"source": calls::LISTEN});
        let added = self
            .devtools(&window, "Page.addScriptToEvaluateOnNewDocument", &listen)
            .await;
        added.unwrap_or_else(|error| panic!("a window cannot be listened to: {error}"));
        window
    }

    /// Has Chromium's own command done in `window`: what the tools for developers do, WebDriver has no word for.
    pub(crate) async fn devtools(
        &self,
        window: &WindowHandle,
        command: &str,
        parameters: &Value,
    ) -> Result<Value, String> {
        let _turned_to = self.in_window(window).await;
        self.command(
            "goog/cdp/execute",
            &json!({"cmd": command, "params": parameters}),
        )
        .await
    }

    /// One of ChromeDriver's own commands about this session.
    async fn command(&self, path: &str, body: &Value) -> Result<Value, String> {
        let path = format!("/session/{}/{path}", self.id);
        self.driver.command(&path, body).await
    }

    /// Notes that a page of the app that writes `output` is opened at `address`.
    pub(crate) async fn opens(&self, address: Address, output: &Arc<Output>) {
        let mut opened = self.opened.lock().await;
        if !opened.iter().any(|(known, _)| *known == address) {
            opened.push((address, Arc::clone(output)));
        }
    }

    /// The apps whose pages were opened so far, each once.
    pub(crate) async fn opened(&self) -> Vec<(Address, Arc<Output>)> {
        self.opened.lock().await.clone()
    }

    /// The errors on the console so far.
    pub(crate) async fn console_errors(&self) -> Result<Vec<String>, String> {
        self.fetch_console().await?;
        Ok(self.console.lock().await.clone())
    }

    /// The errors on the console so far, which are then forgotten.
    pub(crate) async fn take_console_errors(&self) -> Vec<String> {
        let fetched = self.fetch_console().await;
        fetched.unwrap_or_else(|error| panic!("the console cannot be read: {error}"));
        std::mem::take(&mut *self.console.lock().await)
    }

    async fn fetch_console(&self) -> Result<(), String> {
        let entries = self.command("se/log", &json!({"type": "browser"})).await?;
        let errors = entries
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry["level"] == "SEVERE");
        let error = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        self.console.lock().await.extend(errors.map(error));
        Ok(())
    }

    /// Writes what can be known of the window that was used last, each to a file whose path begins with `to`: a picture, the page, the console.
    pub(crate) async fn write_evidence(&self, to: &Path) -> io::Result<()> {
        if let Ok(Ok(picture)) = timeout(PATIENCE, self.client.screenshot()).await {
            fs::write(to.with_extension("png"), picture)?;
        }
        if let Ok(Ok(page)) = timeout(PATIENCE, self.client.source()).await {
            fs::write(to.with_extension("html"), page)?;
        }
        let console = match timeout(PATIENCE, self.console_errors()).await {
            Ok(Ok(errors)) => errors.iter().map(|error| format!("{error}\n")).collect(),
            Ok(Err(error)) => error,
            Err(elapsed) => elapsed.to_string(),
        };
        fs::write(to.with_extension("console.txt"), console)
    }

    /// Forgets all that anybody has done with this browser, so that the next test finds it as if it were new.
    ///
    /// What was done to a window goes with the window: its pages, their storage for the session, scripts that listen, sizes, networks.
    pub(crate) async fn reset(&self) -> Result<(), String> {
        let window = self
            .only_window()
            .await
            .map_err(|error| error.to_string())?;
        *self.windows.lock().await = Windows::only(window.clone());
        let everywhere = ["Network.clearBrowserCookies", "Network.clearBrowserCache"];
        for command in everywhere {
            self.devtools(&window, command, &json!({})).await?;
        }
        // A port may come back one day, as that of another app.
        for (address, _) in self.opened().await {
            let all = json!({"origin": address.url(""), "storageTypes": "all"});
            self.devtools(&window, "Storage.clearDataForOrigin", &all)
                .await?;
        }
        self.fetch_console().await?;
        self.console.lock().await.clear();
        self.opened.lock().await.clear();
        Ok(())
    }

    /// Opens an empty window and closes all others.
    async fn only_window(&self) -> Result<WindowHandle, CmdError> {
        let used = self.client.windows().await?;
        // The browser would end with its last window.
        let empty = self.client.new_window(false).await?.handle;
        for window in used {
            self.client.switch_to_window(window).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(empty.clone()).await?;
        Ok(empty)
    }

    /// Ends the browser, and waits until none of its processes is left.
    pub(crate) async fn close(&self) {
        // A process of a browser outlives it for a moment, and is then nobody's descendant: they are looked for before.
        let processes = self.driver.processes(self.profile());
        // One that does not answer is killed.
        let _ = timeout(PATIENCE, self.client.clone().close()).await;
        chromium::gone(&processes).await;
    }
}

impl Windows {
    fn only(window: WindowHandle) -> Self {
        Self {
            current: window.clone(),
            unused: Some(window),
        }
    }
}
