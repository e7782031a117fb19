//! How each lesson's page is used: what a person does to store a value, and how they see whether it is there.

mod calls;

use harness::Page;
use serde_json::Value;

pub(crate) use self::calls::UPDATE;

/// The lessons whose options are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lesson {
    /// `global-variable`: what is typed goes into a variable of one process.
    GlobalVariable,
    /// `option1`: a click puts the input's value into a session.
    Session,
    /// `option2-inputs`: a click puts the inputs' values into a `dcc.Store`.
    Store,
    /// `option3`: a click puts them into a div that is not displayed.
    HiddenDiv,
    /// `option4`: a click computes a result and puts it into a cache.
    Cache,
}

impl Lesson {
    /// Whether what is stored lies in the browser.
    pub(crate) fn in_browser(self) -> bool {
        matches!(self, Self::Store | Self::HiddenDiv)
    }

    /// What a person has to enter in another browser to come back to what they have stored: words that go on after "yes, ".
    pub(crate) fn way_back(self) -> Option<&'static str> {
        (self == Self::Session).then_some("with the session's name")
    }

    /// Stores `value` as a person does, in the session `name` if the lesson knows sessions, and returns the number of the worker that stored it.
    pub(crate) async fn store(self, page: &Page, value: &str, name: Option<&str>) -> usize {
        match self {
            Self::GlobalVariable => fill(page, "#input", value).await,
            Self::Session => {
                enter_session(page, name).await;
                fill(page, "#input", value).await;
                click(page, "#button").await;
                // The first click of a session only makes it.
                if !page.text("#kept").await.contains(value) {
                    click(page, "#button").await;
                }
            }
            Self::Store | Self::HiddenDiv => {
                fill(page, "#input_1", value).await;
                click(page, "#button").await;
            }
            Self::Cache => {
                fill(page, "#input", value).await;
                click(page, "#button").await;
            }
        }
        answering(page).await
    }

    /// Whether a page that was just opened, or loaded again, has `value` once its person has done what shows it.
    pub(crate) async fn shows_when_opened(
        self,
        page: &Page,
        value: &str,
        name: Option<&str>,
    ) -> bool {
        match self {
            // Opening the page is a call already, and its answer is what the variable held.
            Self::GlobalVariable => page.text("#content").await == value,
            Self::Store | Self::HiddenDiv => begins_with(&page.text("#content").await, value),
            Self::Session | Self::Cache => self.shows_again(page, value, name).await,
        }
    }

    /// Whether a page that stays open still gets `value` from the server's side, or sends it there by itself.
    ///
    /// A page that holds the data is made to call the callback that reads it, as if the data had changed: that its text still stands there
    /// would only say that nobody has touched it.
    pub(crate) async fn shows_again(self, page: &Page, value: &str, name: Option<&str>) -> bool {
        match self {
            Self::GlobalVariable => {
                fill(page, "#input", "another value").await;
                page.text("#content").await == value
            }
            Self::Session => {
                enter_session(page, name).await;
                click(page, "#button").await;
                page.text("#content").await == value
            }
            Self::Store | Self::HiddenDiv => {
                let Some(held) = self.held(page).await else {
                    return false;
                };
                let body = self.read(value, Some(&held)).to_string();
                let script = format!(
                    "fetch({UPDATE:?}, {{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {body:?}}}).then((answer) => answer.json())"
                );
                let answer = page.execute(&script).await;
                begins_with(
                    answer["response"]["content"]["children"]
                        .as_str()
                        .unwrap_or_default(),
                    value,
                )
            }
            Self::Cache => {
                fill(page, "#input", value).await;
                click(page, "#button2").await;
                page.text("#cache_2").await.starts_with("hit")
            }
        }
    }

    /// What the page holds for the callback that reads it.
    async fn held(self, page: &Page) -> Option<Value> {
        let text = match self {
            Self::HiddenDiv => return Some(page.text("#cache").await.into()),
            _ => page.execute(
                "sessionStorage.getItem('cache') ?? localStorage.getItem('cache') \
                 ?? JSON.stringify(window.endToEndCalls.map((call) => call.values?.['cache.data']).filter(Boolean).at(-1))",
            )
            .await,
        };
        serde_json::from_str(text.as_str()?).ok()
    }
}

/// The worker that gave this page's last answer.
///
/// # Panics
///
/// When there was none.
pub(crate) async fn answering(page: &Page) -> usize {
    let calls = page.calls().await;
    let workers: Vec<_> = calls.iter().filter_map(|call| call.worker).collect();
    *workers
        .last()
        .unwrap_or_else(|| panic!("wanted an answer that names its worker; saw {calls:?}"))
}

/// Puts `value` into a field at once, as pasting does: typing would be a call for each key.
async fn fill(page: &Page, field: &str, value: &str) {
    let script = format!(
        "((field) => {{ field.value = {value:?}; field.dispatchEvent(new InputEvent('input', {{bubbles: true, inputType: 'insertFromPaste'}})); return true; }})\
         (document.querySelector({field:?}))"
    );
    page.execute(&script).await;
    page.settled().await;
}

async fn enter_session(page: &Page, name: Option<&str>) {
    if let Some(name) = name {
        fill(page, "#session_name", name).await;
    }
}

/// Presses a button by its own method. A mouse that has to be moved there takes five times as long, and the tests of the lessons move it.
async fn click(page: &Page, button: &str) {
    let script = format!("(document.querySelector({button:?}).click(), true)");
    page.execute(&script).await;
    page.settled().await;
}

/// Whether a text that shows two values shows `value` first.
fn begins_with(text: &str, value: &str) -> bool {
    text.split(' ').next() == Some(value)
}
