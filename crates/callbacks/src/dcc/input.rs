//! `dcc.Input`: a line to type into.

use serde::{Deserialize, Serialize};

use crate::component::component;
use crate::property::Id;

/// When an [`Input`] reports what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Debounce {
    /// `false`: at each key press, the default. `true`: when Enter is pressed or the line is left.
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

component! {
    /// `dcc.Input`: a line to type into. Its value is text, or a number if it was made with [`Input::number`].
    ///
    /// ```
    /// use callbacks::dcc;
    ///
    /// let name = dcc::Input::new("name").with_placeholder("Your name");
    /// let age = dcc::Input::number("age").with_min(0.0);
    /// # let _ = (name.value(), age.value());
    /// ```
    Input<V> {
        /// What was typed. `None` before the first key press; text that was emptied again is `""`, a number that is none is `None`.
        value / with_value: V = "value";
        /// When the value is reported.
        debounce / with_debounce: Debounce = "debounce";
        /// What stands in the empty line.
        placeholder / with_placeholder: String = "placeholder";
        /// The kind of line: `text`, `number`, `password`, `email`, `search`, `tel`, `url`.
        kind / with_kind: String = "type";
        /// Whether nothing can be typed.
        disabled / with_disabled: bool = "disabled";
        /// Whether the line can be read and copied only.
        read_only / with_read_only: bool = "readOnly";
        /// Whether a form needs it.
        required / with_required: bool = "required";
        /// The smallest number.
        min / with_min: f64 = "min";
        /// The largest number.
        max / with_max: f64 = "max";
        /// The distance between two numbers.
        step / with_step: f64 = "step";
        /// The smallest length, in characters.
        min_length / with_min_length: u64 = "minLength";
        /// The largest length, in characters.
        max_length / with_max_length: u64 = "maxLength";
        /// What the text must match, as a regular expression.
        pattern / with_pattern: String = "pattern";
        /// What the browser may fill in, such as `off` or `name`.
        auto_complete / with_auto_complete: String = "autoComplete";
        /// Whether the line has the focus when the page opens.
        auto_focus / with_auto_focus: bool = "autoFocus";
        /// How often Enter was pressed.
        n_submit / with_n_submit: u64 = "n_submit";
        /// When Enter was last pressed, in milliseconds since 1970.
        n_submit_timestamp / with_n_submit_timestamp: f64 = "n_submit_timestamp";
        /// How often the line was left.
        n_blur / with_n_blur: u64 = "n_blur";
        /// When the line was last left, in milliseconds since 1970.
        n_blur_timestamp / with_n_blur_timestamp: f64 = "n_blur_timestamp";
        /// The CSS classes.
        class_name / with_class_name: String = "className";
    }
}

impl Input<String> {
    /// A line of text, with this id.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}

impl Input<f64> {
    /// A number, with this id.
    pub fn number(id: impl Into<Id>) -> Self {
        Self::with_id(id).with_kind("number")
    }
}
