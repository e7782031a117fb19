//! The two people who use every app, and their windows.

use harness::{Browser, Page, Person};

/// Two people with browsers of their own. Their windows stay open from one question to the next, because a window is slow to open; the app
/// in front of them changes.
pub(crate) struct People {
    /// Who stores. She has two windows.
    pub(crate) ann: Person,
    pub(crate) anns: [Page; 2],
    /// Somebody else, or Ann in another browser.
    pub(crate) bobs: Page,
}

impl People {
    pub(crate) async fn of(browser: &Browser) -> Self {
        let (ann, bob) = (browser.person().await, browser.person().await);
        let anns = [ann.tab().await, ann.tab().await];
        Self {
            anns,
            bobs: bob.tab().await,
            ann,
        }
    }
}
