//! How a lesson's page is used: what a person does there, and what the page then sends.

use harness::{Page, Response, call};
use serde_json::Value;

/// Where callbacks are called.
pub(crate) const UPDATE: &str = "/_dash-update-component";

/// Stands for the address of a Redis server in the options of an app.
pub(crate) const REDIS: &str = "redis://127.0.0.1";

/// A tutorial's app, and how a value gets to its place and back. Properties are written as `id.property`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lesson {
    /// The option, as the book calls it.
    pub(crate) option: &'static str,
    /// The tutorial's id.
    pub(crate) app: &'static str,
    pub(crate) places: &'static [Place],
    /// Where a person enters the value.
    pub(crate) value: &'static str,
    /// If each person has a session.
    pub(crate) session: Option<Session>,
    /// The callback that stores the value.
    pub(crate) write: Operation,
    /// The callback that needs it.
    pub(crate) read: Operation,
    pub(crate) answers: Answers,
    /// The output of `read` that shows whether the value was there.
    pub(crate) shows: &'static str,
}

/// A place in which an app can keep what is stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// What `--options` takes.
    pub(crate) id: &'static str,
    /// Empty if the app has no other.
    pub(crate) name: &'static str,
    /// The app's options for it.
    pub(crate) options: &'static [&'static str],
}

/// How a session is entered. The first write of a session only makes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// Where a person enters its name.
    pub(crate) name: &'static str,
    /// The element that shows what the session holds.
    pub(crate) kept: &'static str,
}

/// A callback with one input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) input: &'static str,
    pub(crate) state: &'static [&'static str],
    /// As the dependencies have them.
    pub(crate) outputs: &'static str,
}

/// What the answer to a read is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// What was stored; the read stores something else.
    WhatWasThere,
    /// What the browser sends along in this property, which holds the data.
    WhatIsSent(&'static str),
    /// A result, and whether it had to be computed.
    WhetherComputed,
}

impl Operation {
    fn needs_click(&self) -> bool {
        self.input.ends_with(".n_clicks")
    }
}

/// Calls as the page sends them, for what is measured without a browser.
impl Lesson {
    /// The property that holds the data, if that is in the browser.
    pub(crate) fn held(&self) -> Option<&'static str> {
        match self.answers {
            Answers::WhatIsSent(property) => Some(property),
            Answers::WhatWasThere | Answers::WhetherComputed => None,
        }
    }

    /// Whether results are computed, and kept in a cache.
    pub(crate) fn computes(&self) -> bool {
        self.answers == Answers::WhetherComputed
    }

    /// The calls that store `value` in the session `name`. The session exists afterwards, and so does its value.
    pub(crate) fn write(&self, value: &str, name: &str) -> Vec<Value> {
        let call = self.call(&self.write, value, name, None);
        vec![call; if self.session.is_some() { 2 } else { 1 }]
    }

    /// The call that reads `value`, of the session `name`, or with `held` where the browser holds the data.
    pub(crate) fn read(&self, value: &str, name: &str, held: Option<&Value>) -> Value {
        self.call(&self.read, self.entered(value), name, held)
    }

    /// What the answer to a write leaves in the browser, if that is where the data lies.
    pub(crate) fn left_in_browser(&self, answer: &Response) -> Option<Value> {
        self.held().map(|property| output(&json(answer), property))
    }

    /// Whether the answer to a read is made of `value`.
    pub(crate) fn has(&self, answer: &Response, value: &str) -> bool {
        answer.status.is_success() && self.is_shown(&json(answer), value)
    }

    fn is_shown(&self, answer: &Value, value: &str) -> bool {
        let text = output(answer, self.shows);
        self.says(text.as_str().unwrap_or_default(), value)
    }

    /// Whether a text that `shows` has held says that `value` was there.
    fn says(&self, text: &str, value: &str) -> bool {
        match self.answers {
            Answers::WhatWasThere => text == value,
            // Its text shows two values, this one first.
            Answers::WhatIsSent(_) => text.split(' ').next() == Some(value),
            Answers::WhetherComputed => text.starts_with("hit"),
        }
    }

    /// What a person enters to read `value`.
    fn entered<'a>(&self, value: &'a str) -> &'a str {
        match self.answers {
            Answers::WhatWasThere => "another value",
            Answers::WhatIsSent(_) | Answers::WhetherComputed => value,
        }
    }

    fn call(&self, operation: &Operation, value: &str, name: &str, held: Option<&Value>) -> Value {
        let session = self.session.as_ref().map(|session| session.name);
        let property = |property: &&'static str| {
            let value = match *property {
                given if given == self.value => value.into(),
                given if Some(given) == session => name.into(),
                given if Some(given) == self.held() => held.cloned().unwrap_or_default(),
                given if given.ends_with(".n_clicks") => 1.into(),
                _ => Value::Null,
            };
            let (id, property) = parts(property);
            (id, property, value)
        };
        let state: Vec<_> = operation.state.iter().map(property).collect();
        let input = operation.input;
        call(operation.outputs, &[property(&input)], &state, &[input])
    }
}

/// What a person does in the page.
impl Lesson {
    /// Stores `value`, in the session `name` if it is given, and returns the number of the worker that stored it.
    pub(crate) async fn store(&self, page: &Page, value: &str, name: Option<&str>) -> usize {
        self.use_page(page, &self.write, value, name).await;
        if let Some(session) = &self.session
            && !page.text(session.kept).await.contains(value)
        {
            self.use_page(page, &self.write, value, None).await;
        }
        answering(page).await
    }

    /// Whether a page that was just opened, or loaded again, has `value` once its person has done what shows it.
    pub(crate) async fn opens_with(&self, page: &Page, value: &str, name: Option<&str>) -> bool {
        // Without a click that asks for it, the callback runs when the page is opened.
        if !self.read.needs_click() {
            return self.says(&page.text(&element(self.shows)).await, value);
        }
        self.shows_again(page, value, name).await
    }

    /// Whether a page that stays open still gets `value` from the server's side, or sends it there by itself.
    ///
    /// A page that holds the data is made to call the callback that reads it, as if the data had changed: that its text still stands there
    /// would only say that nobody has touched it.
    pub(crate) async fn shows_again(&self, page: &Page, value: &str, name: Option<&str>) -> bool {
        let Some(property) = self.held() else {
            self.use_page(page, &self.read, self.entered(value), name)
                .await;
            return self.says(&page.text(&element(self.shows)).await, value);
        };
        let Some(held) = held(page, property).await else {
            return false;
        };
        let body = self.read(value, "", Some(&held)).to_string();
        let script = format!(
            "fetch({UPDATE:?}, {{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {body:?}}}).then((answer) => answer.json())"
        );
        self.is_shown(&page.execute(&script).await, value)
    }

    /// Enters what this operation takes, and clicks if it begins with a click.
    async fn use_page(&self, page: &Page, operation: &Operation, value: &str, name: Option<&str>) {
        if let (Some(session), Some(name)) = (&self.session, name) {
            fill(page, session.name, name).await;
        }
        if operation.input == self.value || operation.state.contains(&self.value) {
            fill(page, self.value, value).await;
        }
        if operation.needs_click() {
            click(page, operation.input).await;
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

/// The body of an answer; null when it has none.
fn json(answer: &Response) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The new value of a property in an answer; null when it has none.
fn output(answer: &Value, property: &str) -> Value {
    let (id, property) = parts(property);
    answer["response"][id][property].clone()
}

/// The selector of a property's element.
fn element(property: &str) -> String {
    format!("#{}", parts(property).0)
}

fn parts(property: &str) -> (&str, &str) {
    let parts = property.split_once('.');
    parts.unwrap_or_else(|| panic!("wanted id.property; saw {property}"))
}
