//! Checks an app before it starts, so that its mistakes are found here and not by the first visitor.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde_json::Value;

use crate::app::{App, Layout};
use crate::assets::Assets;
use crate::callback::Callback;
use crate::component::Definition;
use crate::graph::Graph;
use crate::node::{Children, UnwritableSetting};
use crate::panic::{Panic, caught};
use crate::property::Dependency;
use crate::tree::{self, ComponentRef};
use crate::{dcc, html, mount};

/// An app that cannot start, with all its mistakes.
#[derive(Debug, PartialEq, Eq)]
pub struct StartError {
    mistakes: Vec<Mistake>,
}

impl StartError {
    /// The mistakes, in the order in which they were found.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    pub(crate) fn check(app: &App) -> Result<(), Self> {
        let mut mistakes = Vec::new();
        let written = caught(|| app.layout_now()).unwrap_or_else(|Panic { message, .. }| {
            mistakes.push(Mistake::LayoutPanicked(message));
            Children::default()
        });
        let layout = written.to_json();
        if matches!(app.layout, Layout::Missing) {
            mistakes.push(Mistake::NoLayout);
        }
        if app.misplaced_setting {
            mistakes.push(Mistake::MisplacedSetting);
        }
        written.find_unwritable(&mut |setting| mistakes.push(Mistake::unwritable(setting)));
        check_ids(&layout, &mut mistakes);
        check_graphs(&layout, &mut mistakes);
        check_outputs(&app.callbacks, &mut mistakes);
        check_files(app, &mut mistakes);
        if let Some(prefix) = &app.requests_pathname_prefix
            && !mount::is_prefix(prefix)
        {
            mistakes.push(Mistake::UnusablePrefix(prefix.clone()));
        }
        let nodes = tree::by_id(&layout);
        let strict = !app.suppress_callback_exceptions;
        if strict {
            check_labels(&layout, &nodes, &mut mistakes);
            for callback in &app.callbacks {
                check_dependencies(callback, &nodes, &mut mistakes);
            }
        }
        mistakes.extend(circle(&app.callbacks));
        if mistakes.is_empty() {
            Ok(())
        } else {
            Err(Self { mistakes })
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistakes.as_slice() {
            [mistake] => write!(f, "the app cannot start: {mistake}"),
            mistakes => {
                write!(f, "the app cannot start, for {} reasons:", mistakes.len())?;
                mistakes
                    .iter()
                    .try_for_each(|mistake| write!(f, "\n- {mistake}"))
            }
        }
    }
}

impl std::error::Error for StartError {}

/// One mistake in an app. Its text names both sides, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mistake {
    /// There is no layout.
    #[error("it has no layout: set one with `App::layout`")]
    NoLayout,
    /// The layout's function panicked when it was run to check the callbacks against it.
    #[error("the function of `App::layout_with` panicked: {0}")]
    LayoutPanicked(String),
    /// A setting of a callback comes before the first callback.
    #[error(
        "`prevent_initial_call` comes before the first callback: put it after the `.callback(…)` that it belongs to"
    )]
    MisplacedSetting,
    /// Two components have one id.
    #[error("two components have the id `{id}`, {first} and {second}: give each its own id")]
    DuplicateId {
        /// The id.
        id: String,
        /// The first component, such as `html.Div`.
        first: String,
        /// The second component.
        second: String,
    },
    /// An id cannot be part of a property's name on the wire.
    #[error(
        "the id `{id}` of {component} cannot be used: an id is not empty and has neither `.` nor `{{`"
    )]
    UnusableId {
        /// The id.
        id: String,
        /// The component, such as `html.Div`.
        component: String,
    },
    /// A property of a component was given a value that JSON cannot hold, or that a browser would send back as another one.
    #[error("`{property}` of {component} cannot be written as JSON: {reason}")]
    UnwritableValue {
        /// The component, such as ``dcc.Store `rows` ``.
        component: String,
        /// The property, as Dash spells it.
        property: String,
        /// What is wrong with the value, and what to do.
        reason: String,
    },
    /// A label belongs to a component that is not there.
    #[error(
        "a label has `htmlFor` `{id}`, but the layout has no component with this id{hint}: make the label with `.label(…)` of its component"
    )]
    UnknownLabelTarget {
        /// The id that the label names.
        id: String,
        /// The nearest id, as a question; or that there is none.
        hint: String,
    },
    /// There is a graph, and no plotly.js.
    #[error(
        "the layout holds a dcc.Graph, but plotly.js was left out: add the feature `graph` to the dependency `callbacks`"
    )]
    NoPlotly,
    /// A script or a style sheet of the app has the name of another file.
    #[error(
        "two files would be served as `/assets/{name}`: give the one that the app adds with `App::script` or `App::style` another name"
    )]
    DuplicateFile {
        /// The file's name.
        name: &'static str,
    },
    /// A prefix cannot be put before the addresses of a page.
    #[error(
        "`requests_pathname_prefix` is `{0}`: it has to be a path that begins and ends with a slash, such as `/dash/`"
    )]
    UnusablePrefix(String),
    /// Two callbacks write one property.
    #[error(
        "`{output}` is an output of two callbacks, `{first}` and `{second}`: let one callback write it, from the inputs of both"
    )]
    DuplicateOutput {
        /// The property.
        output: String,
        /// The first callback's function.
        first: &'static str,
        /// The second callback's function.
        second: &'static str,
    },
    /// A callback names a component that is not in the layout.
    #[error(
        "the callback `{callback}` has `{property}` as {role}, but the layout has no component with the id `{id}`{hint}"
    )]
    UnknownId {
        /// The callback's function.
        callback: &'static str,
        /// The property.
        property: String,
        /// `an output`, `an input` or `a state`.
        role: &'static str,
        /// The id.
        id: String,
        /// The nearest id, as a question; or that there is none.
        hint: String,
    },
    /// A callback names a property that the component does not have.
    #[error(
        "the callback `{callback}` has `{property}` as {role}, but {component} has no such property{hint}"
    )]
    UnknownProperty {
        /// The callback's function.
        callback: &'static str,
        /// The property.
        property: String,
        /// `an output`, `an input` or `a state`.
        role: &'static str,
        /// The component, such as `html.Div`.
        component: String,
        /// The nearest property, as a question.
        hint: String,
    },
    /// Callbacks wait for each other.
    #[error(
        "callbacks wait for each other in a circle: {0}; let one of them read a property of this circle as a `State`"
    )]
    Circle(String),
}

impl Mistake {
    fn unwritable(setting: UnwritableSetting) -> Self {
        Self::UnwritableValue {
            component: setting.component,
            property: setting.property,
            reason: setting.reason,
        }
    }
}

fn check_ids(layout: &Value, mistakes: &mut Vec<Mistake>) {
    let mut seen: HashMap<&str, ComponentRef<'_>> = HashMap::new();
    tree::visit(layout, &mut |node| {
        let Some(id) = node.id() else { return };
        if id.is_empty() || id.contains(['.', '{']) {
            mistakes.push(Mistake::UnusableId {
                id: id.to_owned(),
                component: node.dash_name(),
            });
        }
        if let Some(first) = seen.insert(id, node) {
            mistakes.push(Mistake::DuplicateId {
                id: id.to_owned(),
                first: first.dash_name(),
                second: node.dash_name(),
            });
        }
    });
}

fn check_graphs(layout: &Value, mistakes: &mut Vec<Mistake>) {
    let mut graph = false;
    tree::visit(layout, &mut |node| graph |= node.dash_name() == "dcc.Graph");
    if graph && cfg!(not(feature = "graph")) {
        mistakes.push(Mistake::NoPlotly);
    }
}

fn check_labels(
    layout: &Value,
    nodes: &HashMap<&str, ComponentRef<'_>>,
    mistakes: &mut Vec<Mistake>,
) {
    tree::visit(layout, &mut |node| {
        let target = node.props.get("htmlFor").and_then(Value::as_str);
        if let Some(id) = target.filter(|id| !nodes.contains_key(id)) {
            mistakes.push(Mistake::UnknownLabelTarget {
                id: id.to_owned(),
                hint: hint(id, nodes.keys().copied()),
            });
        }
    });
}

fn check_outputs(callbacks: &[Callback], mistakes: &mut Vec<Mistake>) {
    let mut writers: HashMap<&Dependency, &'static str> = HashMap::new();
    for callback in callbacks {
        for output in &callback.declaration.outputs {
            if let Some(first) = writers.insert(output, callback.declaration.function) {
                mistakes.push(Mistake::DuplicateOutput {
                    output: output.to_string(),
                    first,
                    second: callback.declaration.function,
                });
            }
        }
    }
}

/// A file that is served under the name of another one would never be seen.
fn check_files(app: &App, mistakes: &mut Vec<Mistake>) {
    let mut names = HashSet::new();
    for file in &app.files {
        if Assets::is_embedded(file.name) || !names.insert(file.name) {
            mistakes.push(Mistake::DuplicateFile { name: file.name });
        }
    }
}

fn check_dependencies(
    callback: &Callback,
    nodes: &HashMap<&str, ComponentRef<'_>>,
    mistakes: &mut Vec<Mistake>,
) {
    let declared = &callback.declaration;
    let lists = [
        ("an output", &declared.outputs),
        ("an input", &declared.inputs),
        ("a state", &declared.state),
    ];
    for (role, dependencies) in lists {
        for dependency in dependencies {
            let Some(node) = nodes.get(&*dependency.id) else {
                mistakes.push(Mistake::UnknownId {
                    callback: callback.declaration.function,
                    property: dependency.to_string(),
                    role,
                    id: dependency.id.to_string(),
                    hint: hint(&dependency.id, nodes.keys().copied()),
                });
                continue;
            };
            let Some(definition) = definition(node) else {
                continue;
            };
            if is_known(&dependency.property, definition) {
                continue;
            }
            let mistake = Mistake::UnknownProperty {
                callback: callback.declaration.function,
                property: dependency.to_string(),
                role,
                component: node.dash_name(),
                hint: hint(&dependency.property, definition.names()),
            };
            // A handle belongs to a component that has the property, and the layout has another one with its id. A string may name what
            // Dash has and our tables have not.
            if dependency.by_strings {
                tracing::warn!("{mistake}");
            } else {
                mistakes.push(mistake);
            }
        }
    }
}

/// The properties of a component, if it is one of ours.
fn definition(node: &ComponentRef<'_>) -> Option<&'static Definition> {
    let definitions = match node.namespace {
        "dash_html_components" => html::DEFINITIONS,
        "dash_core_components" => dcc::DEFINITIONS,
        _ => return None,
    };
    definitions
        .iter()
        .find(|definition| definition.name == node.name)
}

fn is_known(property: &str, definition: &Definition) -> bool {
    property.starts_with("data-")
        || property.starts_with("aria-")
        || definition.names().any(|name| name == property)
}

/// `; did you mean …?`, if something is near.
fn hint<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|(a, first), (b, second)| a.total_cmp(b).then(second.cmp(first)));
    nearest.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"))
}

/// The first circle of callbacks that wait for each other, if there is one.
fn circle(callbacks: &[Callback]) -> Option<Mistake> {
    let circle = Graph::new(callbacks).circle()?;
    let names = circle
        .iter()
        .map(|index| format!("`{}`", callbacks[*index].key));
    Some(Mistake::Circle(names.collect::<Vec<_>>().join(" → ")))
}
