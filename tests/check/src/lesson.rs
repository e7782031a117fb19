//! An app's operation, as its page sends it.

use anyhow::{Context, bail};
use harness::{Address, Property, Response, call};
use histories::Operation as Kind;
use hyper::Method;
use serde_json::Value;
use xtask::registry::{App, Operation};

/// Where the page posts its calls.
pub const UPDATE: &str = "/_dash-update-component";

/// What a page shows where nothing was, as Dash's document has it.
const NOTHING: &str = "None";

/// The operation of a running app.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// What the manifest says.
    pub operation: Operation,
    /// The callback that stores.
    pub write: Callback,
    /// The callback that shows what was stored; often the same.
    pub read: Callback,
}

/// A callback, with its properties as `id.property`.
#[derive(Clone, Debug)]
pub struct Callback {
    /// As the dependencies have it; several are in one text.
    output: String,
    inputs: Vec<String>,
    state: Vec<String>,
}

impl Lesson {
    /// The operation of the app at this address.
    ///
    /// # Errors
    ///
    /// The manifest has no operation, the app does not answer, or no callback has the operation's outputs.
    pub async fn of(app: &App, address: Address) -> anyhow::Result<Self> {
        let Some(operation) = &app.operation else {
            bail!("{} keeps nothing that a call could read back", app.id);
        };
        let answer = address.request(Method::GET, "/_dash-dependencies", None);
        let answer = answer.await.map_err(anyhow::Error::msg)?;
        let dependencies = serde_json::from_slice(&answer.body)
            .with_context(|| format!("{} is no such app", address.url("/")))?;
        Self::find(operation, &dependencies)
    }

    /// Finds the callback that shows what was read; and where the browser holds the data between two callbacks, the one that fills it.
    fn find(operation: &Operation, dependencies: &Value) -> anyhow::Result<Self> {
        let callbacks = dependencies.as_array().map_or(&[][..], Vec::as_slice);
        let callbacks: Vec<_> = callbacks.iter().map(Callback::of).collect();
        let with = |property: &str| {
            let found = callbacks.iter().find(|callback| callback.gives(property));
            found.cloned().with_context(|| {
                let known: Vec<_> = callbacks.iter().map(|callback| &*callback.output).collect();
                format!(
                    "the manifest's `operation` names {property}, but no callback has that output; expected one of {}",
                    known.join(", ")
                )
            })
        };
        Ok(Self {
            operation: operation.clone(),
            write: with(operation.held.as_deref().unwrap_or(&operation.read))?,
            read: with(&operation.read)?,
        })
    }

    /// Whether results are computed, and kept in a cache.
    #[must_use]
    pub fn computes(&self) -> bool {
        self.operation.kind == Kind::Compute
    }

    /// The call that writes `write`, about `key`.
    #[must_use]
    pub fn writes(&self, key: &str, write: &Value, held: Option<&Value>) -> Value {
        self.body(&self.write, key, write, held)
    }

    /// The call that shows what was written, about `key`, with what the browser holds. A swap writes by it too.
    #[must_use]
    pub fn reads(&self, key: &str, write: &Value, held: Option<&Value>) -> Value {
        self.body(&self.read, key, write, held)
    }

    fn body(&self, callback: &Callback, key: &str, write: &Value, held: Option<&Value>) -> Value {
        let Operation {
            kind: _,
            key: named,
            write: written,
            held: kept,
            ..
        } = &self.operation;
        let value = |name: &str| match Some(name) {
            name if name == named.as_deref() => key.into(),
            name if name == written.as_deref() => write.clone(),
            name if name == kept.as_deref() => held.cloned().unwrap_or_default(),
            _ if name.ends_with(".n_clicks") => 1.into(),
            _ => Value::Null,
        };
        let entry = |name: &'_ String| -> (String, String, Value) {
            let (id, property) = parts(name);
            (id.to_owned(), property.to_owned(), value(name))
        };
        let [inputs, state] = [&callback.inputs, &callback.state]
            .map(|names| names.iter().map(entry).collect::<Vec<_>>());
        let triggers: Vec<&str> = callback.inputs.iter().take(1).map(String::as_str).collect();
        call(
            &callback.output,
            &borrowed(&inputs),
            &borrowed(&state),
            &triggers,
        )
    }

    /// What the answer to a write leaves in the browser, if that is where the data lies.
    #[must_use]
    pub fn left_in_browser(&self, answer: &Response) -> Option<Value> {
        let held = self.operation.held.as_deref()?;
        Some(output(answer, held))
    }

    /// What an answer shows that the call has read.
    ///
    /// # Errors
    ///
    /// The status of a call that failed.
    pub fn shown(&self, answer: &Response) -> Result<Value, u16> {
        if !answer.status.is_success() {
            return Err(answer.status.as_u16());
        }
        let shown = output(answer, &self.operation.read);
        // What a page shows of a store begins with the value that was written.
        match (self.operation.kind, shown.as_str()) {
            (Kind::Put, Some(text)) => Ok(text.split(' ').next().into()),
            _ => Ok(shown),
        }
    }

    /// Whether the answer to a read is made of `value`.
    #[must_use]
    pub fn has(&self, answer: &Response, value: &str) -> bool {
        let text = output(answer, self.shows());
        answer.status.is_success() && self.says(text.as_str().unwrap_or_default(), value)
    }

    /// The output that shows whether a value was there.
    #[must_use]
    pub fn shows(&self) -> &str {
        let Operation { origin, read, .. } = &self.operation;
        origin.as_ref().unwrap_or(read)
    }

    /// Whether a text that [`Self::shows`] has held says that `value` was there.
    #[must_use]
    pub fn says(&self, text: &str, value: &str) -> bool {
        match self.operation.kind {
            Kind::Swap | Kind::Get | Kind::Add => text == value,
            // Its text shows two values, this one first.
            Kind::Put => text.split(' ').next() == Some(value),
            Kind::Compute => text.starts_with("hit"),
        }
    }

    /// The property that names a session, if each person has one.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        let key = self.operation.key.as_deref();
        key.filter(|_| self.operation.kind == Kind::Swap)
    }

    /// Whether a text says that there was no such session: the first write only makes it.
    #[must_use]
    pub fn says_nothing(&self, text: &str) -> bool {
        self.session().is_some() && text == NOTHING
    }
}

/// The worker that answered, if the answer names it.
#[must_use]
pub fn worker(answer: &Response) -> Option<u32> {
    answer.headers.get("x-worker")?.to_str().ok()?.parse().ok()
}

impl Callback {
    /// Whether the page sends this property along.
    #[must_use]
    pub fn takes(&self, property: &str) -> bool {
        self.inputs
            .iter()
            .chain(&self.state)
            .any(|taken| taken == property)
    }

    fn of(dependency: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let names = |list: &Value| {
            let list = list.as_array().into_iter().flatten();
            let name =
                |entry: &Value| format!("{}.{}", text(&entry["id"]), text(&entry["property"]));
            list.map(name).collect()
        };
        Self {
            output: text(&dependency["output"]),
            inputs: names(&dependency["inputs"]),
            state: names(&dependency["state"]),
        }
    }

    /// Whether this is one of its outputs, which are `a.b`, or `..a.b...c.d..`.
    fn gives(&self, property: &str) -> bool {
        let outputs = self.output.trim_matches('.').split("...");
        outputs.into_iter().any(|output| output == property)
    }

    /// The button that calls it, if it is one.
    #[must_use]
    pub fn button(&self) -> Option<&str> {
        let inputs = self.inputs.iter().map(String::as_str);
        inputs
            .into_iter()
            .find(|input| input.ends_with(".n_clicks"))
    }
}

fn borrowed(entries: &[(String, String, Value)]) -> Vec<Property<'_>> {
    let mut borrowed = Vec::new();
    for (id, property, value) in entries {
        borrowed.push((id.as_str(), property.as_str(), value.clone()));
    }
    borrowed
}

/// The new value of a property in an answer; null when it has none.
fn output(answer: &Response, property: &str) -> Value {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let (id, property) = parts(property);
    body["response"][id][property].clone()
}

fn parts(property: &str) -> (&str, &str) {
    property.rsplit_once('.').unwrap_or((property, ""))
}
