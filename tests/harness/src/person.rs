//! A person: a browser with a profile of their own, and windows in it.

use std::{path::Path, sync::Arc};

use crate::{App, Page, session::Session};

/// Someone with a browser of their own: cookies, storage and windows are shared with nobody else.
#[derive(Clone)]
pub struct Person(pub(crate) Arc<Session>);

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

    /// Where this person's profile lies.
    pub fn profile(&self) -> &Path {
        self.0.profile()
    }
}
