//! What a callback returns, put in the order of its outputs.

use std::ops::Range;

use crate::dependency::Output;
use crate::error::CallbackError;
use crate::property::PropertyName;
use crate::sealed::Sealed;
use crate::value::{IntoProperty, PropertyWrite};

/// The JSON of each output's new value, in the order in which the outputs were declared.
#[derive(Debug, Default)]
pub struct Answer {
    json: Vec<u8>,
    values: Vec<Option<Range<usize>>>,
}

impl Answer {
    fn push<T>(&mut self, value: impl IntoProperty<T>) -> Result<(), CallbackError> {
        let start = self.json.len();
        let written = value
            .write(&mut self.json)
            .map_err(|error| error.at_output(self.values.len()))?;
        self.values.push(match written {
            PropertyWrite::Value => Some(start..self.json.len()),
            PropertyWrite::Nothing => None,
        });
        Ok(())
    }

    /// The JSON of the output at this place, or `None` if it stays as it is.
    pub(crate) fn value(&self, index: usize) -> Option<&[u8]> {
        let range = self.values.get(index)?.clone()?;
        self.json.get(range)
    }

    /// The length of all values together, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.json.len()
    }
}

/// What a callback with the outputs `O` may return: a value for one output, a tuple for several, or a `Result` of these.
#[diagnostic::on_unimplemented(
    message = "a callback cannot return `{Self}` for its outputs",
    label = "this callback returns `{Self}`",
    note = "return one value for one output, and a tuple with one value for each of several: `{O}`",
    note = "a callback that can fail returns `Result<_, CallbackError>` of this"
)]
pub trait IntoAnswer<O> {
    /// Writes the values as JSON.
    ///
    /// # Errors
    ///
    /// The callback's own error, or that a value cannot be written as JSON.
    fn into_answer(self, _: Sealed) -> Result<Answer, CallbackError>;
}

impl<H: PropertyName, R: IntoProperty<H::Value>> IntoAnswer<Output<H>> for R {
    fn into_answer(self, _: Sealed) -> Result<Answer, CallbackError> {
        let mut answer = Answer::default();
        answer.push(self)?;
        Ok(answer)
    }
}

macro_rules! answers {
    ($(($handle:ident $returned:ident $value:ident))+) => {
        #[diagnostic::do_not_recommend]
        impl<$($handle: PropertyName, $returned: IntoProperty<$handle::Value>),+>
            IntoAnswer<($(Output<$handle>,)+)> for ($($returned,)+)
        {
            fn into_answer(self, _: Sealed) -> Result<Answer, CallbackError> {
                let ($($value,)+) = self;
                let mut answer = Answer::default();
                $(answer.push($value)?;)+
                Ok(answer)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($handle,)+ R, X> IntoAnswer<($(Output<$handle>,)+)> for Result<R, X>
        where
            R: IntoAnswer<($(Output<$handle>,)+)>,
            X: Into<CallbackError>,
        {
            fn into_answer(self, _: Sealed) -> Result<Answer, CallbackError> {
                self.map_err(Into::into)?.into_answer(Sealed)
            }
        }
    };
}

crate::arity::one_to_twelve!(answers);
