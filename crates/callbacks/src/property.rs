//! A property of a component, and the ways to name it.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

/// A component's id: text that is known when the program is written, or made when it runs.
pub type Id = Cow<'static, str>;

/// A typed handle to one property of one component: Dash's `(component_id, component_property)`.
///
/// Components hand them out: [`html::H1::children`](crate::html::Element::children),
/// [`dcc::Input::value`](crate::dcc::Input::value). `T` is the type of the property's value. A callback reads a property as
/// `Option<T>`: `None` is Dash's `None`, a property that was never set or that is null.
///
/// ```
/// use callbacks::dcc;
///
/// let input = dcc::Input::new("input");
/// assert_eq!(input.value().to_string(), "input.value");
/// ```
pub struct Property<T> {
    id: Id,
    name: &'static str,
    by_strings: bool,
    value: PhantomData<fn() -> T>,
}

impl<T> Property<T> {
    /// The property called `name`, as Dash spells it, of the component with this id.
    ///
    /// Components hand out handles of the right type; this is for components that are not in this crate. If a component of this crate has
    /// no such property, the app starts with a warning in the log.
    pub fn new(id: impl Into<Id>, name: &'static str) -> Self {
        Self {
            id: id.into(),
            name,
            by_strings: true,
            value: PhantomData,
        }
    }

    /// A property from the table of the component that hands it out.
    pub(crate) fn of_table(id: Id, name: &'static str) -> Self {
        Self {
            id,
            name,
            by_strings: false,
            value: PhantomData,
        }
    }
}

impl<T> Clone for Property<T> {
    fn clone(&self) -> Self {
        Self {
            id: self.id.clone(),
            name: self.name,
            by_strings: self.by_strings,
            value: PhantomData,
        }
    }
}

impl<T> fmt::Display for Property<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.name)
    }
}

impl<T> fmt::Debug for Property<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Property({self})")
    }
}

/// What names a property in an [`Input`](crate::Input), a [`State`](crate::State) or an [`Output`](crate::Output).
///
/// A [`Property`] does, and knows its type. So does a pair of strings, `("input", "value")`, as in Dash; its
/// value is then any JSON: [`serde_json::Value`]. If the component has no such property, the app starts with a warning in the log.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a component's property",
    label = "not a property",
    note = "take a handle from a component, such as `input.value()`, or name it by strings: `(\"input\", \"value\")`"
)]
pub trait PropertyName: Send + Sync + 'static {
    /// The type of the property's value.
    type Value;

    /// The component's id and the property's name.
    #[doc(hidden)]
    fn dependency(&self) -> Dependency;
}

impl<T: 'static> PropertyName for Property<T> {
    type Value = T;

    fn dependency(&self) -> Dependency {
        Dependency {
            id: self.id.clone(),
            property: Cow::Borrowed(self.name),
            by_strings: self.by_strings,
        }
    }
}

impl PropertyName for (&'static str, &'static str) {
    type Value = Value;

    fn dependency(&self) -> Dependency {
        Dependency {
            id: Cow::Borrowed(self.0),
            property: Cow::Borrowed(self.1),
            by_strings: true,
        }
    }
}

/// One end of a callback, as `/_dash-dependencies` lists it: a component's id and a property's name.
#[derive(Clone, Debug, Serialize)]
pub struct Dependency {
    /// The component's id.
    pub id: Id,
    /// The property's name, as Dash spells it.
    pub property: Cow<'static, str>,
    /// Whether it was named by strings: the tables of properties are then a help, and no law.
    #[serde(skip)]
    pub(crate) by_strings: bool,
}

// Two names of one property are equal, in whatever way it was named.
impl PartialEq for Dependency {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.property == other.property
    }
}

impl Eq for Dependency {}

impl Hash for Dependency {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        self.property.hash(state);
    }
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.id, self.property)
    }
}
