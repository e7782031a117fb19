//! What a callback may return for a property, and how it is written.

use serde::Serialize;
use serde_json::Value;

use crate::children::IntoChildren;
use crate::error::CallbackError;
use crate::json;
use crate::node::Children;

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
/// - for `children`, whatever can be shown: text, numbers, components, tuples and lists of them;
/// - [`Update`] of one of these, to be able to leave the property as it is;
/// - a `Result` of one of these, with any error: see [`CallbackError`].
///
/// What is written is read back as the same value. A value that JSON or a browser cannot hold is an error of the callback that returns it:
/// NaN, an infinity, `Some(None)`, a whole number beyond 2^53 that a browser rounds, a map whose keys are neither text nor numbers.
/// Within `children` such a number is shown as text.
#[diagnostic::on_unimplemented(
    message = "a callback cannot return `{Self}` for a property of type `{T}`",
    label = "expected `Option<{T}>`, found `{Self}`",
    note = "text, numbers, flags, lists and figures also fit as they are; what `children` show is text, numbers, components, or lists of these",
    note = "`Update<_>` and `Result<_, _>` may be around these, the error being any `std::error::Error` or a `CallbackError`"
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
