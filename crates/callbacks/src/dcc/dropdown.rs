//! `dcc.Dropdown`: one choice of several.

use serde::Serialize;

use super::component::{component, label};
use crate::property::Id;

/// One option of a [`Dropdown`]: a value, with or without a label of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Choice<V> {
    /// The value is its own label.
    Value(V),
    /// The page shows the label, callbacks get the value.
    Labelled {
        /// What the page shows.
        label: String,
        /// What callbacks get.
        value: V,
        /// Whether it cannot be chosen.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        disabled: bool,
        /// The text that appears when the pointer rests on it.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
}

impl<V> Choice<V> {
    /// An option whose label is not its value.
    pub fn labelled(label: impl Into<String>, value: impl Into<V>) -> Self {
        Self::Labelled {
            label: label.into(),
            value: value.into(),
            disabled: false,
            title: None,
        }
    }
}

impl From<&str> for Choice<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<String> for Choice<String> {
    fn from(value: String) -> Self {
        Self::Value(value)
    }
}

impl From<f64> for Choice<f64> {
    fn from(value: f64) -> Self {
        Self::Value(value)
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
