//! Initial calls on the server: the page then arrives with its outputs.
//!
//! The rules are the client's (`client/graph.js`), which are Dash's: a callback waits for those that write its inputs; if they changed
//! one, that is what triggers it; if they changed none and write all of its inputs, it is not called at all.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use http::request::Parts;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::app_state::AppState;
use crate::callback::Callback;
use crate::failure::Failure;
use crate::graph::Graph;
use crate::panic::Panic;
use crate::property::Dependency;
use crate::request::CallRequest;
use crate::run::{Call, permit, run};
use crate::tree::{self, ComponentRef};

/// A layout whose outputs are filled in, and the callbacks that the browser need not call.
pub(crate) struct InitialPage {
    pub(crate) layout: Value,
    pub(crate) done: Vec<Arc<str>>,
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

pub(crate) async fn fill(state: &Arc<AppState>, request: &Parts) -> Result<InitialPage, Panic> {
    let layout = state.layout_to_fill()?;
    let mut schedule = Schedule::new(&state.app.callbacks, layout);
    loop {
        let ready = schedule.ready();
        if ready.is_empty() {
            break;
        }
        let bodies = schedule.bodies(&ready);
        let calls = ready.iter().zip(&bodies);
        let calls = calls.map(|(ready, body)| call(state, ready.callback, body, request));
        let outcomes = join_all(calls).await;
        for (ready, outcome) in ready.iter().zip(outcomes) {
            schedule.take(ready, outcome);
        }
    }
    let callbacks = state.app.callbacks.iter().zip(&schedule.fates);
    let done = callbacks.filter(|(_, fate)| **fate == Fate::Done);
    Ok(InitialPage {
        done: done
            .map(|(callback, _)| Arc::clone(&callback.key))
            .collect(),
        layout: schedule.layout,
    })
}

/// Calls a callback with the same bytes that a browser would send.
async fn call(
    state: &Arc<AppState>,
    index: usize,
    body: &str,
    request: &Parts,
) -> Result<Answer, Failure> {
    let callback = state.callback(index);
    let begin = || -> Result<_, Failure> {
        let permit = permit(state)?;
        let wrong = |message: String| Failure::Error(crate::CallbackError::private(message));
        let call = CallRequest::parse(body.as_bytes()).map_err(|error| wrong(error.to_string()))?;
        let mut context = None;
        let future = callback
            .begin(call.reader(request.clone(), &mut context))
            .map_err(|error| wrong(format!("{}: {}", error.property, error.message)))?;
        Ok(Call {
            permit,
            future,
            guard: request.extensions.get().cloned(),
        })
    };
    match begin() {
        Ok(call) => run(state, index, call).await,
        Err(failure) => {
            failure.report(&callback.declaration);
            Err(failure)
        }
    }
}

/// A callback to be called now, and the inputs that trigger it.
struct Ready {
    callback: usize,
    changed: Vec<String>,
}

/// Which callbacks are called, and when.
struct Schedule<'a> {
    callbacks: &'a [Callback],
    graph: Graph,
    layout: Value,
    fates: Vec<Fate>,
    /// The outputs that were written, in the order of the answers.
    written: Vec<Dependency>,
}

impl<'a> Schedule<'a> {
    fn new(callbacks: &'a [Callback], layout: Value) -> Self {
        let nodes = tree::by_id(&layout);
        let has = |dependency: &Dependency| nodes.contains_key(&*dependency.id);
        let only_browser_knows = |dependency: &Dependency| {
            nodes.get(&*dependency.id).is_some_and(|node| {
                let storage = node.props.get("storage_type").and_then(Value::as_str);
                let kept = matches!(storage, Some("local" | "session"));
                node.dash_name() == "dcc.Location" || node.dash_name() == "dcc.Store" && kept
            })
        };
        let fates = callbacks.iter().map(|callback| {
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
            callbacks,
            graph: Graph::new(callbacks),
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
            if self.waits_for_browser(callback) {
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

    /// Whether something that only the browser runs may still write one of its inputs: directly, or by triggering a prevented callback.
    fn waits_for_browser(&self, callback: usize) -> bool {
        self.graph
            .sources(callback)
            .any(|source| match self.fates[source] {
                Fate::Browser => true,
                Fate::Prevented => self.waits_for_browser(source),
                Fate::Waiting | Fate::Done => false,
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

    /// What a browser would send for each of these calls.
    fn bodies(&self, ready: &[Ready]) -> Vec<String> {
        let nodes = tree::by_id(&self.layout);
        let body = |ready: &Ready| {
            let callback = &self.callbacks[ready.callback];
            body(callback, &ready.changed, &nodes).to_string()
        };
        ready.iter().map(body).collect()
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
                    let value = serde_json::from_slice(json);
                    let value = value.expect("an answer is JSON that was written here");
                    tree::set(&mut self.layout, &output.id, &output.property, value);
                    self.written.push(output.clone());
                }
            }
            Err(failure) if failure.is_prevent_update() => {
                self.fates[call.callback] = Fate::Done;
            }
            // The browser calls it again, and shows on the page what went wrong.
            Err(_) => self.fates[call.callback] = Fate::Browser,
        }
    }
}

fn body(callback: &Callback, changed: &[String], nodes: &HashMap<&str, ComponentRef<'_>>) -> Value {
    let entry = |dependency: &Dependency| {
        let mut entry = json!({"id": dependency.id, "property": dependency.property});
        let node = nodes.get(&*dependency.id);
        if let Some(value) = node.and_then(|node| node.props.get(&*dependency.property)) {
            entry["value"] = value.clone();
        }
        entry
    };
    let declared = &callback.declaration;
    json!({
        "output": &*callback.key,
        "outputs": declared.outputs,
        "inputs": declared.inputs.iter().map(entry).collect::<Vec<_>>(),
        "changedPropIds": changed,
        "state": declared.state.iter().map(entry).collect::<Vec<_>>(),
    })
}
