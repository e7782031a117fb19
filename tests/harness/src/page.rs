//! A window with an app's page in it: what a person does there, and what they see.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use fantoccini::{Locator, elements::Element, error::CmdError, wd::WindowHandle};
use serde_json::{Value, json};

use crate::{
    Address, App, Call, calls,
    request::{self, Request},
    session::{InWindow, Session},
};
use crate::{
    process::Output,
    wait::{self, DEADLINE},
};

/// The backspace key, for [`Page::type_text`].
pub const BACKSPACE: &str = "\u{e003}";

/// The tab key, for [`Page::type_text`].
pub const TAB: &str = "\u{e004}";

/// The screen that a page believes it is on.
#[derive(Clone, Copy, Debug)]
pub struct Emulated {
    /// How wide the page is, in CSS pixels.
    pub width: u32,
    /// How much of it is seen, in CSS pixels.
    pub height: u32,
    /// How many pixels of the screen a CSS pixel has in each direction.
    pub scale: f64,
    /// Whether the person prefers dark colours.
    pub dark: bool,
}

/// One window of a person's browser.
///
/// Elements are named by CSS selectors. Whatever acts on one waits until it is there.
/// Every failure tells the state of the page, the errors on its console, and the app's last lines.
pub struct Page {
    session: Arc<Session>,
    window: WindowHandle,
    /// The output of the app that was opened last, for failures.
    log: Mutex<Option<Arc<Output>>>,
    deadline: Duration,
}

impl Page {
    pub(crate) fn new(session: Arc<Session>, window: WindowHandle) -> Self {
        Self {
            session,
            window,
            log: Mutex::default(),
            deadline: DEADLINE,
        }
    }

    /// The same page, whose waits end after `deadline` instead of [`DEADLINE`].
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Opens `path` of an app. The page has then arrived; [`settled`](Self::settled) waits for its callbacks.
    pub async fn open(&self, app: &App, path: &str) {
        self.open_through(app, app.address(), path).await;
    }

    /// Opens `path` of an app by another address, behind which something passes all on to the app.
    pub async fn open_through(&self, app: &App, address: Address, path: &str) {
        self.open_as(app, address, &address.url(path)).await;
    }

    /// Opens `url`, which leads to the app by way of that address. In these browsers `app.test` is a name of 127.0.0.1.
    pub async fn open_as(&self, app: &App, address: Address, url: &str) {
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(app.output()));
        self.session.opens(address, app.output()).await;
        let opened = self.turn_to().await.client.goto(url).await;
        self.done(&format!("to open {url}"), opened).await;
    }

    /// Loads the page again, and waits until its callbacks have finished.
    pub async fn reload(&self) {
        let loaded = self.turn_to().await.client.refresh().await;
        self.done("to load the page again", loaded).await;
        self.settled().await;
    }

    /// Waits until no callback waits or runs.
    pub async fn settled(&self) {
        let script = "document.documentElement.getAttribute('data-callbacks')";
        let wanted = "data-callbacks of html to be \"idle\"";
        self.wait_for_value(wanted, script, Vec::new(), |value| value == "idle")
            .await;
    }

    /// How many calls of callbacks have finished since the page was opened.
    pub async fn settled_calls(&self) -> u64 {
        let count = self.attribute("html", "data-settled").await;
        let wrong = |_| panic!("data-settled is {count:?}: expected a number");
        count.parse().unwrap_or_else(wrong)
    }

    /// The text of an element and of all in it, displayed or not.
    pub async fn text(&self, selector: &str) -> String {
        string(self.of_element(selector, "element.textContent", &[]).await)
    }

    /// An attribute of an element; missing is the same as empty.
    pub async fn attribute(&self, selector: &str, name: &str) -> String {
        string(
            self.of_element(selector, "element.getAttribute(name)", &[name])
                .await,
        )
    }

    /// A property of an element's DOM object, such as `value`.
    pub async fn property(&self, selector: &str, name: &str) -> Value {
        self.of_element(selector, "element[name]", &[name]).await
    }

    /// A computed style of an element, such as `display`.
    pub async fn style(&self, selector: &str, name: &str) -> String {
        let style = "getComputedStyle(element).getPropertyValue(name)";
        string(self.of_element(selector, style, &[name]).await)
    }

    /// The value of a JavaScript expression; a promise is waited for.
    pub async fn execute(&self, expression: &str) -> Value {
        self.evaluate(expression, Vec::new()).await
    }

    /// Waits until the text of an element is exactly `expected`.
    pub async fn wait_for_text(&self, selector: &str, expected: &str) {
        let script = "document.querySelector(arguments[0])?.textContent";
        let wanted = format!("the text of {selector} to be {expected:?}");
        self.wait_for_value(&wanted, script, vec![json!(selector)], |value| {
            value == expected
        })
        .await;
    }

    /// Waits until the value of a JavaScript expression is neither `null`, `false`, 0 nor empty, and returns it.
    pub async fn wait_until(&self, wanted: &str, expression: &str) -> Value {
        let truthy = |value: &Value| match value {
            Value::Null => false,
            Value::Bool(value) => *value,
            Value::Number(value) => value.as_f64() != Some(0.0),
            Value::String(value) => !value.is_empty(),
            Value::Array(_) | Value::Object(_) => true,
        };
        self.wait_for_value(wanted, expression, Vec::new(), truthy)
            .await
    }

    /// Types `text` at the end of a field, key by key.
    pub async fn type_text(&self, selector: &str, text: &str) {
        let typed = self.element(selector).await.0.send_keys(text).await;
        self.done(&format!("to type {text:?} into {selector}"), typed)
            .await;
    }

    /// Empties a field as a person does, with the backspace key.
    pub async fn clear(&self, selector: &str) {
        let length = string(self.property(selector, "value").await)
            .chars()
            .count();
        self.type_text(selector, &BACKSPACE.repeat(length)).await;
    }

    /// Clicks the middle of an element, once it is scrolled to where no error lies over it.
    pub async fn click(&self, selector: &str) {
        drop(self.element(selector).await);
        let scroll = "element.scrollIntoView({block: 'nearest', behavior: 'instant'})";
        self.of_element(selector, scroll, &[]).await;
        let clicked = self.element(selector).await.0.click().await;
        self.done(&format!("to click {selector}"), clicked).await;
    }

    /// Chooses the option with the text `label` in a list.
    pub async fn choose(&self, selector: &str, label: &str) {
        let (element, window) = self.element(selector).await;
        let chosen = element.select_by_label(label).await;
        drop(window);
        self.done(&format!("to choose {label:?} in {selector}"), chosen)
            .await;
    }

    /// The calls of callbacks that have ended since the page was opened, in the order of their ends.
    pub async fn calls(&self) -> Vec<Call> {
        let calls = self.execute(calls::ENDED).await;
        serde_json::from_value(calls).expect("the client tells its calls with these fields")
    }

    /// What this page has asked for so far, the page itself first.
    pub async fn requests(&self) -> Vec<Request> {
        let requests = self.execute(request::SCRIPT).await;
        serde_json::from_value(requests).expect("Chromium has these fields")
    }

    /// The errors on the console of this person's browser so far, each beginning with the address of the script or of the request.
    ///
    /// They are no longer held against the test.
    pub async fn take_console_errors(&self) -> Vec<String> {
        self.session.take_console_errors().await
    }

    /// Closes the window. A browser ends with its last window.
    pub async fn close(self) {
        let closed = self.session.close_window(&self.window).await;
        self.done("to close the window", closed).await;
    }

    /// A picture of the page, in PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let picture = self.turn_to().await.client.screenshot().await;
        self.done("a picture", picture).await
    }

    /// Makes the window look as it would on a screen of this size, light or dark, and waits until it does.
    pub async fn emulate(&self, screen: &Emulated) {
        let size = json!({
            "width": screen.width,
            "height": screen.height,
            "deviceScaleFactor": screen.scale,
            "mobile": false,
        });
        let scheme = if screen.dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        for (command, parameters) in [
            ("Emulation.setDeviceMetricsOverride", size),
            ("Emulation.setEmulatedMedia", media),
            ("Emulation.setScrollbarsHidden", json!({"hidden": true})),
        ] {
            let done = self
                .session
                .devtools(&self.window, command, &parameters)
                .await;
            if let Err(error) = done {
                self.fail(&format!("wanted {command}; {error}")).await;
            }
        }
        // What turns from light to dark takes a moment.
        let still =
            "document.getAnimations().every((animation) => !(animation instanceof CSSTransition))";
        self.wait_until("the end of all transitions", still).await;
    }

    /// The element, once it is there, and its window for as long as something is done with it.
    async fn element(&self, selector: &str) -> (Element, InWindow<'_>) {
        let found = wait::poll(self.deadline, async || {
            let window = self.turn_to().await;
            let found = window.client.find(Locator::Css(selector)).await;
            let found = found.map_err(|error| error.to_string())?;
            Ok((found, window))
        });
        match found.await {
            Ok(found) => found,
            Err(missed) => {
                self.fail(&format!("wanted an element {selector}; {missed}"))
                    .await
            }
        }
    }

    /// The value of a JavaScript expression about `element`, which must be there, and `name`, if it is given.
    async fn of_element(&self, selector: &str, expression: &str, name: &[&str]) -> Value {
        let script = format!(
            "((element, name) => element && [{expression}])(document.querySelector(arguments[0]), arguments[1])"
        );
        let args = [selector]
            .iter()
            .chain(name)
            .map(|&arg| json!(arg))
            .collect();
        match self.evaluate(&script, args).await {
            Value::Array(mut found) if found.len() == 1 => found.remove(0),
            _ => {
                self.fail(&format!(
                    "wanted {expression} of {selector}; there is no such element"
                ))
                .await
            }
        }
    }

    /// The value of a JavaScript expression, which has `args` as `arguments`.
    async fn evaluate(&self, expression: &str, args: Vec<Value>) -> Value {
        let value = self.try_evaluate(expression, args).await;
        self.done(&format!("the value of {expression}"), value)
            .await
    }

    async fn try_evaluate(&self, expression: &str, args: Vec<Value>) -> Result<Value, CmdError> {
        self.turn_to()
            .await
            .client
            .execute(&format!("return {expression}"), args)
            .await
    }

    async fn wait_for_value(
        &self,
        wanted: &str,
        expression: &str,
        args: Vec<Value>,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        // An error is not yet a failure: the page may be on its way from one document to the next.
        let found = wait::poll(self.deadline, async || {
            match self.try_evaluate(expression, args.clone()).await {
                Ok(value) if is_wanted(&value) => Ok(value),
                Ok(value) => Err(value.to_string()),
                Err(error) => Err(error.to_string()),
            }
        });
        match found.await {
            Ok(value) => value,
            Err(missed) => self.fail(&format!("wanted {wanted}; {missed}")).await,
        }
    }

    async fn turn_to(&self) -> InWindow<'_> {
        self.session.in_window(&self.window).await
    }

    async fn done<T>(&self, wanted: &str, result: Result<T, CmdError>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => self.fail(&format!("wanted {wanted}; {error}")).await,
        }
    }

    async fn fail(&self, message: &str) -> ! {
        panic!("{message}\n{}", self.report().await)
    }

    /// The state of the page, its console and the app's last lines.
    async fn report(&self) -> String {
        let script = "({
            address: location.href,
            'data-callbacks': document.documentElement.getAttribute('data-callbacks'),
            'data-settled': document.documentElement.getAttribute('data-settled'),
            alerts: Array.from(document.querySelectorAll('[role=alert]'), (alert) => alert.textContent),
        })";
        let mut report = match self.try_evaluate(script, Vec::new()).await {
            Ok(state) => format!("  the page: {state}\n"),
            Err(error) => format!("  the page does not answer: {error}\n"),
        };
        match self.session.console_errors().await {
            Ok(errors) if errors.is_empty() => report += "  no error on the console\n",
            Ok(errors) => {
                for error in errors {
                    report += &format!("  an error on the console: {error}\n");
                }
            }
            Err(error) => report += &format!("  the console cannot be read: {error}\n"),
        }
        if let Some(log) = &*self.log.lock().unwrap_or_else(PoisonError::into_inner) {
            report += &format!("  {log}");
        }
        report
    }
}

/// A string, or nothing for `null`, or the JSON of anything else.
fn string(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
