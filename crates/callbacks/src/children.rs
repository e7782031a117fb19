//! What can be put into a component: text, numbers, components, or a list of these.

use serde_json::{Number, Value};

use crate::json;
use crate::node::{Child, Children, Node};

/// A component of a layout: one of [`html`](crate::html), of [`dcc`](crate::dcc), or of your own.
///
/// A reference to a component is one too, so that a layout can show what callbacks already name.
///
/// ```
/// use callbacks::{Component, html};
///
/// let heading = html::h1("State").into_json();
/// assert_eq!(heading["type"], "H1");
/// assert_eq!(heading["props"]["children"], "State");
/// ```
pub trait Component: Sized {
    /// The component as data.
    fn into_node(self) -> Node;

    /// The component as `/_dash-layout` shows it: an object of `props`, `type` and `namespace`.
    fn into_json(self) -> Value {
        self.into_node().to_json()
    }
}

impl Component for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl<C: Component + Clone> Component for &C {
    fn into_node(self) -> Node {
        self.clone().into_node()
    }
}

/// What can be put into a component.
///
/// A number that JSON or a browser cannot hold is shown as text: `NaN`, and a whole number beyond 2^53 that a browser would round.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown inside a component",
    label = "neither text, nor a number, nor a component, nor a list of these",
    note = "format it as text, or build components from it"
)]
pub trait IntoChildren: Sized {
    /// Appends its parts to a flat list; Dash does not know a list within a list.
    fn append_to(self, list: &mut Vec<Child>);

    /// The whole, as the value of a `children` property.
    fn into_children(self) -> Children {
        let mut list = Vec::with_capacity(1);
        self.append_to(&mut list);
        list.pop().map(Children::from).unwrap_or_default()
    }
}

// Without this attribute the compiler would say of any wrong type that it is no component, as if text were not allowed.
#[diagnostic::do_not_recommend]
impl<C: Component> IntoChildren for C {
    fn append_to(self, list: &mut Vec<Child>) {
        list.push(self.into_node().into());
    }

    fn into_children(self) -> Children {
        Child::from(self.into_node()).into()
    }
}

impl IntoChildren for Children {
    fn append_to(self, list: &mut Vec<Child>) {
        Self::append_to(self, list);
    }

    fn into_children(self) -> Children {
        self
    }
}

impl<C: IntoChildren> IntoChildren for Option<C> {
    fn append_to(self, list: &mut Vec<Child>) {
        if let Some(children) = self {
            children.append_to(list);
        }
    }

    fn into_children(self) -> Children {
        self.map(IntoChildren::into_children).unwrap_or_default()
    }
}

/// Values that become one child.
macro_rules! single_values {
    ($($value:ty: $child:expr;)*) => {$(
        impl IntoChildren for $value {
            fn append_to(self, list: &mut Vec<Child>) {
                list.push($child(self));
            }

            fn into_children(self) -> Children {
                $child(self).into()
            }
        }
    )*};
}

single_values! {
    String: Child::from;
    &str: |text: &str| Child::from(text.to_owned());
    f64: float;
    i64: whole;
    i32: whole;
    u64: whole;
    u32: whole;
    usize: |number| whole(number as u64);
}

/// A number, or its text if it is NaN or infinite: a page shows `NaN` where Dash would show nothing.
fn float(number: f64) -> Child {
    Number::from_f64(number).map_or_else(|| number.to_string().into(), Child::from)
}

/// A number, or its text if a browser would round it: the page then shows every digit.
fn whole(number: impl Into<i128> + Into<Number> + Copy) -> Child {
    let digits: i128 = number.into();
    if json::is_exact(digits) {
        Child::from(Into::<Number>::into(number))
    } else {
        digits.to_string().into()
    }
}

fn collect(capacity: usize, append: impl FnOnce(&mut Vec<Child>)) -> Children {
    let mut list = Vec::with_capacity(capacity);
    append(&mut list);
    Children::list(list)
}

impl<C: IntoChildren> IntoChildren for Vec<C> {
    fn append_to(self, list: &mut Vec<Child>) {
        self.into_iter().for_each(|child| child.append_to(list));
    }

    fn into_children(self) -> Children {
        collect(self.len(), |list| self.append_to(list))
    }
}

impl<C: IntoChildren, const N: usize> IntoChildren for [C; N] {
    fn append_to(self, list: &mut Vec<Child>) {
        self.into_iter().for_each(|child| child.append_to(list));
    }

    fn into_children(self) -> Children {
        collect(N, |list| self.append_to(list))
    }
}

impl IntoChildren for () {
    fn append_to(self, _: &mut Vec<Child>) {}
}

macro_rules! tuples {
    ($(($($child:ident),+),)*) => {$(
        impl<$($child: IntoChildren),+> IntoChildren for ($($child,)+) {
            #[allow(non_snake_case, reason = "the type's name also names its value")]
            fn append_to(self, list: &mut Vec<Child>) {
                let ($($child,)+) = self;
                $($child.append_to(list);)+
            }

            fn into_children(self) -> Children {
                collect(const { [$(stringify!($child)),+].len() }, |list| self.append_to(list))
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
        assert_eq!(children.to_json(), json!(["a", "b", "c", 1, "d"]));
    }

    #[test]
    fn one_value_is_no_list_and_no_value_is_null() {
        assert_eq!("a".into_children().to_json(), json!("a"));
        assert_eq!(().into_children().to_json(), Value::Null);
        assert_eq!(None::<&str>.into_children().to_json(), Value::Null);
        assert_eq!(html::hr().into_children().to_json()["type"], "Hr");
    }

    #[test]
    fn a_number_that_a_browser_does_not_hold_is_text() {
        let shown = |children: Children| children.to_json();
        assert_eq!(shown(f64::NAN.into_children()), json!("NaN"));
        assert_eq!(shown(f64::NEG_INFINITY.into_children()), json!("-inf"));
        assert_eq!(shown(0.5.into_children()), json!(0.5));
        let limit = 1_u64 << 53;
        assert_eq!(shown(limit.into_children()), json!(limit));
        assert_eq!(
            shown((limit + 1).into_children()),
            json!("9007199254740993")
        );
    }

    #[test]
    fn a_component_can_be_shown_and_still_be_used() {
        let content = html::H1::new("content");
        let page = html::div((&content, "text")).into_json();
        assert_eq!(page["props"]["children"][0]["props"]["id"], "content");
        assert_eq!(content.children().to_string(), "content.children");
    }

    #[test]
    fn what_a_browser_has_sent_comes_back_as_it_was() {
        for sent in [
            json!(null),
            json!("a"),
            json!([1, "a"]),
            html::p("a").into_json(),
        ] {
            let children: Children = serde_json::from_value(sent.clone()).unwrap();
            assert_eq!(children.to_json(), sent);
            let mut json = Vec::new();
            children.write_json(&mut json).unwrap();
            assert_eq!(json, sent.to_string().into_bytes());
        }
    }
}
