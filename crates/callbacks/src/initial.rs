//! Initial calls on the server: the page then arrives with its outputs.
//!
//! The rules are the client's (`client/graph.js`), which are Dash's: a callback waits for those that write its inputs; if they changed
//! one, that is what triggers it; if they changed none and write all of its inputs, it is not called at all.

use futures_util::future::join_all;
use http::request::Parts;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::app::App;
use crate::callback::{Callback, Failure};
use crate::graph::Graph;
use crate::property::Dependency;
use crate::request::CallRequest;
use crate::{tree, update};

/// A layout whose outputs are filled in, and the callbacks that the browser need not call.
pub(crate) struct Filled<'a> {
    pub(crate) layout: Value,
    pub(crate) done: Vec<&'a str>,
}

/// What has become of a callback while the page is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Not decided yet: it waits for others.
    Waiting,
    /// It is not called when a page opens, unless another's answer triggers it.
    Prevented,
    /// It was called here, or need not be called.
    Done,
    /// The browser calls it.
    Browser,
}

pub(crate) async fn fill<'a>(app: &'a App, layout: Value, request: &Parts) -> Filled<'a> {
    let mut filling = Filling::new(app, layout);
    loop {
        let ready = filling.ready();
        if ready.is_empty() {
            break;
        }
        let calls = ready.iter().map(|call| filling.call(call, request));
        let answers = join_all(calls).await;
        for (call, answer) in ready.iter().zip(answers) {
            filling.take(call, answer);
        }
    }
    let is_done = |(callback, fate): (&'a Callback, &Fate)| {
        (*fate == Fate::Done).then_some(callback.key.as_str())
    };
    Filled {
        done: app
            .callbacks
            .iter()
            .zip(&filling.fates)
            .filter_map(is_done)
            .collect(),
        layout: filling.layout,
    }
}

/// A callback to be called now, and the inputs that trigger it.
struct Ready {
    callback: usize,
    changed: Vec<String>,
}

struct Filling<'a> {
    callbacks: &'a [Callback],
    graph: Graph,
    layout: Value,
    fates: Vec<Fate>,
    /// The outputs that were written, in the order of the answers.
    written: Vec<Dependency>,
}

impl<'a> Filling<'a> {
    fn new(app: &'a App, layout: Value) -> Self {
        let nodes = tree::by_id(&layout);
        let has = |dependency: &Dependency| nodes.contains_key(&*dependency.id);
        let only_browser_knows = |dependency: &Dependency| {
            nodes.get(&*dependency.id).is_some_and(|node| {
                let storage = node.props.get("storage_type").and_then(Value::as_str);
                let kept = matches!(storage, Some("local" | "session"));
                node.dash_name() == "dcc.Location" || node.dash_name() == "dcc.Store" && kept
            })
        };
        let fates = app.callbacks.iter().map(|callback| {
            let declared = &callback.declaration;
            let mut all = declared
                .outputs
                .iter()
                .chain(&declared.inputs)
                .chain(&declared.state);
            if !all.all(has)
                || declared
                    .inputs
                    .iter()
                    .chain(&declared.state)
                    .any(only_browser_knows)
            {
                Fate::Browser
            } else if callback.prevent_initial_call {
                Fate::Prevented
            } else {
                Fate::Waiting
            }
        });
        Self {
            callbacks: &app.callbacks,
            graph: Graph::new(&app.callbacks),
            fates: fates.collect(),
            written: Vec::new(),
            layout,
        }
    }

    /// Decides about every callback that waits for nothing any more; gives those to be called.
    fn ready(&mut self) -> Vec<Ready> {
        let mut ready = Vec::new();
        // Deciding about one may decide about the next: that one no longer waits.
        while let Some(callback) = self.next(&ready) {
            let inputs = &self.callbacks[callback].declaration.inputs;
            let changed: Vec<String> = self
                .written
                .iter()
                .filter(|output| inputs.contains(output))
                .map(ToString::to_string)
                .collect();
            let mut sources = self.graph.sources(callback);
            if sources.any(|source| self.fates[source] == Fate::Browser) {
                self.fates[callback] = Fate::Browser;
            } else if changed.is_empty() && self.is_dropped(callback) {
                self.fates[callback] = Fate::Done;
            } else {
                ready.push(Ready { callback, changed });
            }
        }
        ready
    }

    fn next(&self, ready: &[Ready]) -> Option<usize> {
        (0..self.callbacks.len()).find(|index| {
            let waits = match self.fates[*index] {
                Fate::Waiting => true,
                // A prevented callback only takes part once something has triggered it.
                Fate::Prevented => self.is_triggered(*index),
                Fate::Done | Fate::Browser => false,
            };
            let chosen = ready.iter().any(|call| call.callback == *index);
            waits && !chosen && !self.is_held(*index, ready)
        })
    }

    fn is_triggered(&self, callback: usize) -> bool {
        let inputs = &self.callbacks[callback].declaration.inputs;
        self.written.iter().any(|output| inputs.contains(output))
    }

    /// Whether something that may still run writes one of its inputs.
    fn is_held(&self, callback: usize, ready: &[Ready]) -> bool {
        self.graph.sources(callback).any(|source| {
            ready.iter().any(|call| call.callback == source)
                || self.fates[source] == Fate::Waiting
                || self.fates[source] == Fate::Prevented
                    && (self.is_triggered(source) || self.is_held(source, ready))
        })
    }

    /// Whether all of its inputs are outputs of callbacks that were called when the page opened; none of them was written.
    fn is_dropped(&self, callback: usize) -> bool {
        let done_outputs = |input: &Dependency| {
            self.callbacks
                .iter()
                .zip(&self.fates)
                .any(|(source, fate)| {
                    *fate == Fate::Done && source.declaration.outputs.contains(input)
                })
        };
        let inputs = &self.callbacks[callback].declaration.inputs;
        !inputs.is_empty() && inputs.iter().all(done_outputs)
    }

    /// Calls a callback with the same bytes that a browser would send.
    fn call(
        &self,
        ready: &Ready,
        request: &Parts,
    ) -> impl Future<Output = Result<Answer, Failure>> + use<> {
        let callback = &self.callbacks[ready.callback];
        let body = self.body(callback, &ready.changed).to_string();
        let mut context = None;
        let answer = CallRequest::parse(body.as_bytes())
            .map_err(|error| error.to_string())
            .and_then(|call| {
                let arguments = call.arguments(request, &mut context);
                callback
                    .call(arguments)
                    .map_err(|error| format!("{}: {}", error.property, error.message))
            });
        async move {
            match answer {
                Ok(answer) => answer.await,
                Err(message) => Err(Failure::Error(crate::CallbackError::private(message))),
            }
        }
    }

    fn body(&self, callback: &Callback, changed: &[String]) -> Value {
        let nodes = tree::by_id(&self.layout);
        let sent = |dependency: &Dependency| {
            let value = nodes
                .get(&*dependency.id)
                .and_then(|node| node.props.get(&*dependency.property));
            match value {
                Some(value) => {
                    json!({"id": dependency.id, "property": dependency.property, "value": value})
                }
                None => json!({"id": dependency.id, "property": dependency.property}),
            }
        };
        let declared = &callback.declaration;
        json!({
            "output": callback.key,
            "outputs": declared.outputs,
            "inputs": declared.inputs.iter().map(sent).collect::<Vec<_>>(),
            "changedPropIds": changed,
            "state": declared.state.iter().map(sent).collect::<Vec<_>>(),
        })
    }

    fn take(&mut self, call: &Ready, answer: Result<Answer, Failure>) {
        let callback = &self.callbacks[call.callback];
        match answer {
            Ok(answer) => {
                self.fates[call.callback] = Fate::Done;
                for (index, output) in callback.declaration.outputs.iter().enumerate() {
                    let Some(json) = answer.value(index) else {
                        continue;
                    };
                    let value = serde_json::from_slice::<&RawValue>(json)
                        .and_then(|raw| serde_json::from_str(raw.get()))
                        .unwrap_or_default();
                    tree::set(&mut self.layout, &output.id, &output.property, value);
                    self.written.push(output.clone());
                }
            }
            Err(Failure::Error(error)) if error.is_prevent_update() => {
                self.fates[call.callback] = Fate::Done;
            }
            // The browser calls it again, and shows on the page what went wrong.
            Err(failure) => {
                update::report(callback, &failure);
                self.fates[call.callback] = Fate::Browser;
            }
        }
    }
}
