//! How a lesson's page is used: what a person does there, and what the page then sends.

use std::ops::Deref;

use check::Callback;
pub(crate) use check::UPDATE;
use harness::Page;
use histories::Operation as Kind;
use serde_json::Value;

/// Stands for the address of a Redis server in the options of an app.
pub(crate) const REDIS: &str = "redis://127.0.0.1";

/// A running lesson, and how a value gets to its place and back.
#[derive(Clone, Debug)]
pub(crate) struct Lesson(pub(crate) check::Lesson);

impl Deref for Lesson {
    type Target = check::Lesson;

    fn deref(&self) -> &check::Lesson {
        &self.0
    }
}

/// Calls as the page sends them, for what is measured without a browser.
impl Lesson {
    /// The property that holds the data, if that is in the browser.
    pub(crate) fn held(&self) -> Option<&str> {
        self.operation.held.as_deref()
    }

    /// The calls that store `value` in the session `name`. The session exists afterwards, and so does its value.
    pub(crate) fn write(&self, value: &str, name: &str) -> Vec<Value> {
        let call = self.writes(self.key(value, name), &value.into(), None);
        vec![call; if self.session().is_some() { 2 } else { 1 }]
    }

    /// The call that reads `value`, of the session `name`, or with `held` where the browser holds the data.
    pub(crate) fn read(&self, value: &str, name: &str, held: Option<&Value>) -> Value {
        let entered = self.entered(value).into();
        self.reads(self.key(value, name), &entered, held)
    }

    /// What a call is about: a result is of its value.
    fn key<'a>(&self, value: &'a str, name: &'a str) -> &'a str {
        if self.computes() { value } else { name }
    }

    /// Where a person enters the value.
    fn value(&self) -> &str {
        let key = self.operation.key.as_deref();
        self.operation.write.as_deref().or(key).unwrap_or_default()
    }

    /// What a person enters to read `value`: a swap writes what it is given.
    fn entered<'a>(&self, value: &'a str) -> &'a str {
        match self.operation.kind {
            Kind::Swap => "another value",
            _ => value,
        }
    }
}

/// What a person does in the page.
impl Lesson {
    /// Stores `value`, in the session `name` if it is given, and returns the number of the worker that stored it.
    pub(crate) async fn store(&self, page: &Page, value: &str, name: Option<&str>) -> usize {
        self.use_page(page, &self.0.write, value, name).await;
        if self.says_nothing(&page.text(&element(self.shows())).await) {
            self.use_page(page, &self.0.write, value, None).await;
        }
        answering(page).await
    }

    /// Whether a page that was just opened, or loaded again, has `value` once its person has done what shows it.
    pub(crate) async fn opens_with(&self, page: &Page, value: &str, name: Option<&str>) -> bool {
        // Without a click that asks for it, the callback runs when the page is opened.
        if self.0.read.button().is_none() {
            return self.says(&page.text(&element(self.shows())).await, value);
        }
        self.shows_again(page, value, name).await
    }

    /// Whether a page that stays open still gets `value` from the server's side, or sends it there by itself.
    ///
    /// A page that holds the data is made to call the callback that reads it, as if the data had changed: that its text still stands there
    /// would only say that nobody has touched it.
    pub(crate) async fn shows_again(&self, page: &Page, value: &str, name: Option<&str>) -> bool {
        let Some(property) = self.held() else {
            self.use_page(page, &self.0.read, self.entered(value), name)
                .await;
            return self.says(&page.text(&element(self.shows())).await, value);
        };
        let Some(held) = held(page, property).await else {
            return false;
        };
        let body = self.read(value, "", Some(&held)).to_string();
        let script = format!(
            "fetch({UPDATE:?}, {{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {body:?}}}).then((answer) => answer.json())"
        );
        let answer = page.execute(&script).await;
        let (id, property) = parts(self.shows());
        let text = answer["response"][id][property].as_str();
        self.says(text.unwrap_or_default(), value)
    }

    /// Enters what this operation takes, and clicks if it begins with a click.
    async fn use_page(&self, page: &Page, callback: &Callback, value: &str, name: Option<&str>) {
        if let (Some(session), Some(name)) = (self.session(), name) {
            fill(page, session, name).await;
        }
        if callback.takes(self.value()) {
            fill(page, self.value(), value).await;
        }
        if let Some(button) = callback.button() {
            click(page, button).await;
        }
    }
}

/// The worker that gave this page's last answer.
pub(crate) async fn answering(page: &Page) -> usize {
    let calls = page.calls().await;
    let last = calls.iter().rev().find_map(|call| call.worker);
    last.unwrap_or_else(|| panic!("wanted an answer that names its worker; saw {calls:?}"))
}

/// What the page holds in this property: an element's text, or what its Store keeps, in the browser's storage or in the memory of the page.
async fn held(page: &Page, property: &str) -> Option<Value> {
    let (id, kind) = parts(property);
    if kind == "children" {
        return Some(page.text(&element(property)).await.into());
    }
    let script = format!(
        "sessionStorage.getItem({id:?}) ?? localStorage.getItem({id:?}) \
         ?? JSON.stringify(window.endToEndCalls.map((call) => call.values?.[{property:?}]).filter(Boolean).at(-1))"
    );
    serde_json::from_str(page.execute(&script).await.as_str()?).ok()
}

/// Puts `value` into a field at once, as pasting does: typing would be a call for each key.
async fn fill(page: &Page, field: &str, value: &str) {
    let script = format!(
        "((field) => {{ field.value = {value:?}; field.dispatchEvent(new InputEvent('input', {{bubbles: true, inputType: 'insertFromPaste'}})); return true; }})\
         (document.querySelector({:?}))",
        element(field)
    );
    page.execute(&script).await;
    page.settled().await;
}

/// Presses a button by its own method. A mouse that has to be moved there takes five times as long, and the tests of the lessons move it.
async fn click(page: &Page, button: &str) {
    let script = format!(
        "(document.querySelector({:?}).click(), true)",
        element(button)
    );
    page.execute(&script).await;
    page.settled().await;
}

/// The selector of a property's element.
fn element(property: &str) -> String {
    format!("#{}", parts(property).0)
}

fn parts(property: &str) -> (&str, &str) {
    let parts = property.split_once('.');
    parts.unwrap_or_else(|| panic!("wanted id.property; saw {property}"))
}
