//! `dcc.Input`: a text field, or a field for a number.

use serde::{Deserialize, Serialize};

use super::component::{component, label};
use crate::property::Id;

/// When an [`Input`] reports what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Debounce {
    /// `false`: at each key press, the default. `true`: when Enter is pressed or the field is left.
    When(bool),
    /// When no key was pressed for this many seconds.
    Seconds(f64),
}

impl From<bool> for Debounce {
    fn from(when: bool) -> Self {
        Self::When(when)
    }
}

impl From<f64> for Debounce {
    fn from(seconds: f64) -> Self {
        Self::Seconds(seconds)
    }
}

/// The kind of a text field. A field for a number is made by [`Input::number`], as its value has another type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextKind {
    /// Any text.
    #[default]
    Text,
    /// Text that the page does not show.
    Password,
    /// An e-mail address.
    Email,
    /// Something to look for.
    Search,
    /// A telephone number.
    Tel,
    /// An address on the web.
    Url,
}

component! {
    /// `dcc.Input`: a text field, or a field for a number if it was made with [`Input::number`].
    ///
    /// ```
    /// use callbacks::dcc;
    ///
    /// let name = dcc::Input::new("name").with_placeholder("Your name");
    /// let age = dcc::Input::number("age").with_min(0.0);
    /// # let _ = (name.value(), age.value());
    /// ```
    ///
    /// The browser completes nothing by itself, unless [`with_auto_complete`](Self::with_auto_complete) allows it.
    seen Input<V>: {
        /// What was typed. `None` before the first key press; text that was emptied again is `""`, an invalid number is `None`.
        value / with_value: (into V) = "value";
        /// When the value is reported.
        debounce / with_debounce: (into Debounce) = "debounce";
        /// What the empty field shows.
        placeholder / with_placeholder: text = "placeholder";
        /// Whether nothing can be typed.
        disabled / with_disabled: bool = "disabled";
        /// Whether the field can only be read and copied.
        read_only / with_read_only: bool = "readOnly";
        /// Whether it is required.
        required / with_required: bool = "required";
        /// What the browser may fill in, such as `name`; `off` unless it is set.
        auto_complete / with_auto_complete: text = "autoComplete";
        /// Whether the field has the focus when the page opens.
        auto_focus / with_auto_focus: bool = "autoFocus";
        /// Which keyboard a phone shows, such as `numeric`.
        input_mode / with_input_mode: text = "inputMode";
        /// The id of a `datalist` with what the field suggests.
        list / with_list: text = "list";
        /// Its name in a form.
        name / with_name: text = "name";
        /// How often Enter was pressed.
        n_submit / with_n_submit: u64 = "n_submit";
        /// When Enter was last pressed, in milliseconds since 1970.
        n_submit_timestamp / with_n_submit_timestamp: f64 = "n_submit_timestamp";
        /// How often the field was left.
        n_blur / with_n_blur: u64 = "n_blur";
        /// When the field was last left, in milliseconds since 1970.
        n_blur_timestamp / with_n_blur_timestamp: f64 = "n_blur_timestamp";
    }
    only <String> {
        /// The kind of text.
        kind / with_kind: TextKind = "type";
        /// The smallest length, in characters.
        min_length / with_min_length: u64 = "minLength";
        /// The largest length, in characters.
        max_length / with_max_length: u64 = "maxLength";
        /// What the text must match, as a regular expression.
        pattern / with_pattern: text = "pattern";
        /// How many characters wide the field is.
        size / with_size: u64 = "size";
        /// `true` if the spelling is checked.
        spell_check / with_spell_check: text = "spellCheck";
    }
    only <f64> {
        /// The smallest number.
        min / with_min: (into f64) = "min";
        /// The largest number.
        max / with_max: (into f64) = "max";
        /// The distance between two numbers.
        step / with_step: (into f64) = "step";
    }
}

label! { [impl<V> Input<V>] }

impl Input<String> {
    /// A text field with this id.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}

impl Input<f64> {
    /// A field for a number, with this id.
    pub fn number(id: impl Into<Id>) -> Self {
        let mut number = Self::with_id(id);
        number.properties.set_text("type", "number");
        number
    }
}
