//! A person: a browser with a profile of their own, and windows in it.

use std::{fmt, path::Path, sync::Arc};

use crate::{App, Page, session::Session};

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

impl Person {
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
        self.0.profile()
    }
}
