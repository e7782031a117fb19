//! What a component holds: text, numbers, components, or a list of these.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The value of a `children` property: nothing, text, a number, a component, or a flat list of these.
///
/// A callback that has `children` as an input gets it as the browser shows it, components as their JSON.
///
/// ```
/// use callbacks::{IntoChildren, html};
///
/// assert_eq!("B".into_children().as_text(), Some("B"));
/// assert_eq!((html::span("A"), " or B").into_children().as_json()[1], " or B");
/// ```
// It is deliberately not `Serialize`: what may be written into `children` is `IntoChildren`, and the compiler
// then knows that an `Option<Children>` has one way to be written and not two.
#[derive(Clone, Debug, PartialEq)]
pub struct Children(Value);

impl Children {
    /// The text, if it is text and nothing else.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// As `/_dash-layout` shows it.
    #[must_use]
    pub fn as_json(&self) -> &Value {
        &self.0
    }

    /// As `/_dash-layout` shows it.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.0
    }
}

impl<'de> Deserialize<'de> for Children {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

/// A component of a layout: one of [`html`](crate::html), of [`dcc`](crate::dcc), or of your own.
///
/// ```
/// use callbacks::{Component, html};
///
/// let heading = html::h1("State").into_json();
/// assert_eq!(heading["type"], "H1");
/// assert_eq!(heading["props"]["children"], "State");
/// ```
pub trait Component {
    /// The component as `/_dash-layout` shows it: an object of `props`, `type` and `namespace`.
    fn into_json(self) -> Value;
}

/// What can be put into a component.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown inside a component",
    label = "neither text, nor a number, nor a component, nor a list of these",
    note = "format it as text, or build components from it"
)]
pub trait IntoChildren: Sized {
    /// Appends its parts to a flat list; Dash does not know a list within a list.
    fn append_to(self, list: &mut Vec<Value>);

    /// The whole, as the value of a `children` property.
    fn into_children(self) -> Children {
        let mut list = Vec::with_capacity(1);
        self.append_to(&mut list);
        Children(list.pop().unwrap_or(Value::Null))
    }
}

// Without this attribute the compiler would say of any wrong type that it is no component, as if text were not allowed.
#[diagnostic::do_not_recommend]
impl<C: Component> IntoChildren for C {
    fn append_to(self, list: &mut Vec<Value>) {
        list.push(self.into_json());
    }
}

impl IntoChildren for Children {
    fn append_to(self, list: &mut Vec<Value>) {
        match self.0 {
            Value::Null => {}
            Value::Array(parts) => list.extend(parts),
            part => list.push(part),
        }
    }

    fn into_children(self) -> Children {
        self
    }
}

impl<C: IntoChildren> IntoChildren for Option<C> {
    fn append_to(self, list: &mut Vec<Value>) {
        if let Some(children) = self {
            children.append_to(list);
        }
    }

    fn into_children(self) -> Children {
        self.map_or(Children(Value::Null), IntoChildren::into_children)
    }
}

macro_rules! single_values {
    ($($value:ty),*) => {$(
        impl IntoChildren for $value {
            fn append_to(self, list: &mut Vec<Value>) {
                list.push(Value::from(self));
            }
        }
    )*};
}

single_values!(String, &str, f64, i64, i32, u64, u32, usize);

fn collect(append: impl FnOnce(&mut Vec<Value>)) -> Children {
    let mut list = Vec::new();
    append(&mut list);
    Children(Value::Array(list))
}

impl<C: IntoChildren> IntoChildren for Vec<C> {
    fn append_to(self, list: &mut Vec<Value>) {
        self.into_iter().for_each(|child| child.append_to(list));
    }

    fn into_children(self) -> Children {
        collect(|list| self.append_to(list))
    }
}

impl<C: IntoChildren, const N: usize> IntoChildren for [C; N] {
    fn append_to(self, list: &mut Vec<Value>) {
        self.into_iter().for_each(|child| child.append_to(list));
    }

    fn into_children(self) -> Children {
        collect(|list| self.append_to(list))
    }
}

impl IntoChildren for () {
    fn append_to(self, _: &mut Vec<Value>) {}
}

macro_rules! tuples {
    ($(($($child:ident),+),)*) => {$(
        impl<$($child: IntoChildren),+> IntoChildren for ($($child,)+) {
            #[allow(non_snake_case, reason = "the type's name also names its value")]
            fn append_to(self, list: &mut Vec<Value>) {
                let ($($child,)+) = self;
                $($child.append_to(list);)+
            }

            fn into_children(self) -> Children {
                collect(|list| self.append_to(list))
            }
        }
    )*};
}

#[rustfmt::skip]
tuples! {
    (A),
    (A, B),
    (A, B, C),
    (A, B, C, D),
    (A, B, C, D, E),
    (A, B, C, D, E, F),
    (A, B, C, D, E, F, G),
    (A, B, C, D, E, F, G, H),
    (A, B, C, D, E, F, G, H, I),
    (A, B, C, D, E, F, G, H, I, J),
    (A, B, C, D, E, F, G, H, I, J, K),
    (A, B, C, D, E, F, G, H, I, J, K, L),
    (A, B, C, D, E, F, G, H, I, J, K, L, M),
    (A, B, C, D, E, F, G, H, I, J, K, L, M, N),
    (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O),
    (A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::html;

    #[test]
    fn nested_lists_are_flattened() {
        let children = (vec!["a", "b"], ("c", 1), Some("d"), None::<String>).into_children();
        assert_eq!(children.as_json(), &json!(["a", "b", "c", 1, "d"]));
    }

    #[test]
    fn one_value_is_no_list_and_no_value_is_null() {
        assert_eq!("a".into_children().as_json(), &json!("a"));
        assert_eq!(().into_children().as_json(), &Value::Null);
        assert_eq!(None::<&str>.into_children().as_json(), &Value::Null);
        assert_eq!(html::hr().into_children().as_json()["type"], "Hr");
    }

    #[test]
    fn a_number_that_json_does_not_know_is_null_as_in_dash() {
        assert_eq!(f64::NAN.into_children().as_json(), &Value::Null);
    }
}
