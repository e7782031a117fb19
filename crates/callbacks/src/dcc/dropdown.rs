//! `dcc.Dropdown`: a choice of one of several values.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::component::{component, label};
use crate::property::Id;

/// One option of a [`Dropdown`]: a value, which is its own label unless it has another one.
///
/// ```
/// use callbacks::dcc::{Choice, Dropdown};
///
/// let size = Dropdown::new("size").with_options([
///     Choice::new("S"),
///     Choice::labelled("Extra large", "XL").with_title("Made to order").disabled(),
/// ]);
/// # let _ = size;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<V> {
    value: V,
    label: Option<String>,
    title: Option<String>,
    disabled: bool,
}

impl<V> Choice<V> {
    /// An option that is shown as its value.
    pub fn new(value: impl Into<V>) -> Self {
        Self {
            value: value.into(),
            label: None,
            title: None,
            disabled: false,
        }
    }

    /// An option that the page shows as `label`, and that callbacks get as `value`.
    pub fn labelled(label: impl Into<String>, value: impl Into<V>) -> Self {
        Self {
            label: Some(label.into()),
            ..Self::new(value)
        }
    }

    /// Sets the text that appears when the pointer rests on it.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Shows it, and lets nobody choose it.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

impl<V: Serialize> Serialize for Choice<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            value,
            label,
            title,
            disabled,
        } = self;
        if label.is_none() && title.is_none() && !disabled {
            return value.serialize(serializer);
        }
        let mut json = serializer.serialize_map(None)?;
        if let Some(label) = label {
            json.serialize_entry("label", label)?;
        }
        json.serialize_entry("value", value)?;
        if *disabled {
            json.serialize_entry("disabled", disabled)?;
        }
        if let Some(title) = title {
            json.serialize_entry("title", title)?;
        }
        json.end()
    }
}

impl From<&str> for Choice<String> {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for Choice<String> {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<f64> for Choice<f64> {
    fn from(value: f64) -> Self {
        Self::new(value)
    }
}

component! {
    /// `dcc.Dropdown`: the person at the page chooses one of several values.
    ///
    /// ```
    /// use callbacks::dcc;
    ///
    /// let dropdown = dcc::Dropdown::new("dropdown").with_options(["A", "B", "C"]).with_value("A");
    /// assert_eq!(dropdown.value().to_string(), "dropdown.value");
    /// ```
    seen Dropdown<V>: {
        /// The chosen value; `None` when nothing is chosen.
        value / with_value: (into V) = "value";
        /// Whether the choice can be taken back. It can, unless this is set to `false`.
        clearable / with_clearable: bool = "clearable";
        /// Whether nothing can be chosen.
        disabled / with_disabled: bool = "disabled";
        /// What is shown while nothing is chosen.
        placeholder / with_placeholder: text = "placeholder";
        /// What can be chosen.
        options / with_options: (each Choice<V>) = "options";
    }
}

label! { [impl<V> Dropdown<V>] }

impl Dropdown<String> {
    /// A dropdown of texts, with this id.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}

impl Dropdown<f64> {
    /// A dropdown of numbers, with this id.
    pub fn numbers(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}
