//! `dcc.Dropdown`: one choice of several.

use serde::Serialize;

use crate::component::component;
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
    },
}

impl<V> Choice<V> {
    /// An option whose label is not its value.
    pub fn labelled(label: impl Into<String>, value: impl Into<V>) -> Self {
        Self::Labelled {
            label: label.into(),
            value: value.into(),
            disabled: false,
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
    Dropdown<V> {
        /// The chosen value; `None` when nothing is chosen.
        value / with_value: V = "value";
        /// Whether the choice can be taken back. It can, unless this is set to `false`.
        clearable / with_clearable: bool = "clearable";
        /// Whether nothing can be chosen.
        disabled / with_disabled: bool = "disabled";
        /// What stands there while nothing is chosen.
        placeholder / with_placeholder: String = "placeholder";
        /// The CSS classes.
        class_name / with_class_name: String = "className";
        /// What can be chosen.
        options / with_option_list: Vec<Choice<V>> = "options";
    }
}

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

impl<V: Serialize> Dropdown<V> {
    /// Sets what can be chosen: values, or [`Choice`]s with labels of their own.
    #[must_use]
    pub fn with_options(self, options: impl IntoIterator<Item = impl Into<Choice<V>>>) -> Self {
        self.with_option_list(options.into_iter().map(Into::into).collect::<Vec<_>>())
    }
}
