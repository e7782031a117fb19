//! A property of a component, and what may be written into it.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use crate::children::IntoChildren;
use crate::error::CallbackError;
use crate::json;
use crate::node::Children;

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
    value: PhantomData<fn() -> T>,
}

impl<T> Property<T> {
    /// The property called `name`, as Dash spells it, of the component with this id.
    ///
    /// Components hand out handles of the right type; this is for those that others write.
    pub fn new(id: impl Into<Id>, name: &'static str) -> Self {
        Self {
            id: id.into(),
            name,
            value: PhantomData,
        }
    }
}

impl<T> Clone for Property<T> {
    fn clone(&self) -> Self {
        Self::new(self.id.clone(), self.name)
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
            by_strings: false,
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

/// A new value, or none: for one output of several that should stay as it is (Dash's `no_update`).
///
/// The callbacks that have this property as an input are not triggered.
///
/// ```
/// use callbacks::Update;
///
/// async fn halve(value: Option<f64>) -> (Update<f64>, &'static str) {
///     match value {
///         Some(value) => (Update::To(value / 2.0), ""),
///         None => (Update::No, "Please type a number."),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update<T> {
    /// The property's new value.
    To(T),
    /// The property stays as it is.
    No,
}

/// What was done with one output's place in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyWrite {
    /// Its JSON was appended.
    Value,
    /// Nothing was appended: the property stays as it is.
    Nothing,
}

/// What a callback may return for a property of type `T`.
///
/// - `Option<T>`: `None` becomes null, Dash's `None`;
/// - `T` itself for text, numbers, flags, lists and figures;
/// - for `children` whatever can be shown: text, numbers, components, tuples and lists of them;
/// - [`Update`] of one of these, to be able to leave the property as it is;
/// - `Result` of one of these, with any error: see [`CallbackError`].
///
/// What is written is read back as the same value. A value that JSON or a browser cannot hold is an error of the callback that returns it:
/// NaN, an infinity, `Some(None)`, a whole number beyond 2^53 that a browser rounds, a map whose keys are neither text nor numbers.
/// Within `children` such a number is shown as text.
#[diagnostic::on_unimplemented(
    message = "a callback cannot return `{Self}` for a property of type `{T}`",
    label = "this callback returns `{Self}` where the output takes `{T}`",
    note = "`Option<{T}>` always fits, so wrap a value of a type of your own in `Some`; text, numbers, flags, lists and figures also fit as they are",
    note = "`Update<_>` and `Result<_, _>` may stand around these, the error being any `std::error::Error` or a `CallbackError`"
)]
pub trait IntoProperty<T> {
    /// Appends the value's JSON to `json`.
    ///
    /// # Errors
    ///
    /// The callback's own error, or that the value cannot be written as JSON.
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError>;
}

fn write_json(value: &impl Serialize, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
    json::write(value, json).map_err(|error| CallbackError::unwritable(&error))?;
    Ok(PropertyWrite::Value)
}

impl<T: Serialize> IntoProperty<T> for Option<T> {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        write_json(&self, json)
    }
}

impl<T: Serialize> IntoProperty<Self> for Vec<T> {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        write_json(&self, json)
    }
}

impl<T, R: IntoProperty<T>> IntoProperty<T> for Update<R> {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        match self {
            Self::To(value) => value.write(json),
            Self::No => Ok(PropertyWrite::Nothing),
        }
    }
}

impl<T, R: IntoProperty<T>, E: Into<CallbackError>> IntoProperty<T> for Result<R, E> {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        self.map_err(Into::into)?.write(json)
    }
}

// Without this attribute the compiler would say of any wrong type that it is no component.
#[diagnostic::do_not_recommend]
impl<R: IntoChildren> IntoProperty<Children> for R {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        let children = self.into_children();
        children
            .write_json(json)
            .map_err(|error| CallbackError::unwritable(&error))?;
        Ok(PropertyWrite::Value)
    }
}

/// Plain values, each for the properties of its own type and for those named by strings.
macro_rules! plain_values {
    ($($value:ty => $($property:ty),+;)*) => {$($(
        impl IntoProperty<$property> for $value {
            fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
                write_json(&self, json)
            }
        }
    )+)*};
}

plain_values! {
    String => String, Value;
    &'static str => String, Value;
    bool => bool, Value;
    f64 => f64, Value;
    i64 => i64, f64, Value;
    i32 => i64, f64, Value;
    u64 => u64, f64, Value;
    u32 => u64, f64, Value;
    usize => u64, f64, Value;
    Value => Value;
}
