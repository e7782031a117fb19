//! Walking through a layout, which is JSON: objects of `props`, `type` and `namespace`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::node;

/// The properties, apart from `children`, that hold components: those of which Dash's client knows it.
const HOLD_COMPONENTS: [(&str, &str); 2] = [("Loading", "custom_spinner"), ("Tab", "label")];

/// A component within a layout.
#[derive(Clone, Copy)]
pub(crate) struct ComponentRef<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
    pub(crate) props: &'a Map<String, Value>,
}

impl<'a> ComponentRef<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        Some(Self {
            namespace: value.get("namespace")?.as_str()?,
            name: value.get("type")?.as_str()?,
            props: value.get("props")?.as_object()?,
        })
    }

    pub(crate) fn id(&self) -> Option<&'a str> {
        self.props.get("id")?.as_str()
    }

    /// Its name as a Dash program spells it: `html.Div`.
    pub(crate) fn dash_name(&self) -> String {
        node::dash_name(self.namespace, self.name)
    }

    fn holds_components(&self, property: &str) -> bool {
        property == "children"
            || self.namespace == "dash_core_components"
                && HOLD_COMPONENTS.contains(&(self.name, property))
    }
}

/// Calls `visit` with every component, from the outside in, in the order of the page.
pub(crate) fn visit<'a>(layout: &'a Value, visit_node: &mut impl FnMut(ComponentRef<'a>)) {
    if let Value::Array(parts) = layout {
        parts.iter().for_each(|part| visit(part, visit_node));
        return;
    }
    let Some(node) = ComponentRef::of(layout) else {
        return;
    };
    visit_node(node);
    for (property, held) in node.props {
        if node.holds_components(property) {
            visit(held, visit_node);
        }
    }
}

/// The components that have an id, by it. If two share an id, the first wins.
pub(crate) fn by_id(layout: &Value) -> HashMap<&str, ComponentRef<'_>> {
    let mut nodes = HashMap::new();
    visit(layout, &mut |node| {
        if let Some(id) = node.id() {
            nodes.entry(id).or_insert(node);
        }
    });
    nodes
}

/// Sets a property of the component with this id. Returns whether there is one.
pub(crate) fn set(layout: &mut Value, id: &str, property: &str, value: Value) -> bool {
    let Some(props) = find(layout, id) else {
        return false;
    };
    props.insert(property.to_owned(), value);
    true
}

fn find<'a>(layout: &'a mut Value, id: &str) -> Option<&'a mut Map<String, Value>> {
    if let Value::Array(parts) = layout {
        return parts.iter_mut().find_map(|part| find(part, id));
    }
    let node = ComponentRef::of(layout)?;
    let names = node.props.keys().filter(|name| node.holds_components(name));
    let hold: Vec<String> = names.cloned().collect();
    let props = layout.get_mut("props")?.as_object_mut()?;
    if props.get("id").and_then(Value::as_str) == Some(id) {
        return Some(props);
    }
    props
        .iter_mut()
        .filter(|(property, _)| hold.contains(property))
        .find_map(|(_, held)| find(held, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Component, dcc, html};

    #[test]
    fn components_are_found_at_any_depth() {
        let mut layout = html::div((
            "text",
            html::div(dcc::loading(html::H1::new("content"))),
            dcc::Input::new("input"),
        ))
        .into_json();
        assert!(set(&mut layout, "content", "children", "B".into()));
        assert!(!set(&mut layout, "missing", "children", "B".into()));
        let nodes = by_id(&layout);
        assert_eq!(nodes["content"].props["children"], "B");
        assert_eq!(nodes["input"].dash_name(), "dcc.Input");
        assert_eq!(nodes.len(), 2);
    }

    #[test]
    fn what_only_looks_like_a_component_in_data_is_not_visited() {
        let data = html::H1::new("content").into_json();
        let store = dcc::Store::<Value>::new("cache").with_data(data.clone());
        let div = html::Div::new("div").with_attribute("label", data);
        for layout in [store.into_json(), div.into_json()] {
            assert!(!by_id(&layout).contains_key("content"));
        }
    }
}
