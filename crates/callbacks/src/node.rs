//! A component with what it holds, as data: what a layout and the value of `children` are made of.

use std::borrow::Cow;

use bytes::Bytes;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::component::{Properties, Setting};
use crate::json::Unwritable;
use crate::property::Id;

/// A component as data: Dash's `props`, `type` and `namespace`.
///
/// The components of [`html`](crate::html) and [`dcc`](crate::dcc) become one. A component of your own makes one, and needs an element of
/// that name in the browser's client.
///
/// ```
/// use callbacks::{Component, Node};
///
/// struct Clock;
///
/// impl Component for Clock {
///     fn into_node(self) -> Node {
///         Node::new("my_components", "Clock").with("seconds", true)
///     }
/// }
///
/// assert_eq!(Clock.into_json()["props"]["seconds"], true);
/// ```
#[derive(Clone, Debug)]
pub struct Node {
    namespace: &'static str,
    name: &'static str,
    id: Option<Id>,
    /// Nothing at all for a component that takes no children.
    children: Option<Children>,
    properties: Properties,
}

impl Node {
    /// A component of this library and with this name, as Dash spells them: `dash_html_components` and `Div`.
    #[must_use]
    pub fn new(namespace: &'static str, name: &'static str) -> Self {
        Self::of(namespace, name, None, None, Properties::default())
    }

    /// Sets a property.
    #[must_use]
    pub fn with(mut self, property: impl Into<Cow<'static, str>>, value: impl Serialize) -> Self {
        self.properties.set(property, &value);
        self
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets what it holds.
    #[must_use]
    pub fn with_children(mut self, children: Children) -> Self {
        self.children = Some(children);
        self
    }

    pub(crate) fn of(
        namespace: &'static str,
        name: &'static str,
        id: Option<Id>,
        children: Option<Children>,
        properties: Properties,
    ) -> Self {
        Self {
            namespace,
            name,
            id,
            children,
            properties,
        }
    }

    /// As `/_dash-layout` shows it. A value that JSON cannot hold is null here: [`Self::find_unwritable`] finds it.
    pub(crate) fn to_json(&self) -> Value {
        let mut props = Map::with_capacity(self.properties.len() + 2);
        if let Some(children) = &self.children {
            props.insert("children".to_owned(), children.to_json());
        }
        if let Some(id) = &self.id {
            props.insert("id".to_owned(), id.as_ref().into());
        }
        for (name, setting) in self.properties.iter() {
            let value = match setting {
                Setting::Text(text) => text.as_ref().into(),
                Setting::Json(json) => serde_json::from_str(json.get()).unwrap_or_default(),
                Setting::Unwritable(_) => Value::Null,
            };
            props.insert(name.to_owned(), value);
        }
        let mut json = Map::with_capacity(3);
        json.insert("props".to_owned(), Value::Object(props));
        json.insert("type".to_owned(), self.name.into());
        json.insert("namespace".to_owned(), self.namespace.into());
        Value::Object(json)
    }

    /// Its name as a Dash program spells it: `html.Div`.
    fn dash_name(&self) -> String {
        dash_name(self.namespace, self.name)
    }

    fn find_unwritable(&self, found: &mut impl FnMut(UnwritableSetting)) {
        for (name, setting) in self.properties.iter() {
            if let Setting::Unwritable(reason) = setting {
                found(UnwritableSetting::new(self, name, reason));
            }
        }
        if let Some(children) = &self.children {
            children.find_unwritable(found);
        }
    }
}

/// A component's name as a Dash program spells it: `html.Div`.
pub(crate) fn dash_name(namespace: &str, name: &str) -> String {
    let module = match namespace {
        "dash_html_components" => "html",
        "dash_core_components" => "dcc",
        other => other,
    };
    format!("{module}.{name}")
}

/// A property of a component that was given what JSON cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{property}` of {component}: {reason}")]
pub(crate) struct UnwritableSetting {
    /// ``dcc.Store `rows` ``, or `html.Div` for one without an id.
    pub(crate) component: String,
    /// The property, as Dash spells it.
    pub(crate) property: String,
    pub(crate) reason: String,
}

impl UnwritableSetting {
    fn new(node: &Node, property: &str, reason: &Unwritable) -> Self {
        let name = node.dash_name();
        let component = match &node.id {
            Some(id) => format!("{name} `{id}`"),
            None => name,
        };
        Self {
            component,
            property: property.to_owned(),
            reason: reason.to_string(),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_map(Some(3))?;
        json.serialize_entry("props", &Props(self))?;
        json.serialize_entry("type", self.name)?;
        json.serialize_entry("namespace", self.namespace)?;
        json.end()
    }
}

struct Props<'a>(&'a Node);

impl Serialize for Props<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let node = self.0;
        let own = usize::from(node.children.is_some()) + usize::from(node.id.is_some());
        let mut json = serializer.serialize_map(Some(own + node.properties.len()))?;
        if let Some(children) = &node.children {
            json.serialize_entry("children", &children.0)?;
        }
        if let Some(id) = &node.id {
            json.serialize_entry("id", id)?;
        }
        for (name, setting) in node.properties.iter() {
            match setting {
                Setting::Text(text) => json.serialize_entry(name, text)?,
                Setting::Json(value) => json.serialize_entry(name, value)?,
                Setting::Unwritable(reason) => {
                    return Err(S::Error::custom(UnwritableSetting::new(node, name, reason)));
                }
            }
        }
        json.end()
    }
}

/// The value of a `children` property: nothing, text, a number, a component, or a flat list of these.
///
/// A callback that has `children` as an input gets it as the browser shows it, components as their JSON.
///
/// ```
/// use callbacks::{IntoChildren, html};
///
/// assert_eq!("B".into_children().as_text(), Some("B"));
/// assert_eq!((html::span("A"), " or B").into_children().to_json()[1], " or B");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Children(Content);

/// One text, number or component within [`Children`].
#[derive(Clone, Debug)]
pub struct Child(Part);

// A text or a number alone is not in a box, nor is a component in a list: a table of thousands of cells then needs one allocation for each
// text, and none for each number.
#[derive(Clone, Debug, Default)]
enum Content {
    #[default]
    Nothing,
    Text(Cow<'static, str>),
    Number(Number),
    One(Box<Part>),
    List(Vec<Child>),
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Part {
    Text(Cow<'static, str>),
    Number(Number),
    Component(Node),
    /// What a browser has sent, which may be a component.
    Json(Value),
}

impl Children {
    /// The text, if it is text and nothing else.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Content::Text(text) => Some(text),
            Content::Nothing | Content::Number(_) | Content::One(_) | Content::List(_) => None,
        }
    }

    /// As `/_dash-layout` shows it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.0 {
            Content::Nothing => Value::Null,
            Content::Text(text) => text.as_ref().into(),
            Content::Number(number) => Value::Number(number.clone()),
            Content::One(part) => part.to_json(),
            Content::List(list) => list.iter().map(|child| child.0.to_json()).collect(),
        }
    }

    // It is no `Serialize` for all to see: what may be written into `children` is `IntoChildren`, and the compiler then knows that an
    // `Option<Children>` has one way to be written and not two.
    /// Appends its JSON. It fails if a property was given what JSON cannot hold.
    pub(crate) fn write_json(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(json, &self.0)
    }

    /// Its JSON alone.
    pub(crate) fn to_bytes(&self) -> serde_json::Result<Bytes> {
        let mut json = Vec::new();
        self.write_json(&mut json)?;
        Ok(json.into())
    }

    pub(crate) fn list(list: Vec<Child>) -> Self {
        Self(Content::List(list))
    }

    /// Appends its parts to a flat list; Dash does not know a list within a list.
    pub(crate) fn append_to(self, list: &mut Vec<Child>) {
        match self.0 {
            Content::Nothing => {}
            Content::Text(text) => list.push(Child(Part::Text(text))),
            Content::Number(number) => list.push(Child(Part::Number(number))),
            Content::One(part) => list.push(Child(*part)),
            Content::List(parts) => list.extend(parts),
        }
    }

    /// Calls `found` with each property that was given what JSON cannot hold.
    pub(crate) fn find_unwritable(&self, found: &mut impl FnMut(UnwritableSetting)) {
        let mut look = |part: &Part| {
            if let Part::Component(node) = part {
                node.find_unwritable(found);
            }
        };
        match &self.0 {
            Content::Nothing | Content::Text(_) | Content::Number(_) => {}
            Content::One(part) => look(part),
            Content::List(list) => list.iter().for_each(|child| look(&child.0)),
        }
    }
}

impl PartialEq for Children {
    fn eq(&self, other: &Self) -> bool {
        self.to_json() == other.to_json()
    }
}

impl<'de> Deserialize<'de> for Children {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::default(),
            Value::Array(list) => Self::list(list.into_iter().map(Child::from).collect()),
            part => Child::from(part).into(),
        })
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => number.serialize(serializer),
            Self::One(part) => part.serialize(serializer),
            Self::List(list) => serializer.collect_seq(list.iter().map(|child| &child.0)),
        }
    }
}

impl From<Child> for Children {
    fn from(child: Child) -> Self {
        Self(match child.0 {
            Part::Text(text) => Content::Text(text),
            Part::Number(number) => Content::Number(number),
            part => Content::One(Box::new(part)),
        })
    }
}

impl From<String> for Child {
    fn from(text: String) -> Self {
        Self(Part::Text(text.into()))
    }
}

impl From<Number> for Child {
    fn from(number: Number) -> Self {
        Self(Part::Number(number))
    }
}

impl From<Node> for Child {
    fn from(node: Node) -> Self {
        Self(Part::Component(node))
    }
}

impl From<Value> for Child {
    fn from(json: Value) -> Self {
        Self(match json {
            Value::String(text) => Part::Text(text.into()),
            json => Part::Json(json),
        })
    }
}

impl Part {
    fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_ref().into(),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Component(node) => node.to_json(),
            Self::Json(json) => json.clone(),
        }
    }
}
