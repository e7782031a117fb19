//! A person: a browser with a profile of their own, and windows in it.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use fantoccini::{Client, elements::Element, error::CmdError, wd::WindowHandle};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::{Mutex, MutexGuard},
    time::timeout,
};

use crate::{App, Page, calls, chromium::ChromeDriver};

/// How long a browser may take to close before it is ended from outside.
const CLOSE: Duration = Duration::from_secs(5);

/// Someone with a browser of their own: cookies, storage and windows are shared with nobody else.
#[derive(Clone)]
pub struct Person(pub(crate) Arc<Session>);

/// An error on a page's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleError {
    /// What the browser wrote, beginning with the address of the script or of the request.
    pub message: String,
}

impl fmt::Display for ConsoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A WebDriver session. It looks at one window at a time.
pub(crate) struct Session {
    client: Client,
    driver: Arc<ChromeDriver>,
    id: String,
    windows: Mutex<Windows>,
    /// Errors that the browser has handed over: it gives each only once.
    console: Mutex<Vec<ConsoleError>>,
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

/// An element, and its window for as long as something is done with the element.
pub(crate) struct InWindowElement<'a> {
    pub(crate) element: Element,
    pub(crate) _window: InWindow<'a>,
}

impl std::ops::Deref for InWindowElement<'_> {
    type Target = Element;

    fn deref(&self) -> &Element {
        &self.element
    }
}

impl Person {
    pub(crate) async fn new(driver: Arc<ChromeDriver>) -> Self {
        let profile =
            TempDir::with_prefix("tests-profile-").expect("the temporary folder can be written to");
        let client = driver.session(profile.path()).await;
        let id = client
            .session_id()
            .await
            .ok()
            .flatten()
            .expect("a session has an id");
        let first = client
            .window()
            .await
            .expect("a browser opens with one window");
        let windows = Windows {
            current: first.clone(),
            unused: Some(first),
        };
        Self(Arc::new(Session {
            client,
            driver,
            id,
            windows: Mutex::new(windows),
            console: Mutex::default(),
            profile,
        }))
    }

    /// Another window of the same browser.
    pub async fn tab(&self) -> Page {
        Page::new(Arc::clone(&self.0), self.0.window().await)
    }

    /// Opens the app's page in another window, and waits until it has settled.
    pub async fn open(&self, app: &App) -> Page {
        let page = self.tab().await;
        page.open(app, "/").await;
        page.settled().await;
        page
    }

    /// The errors on the console of all windows so far. They are no longer held against the test.
    pub async fn take_console_errors(&self) -> Vec<ConsoleError> {
        self.0.take_console_errors().await
    }

    /// Where this person's profile lies.
    pub fn profile(&self) -> &Path {
        self.0.profile.path()
    }
}

impl Session {
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
    async fn window(&self) -> WindowHandle {
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
        let path = format!("/session/{}/goog/cdp/execute", self.id);
        let body = json!({"cmd": command, "params": parameters});
        self.driver.command(&path, &body).await
    }

    /// The errors on the console so far.
    pub(crate) async fn console_errors(&self) -> Result<Vec<ConsoleError>, String> {
        self.fetch_console().await?;
        Ok(self.console.lock().await.clone())
    }

    /// The errors on the console so far, which are then forgotten.
    pub(crate) async fn take_console_errors(&self) -> Vec<ConsoleError> {
        let fetched = self.fetch_console().await;
        fetched.unwrap_or_else(|error| panic!("the console cannot be read: {error}"));
        std::mem::take(&mut *self.console.lock().await)
    }

    async fn fetch_console(&self) -> Result<(), String> {
        let path = format!("/session/{}/se/log", self.id);
        let entries = self
            .driver
            .command(&path, &json!({"type": "browser"}))
            .await?;
        let errors = entries
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry["level"] == "SEVERE");
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        self.console
            .lock()
            .await
            .extend(errors.map(|entry| ConsoleError {
                message: message(entry),
            }));
        Ok(())
    }

    /// A picture of the window that was used last.
    pub(crate) async fn screenshot(&self) -> Option<Vec<u8>> {
        timeout(CLOSE, self.client.screenshot()).await.ok()?.ok()
    }

    /// Ends the browser. One that does not answer is left to ChromeDriver's end.
    pub(crate) async fn close(&self) {
        let _ = timeout(CLOSE, self.client.clone().close()).await;
    }
}
