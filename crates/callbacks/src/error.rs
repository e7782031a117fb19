//! What a callback may fail with.

use std::error::Error;
use std::fmt;
use std::panic::Location;

use http::StatusCode;

/// Leaves all outputs as they are: the answer is 204, and what depends on them is not called (Dash's `PreventUpdate`).
///
/// ```
/// use callbacks::PreventUpdate;
///
/// async fn store(clicks: Option<u64>) -> Result<String, PreventUpdate> {
///     let clicks = clicks.ok_or(PreventUpdate)?;
///     Ok(format!("{clicks} clicks"))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreventUpdate;

/// Why a callback has no answer. Any error becomes one through `?`.
///
/// The browser gets status 500 and one sentence that names the callback's outputs. The error itself goes to the log, and to the
/// page [while debugging](crate::App::debug) only, because it may reveal internals. Two kinds of errors have a sentence that the person
/// at the page should read: [`refused`](Self::refused) if what they sent is wrong, [`public`](Self::public) if something else is.
///
/// ```
/// use callbacks::{CallbackError, PreventUpdate};
///
/// async fn parse(text: Option<String>) -> Result<f64, CallbackError> {
///     let text = text.ok_or(PreventUpdate)?;
///     Ok(text.parse::<f64>()?)
/// }
/// ```
#[derive(Debug)]
pub struct CallbackError {
    cause: Cause,
    /// Where it became one, in the app's code: for an error that `?` has turned into one, the place of the `?`.
    location: &'static Location<'static>,
}

#[derive(Debug)]
enum Cause {
    PreventUpdate,
    Refused(String),
    Public(String),
    Private(Box<dyn Error + Send + Sync>),
    /// A value that cannot be written as JSON: the place of its output among the callback's, and why.
    Unwritable {
        output: usize,
        reason: String,
    },
}

impl CallbackError {
    /// What the person at the page sent cannot be used: status 422, and the sentence is shown on the page. It is not an error of the app.
    #[track_caller]
    pub fn refused(sentence: impl fmt::Display) -> Self {
        Self::of(Cause::Refused(sentence.to_string()))
    }

    /// An error whose sentence is shown on the page: status 500.
    #[track_caller]
    pub fn public(sentence: impl fmt::Display) -> Self {
        Self::of(Cause::Public(sentence.to_string()))
    }

    /// An error that only the log shows: status 500. `?` makes one of any error; this is for those that have no conversion, such as a boxed one.
    #[track_caller]
    pub fn private(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::of(Cause::Private(error.into()))
    }

    #[track_caller]
    fn of(cause: Cause) -> Self {
        Self {
            cause,
            location: Location::caller(),
        }
    }

    /// Whether it is [`PreventUpdate`], which is no failure.
    #[must_use]
    pub fn is_prevent_update(&self) -> bool {
        matches!(self.cause, Cause::PreventUpdate)
    }

    /// Whether the person's input is to blame, and not the app.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.cause, Cause::Refused(_))
    }

    /// The status of an answer that is this error.
    pub(crate) fn status(&self) -> StatusCode {
        match self.cause {
            Cause::PreventUpdate => StatusCode::NO_CONTENT,
            Cause::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Cause::Public(_) | Cause::Private(_) | Cause::Unwritable { .. } => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// The place in the app's code where it became an error; none for a value that cannot be written, whose place is its output.
    pub(crate) fn location(&self) -> Option<&'static Location<'static>> {
        let is_value = matches!(self.cause, Cause::Unwritable { .. });
        (!is_value).then_some(self.location)
    }

    /// The sentence for the page, if there is one.
    pub(crate) fn sentence(&self) -> Option<&str> {
        match &self.cause {
            Cause::Refused(sentence) | Cause::Public(sentence) => Some(sentence),
            Cause::PreventUpdate | Cause::Private(_) | Cause::Unwritable { .. } => None,
        }
    }

    pub(crate) fn unwritable(error: &dyn fmt::Display) -> Self {
        Self::of(Cause::Unwritable {
            output: 0,
            reason: error.to_string(),
        })
    }

    /// The same error, if it is about a value: it was to be the one of the output at this place.
    pub(crate) fn at_output(mut self, place: usize) -> Self {
        if let Cause::Unwritable { output, .. } = &mut self.cause {
            *output = place;
        }
        self
    }

    /// For a value that cannot be written: the place of its output, and why.
    pub(crate) fn unwritable_output(&self) -> Option<(usize, &str)> {
        match &self.cause {
            Cause::Unwritable { output, reason } => Some((*output, reason)),
            Cause::PreventUpdate | Cause::Refused(_) | Cause::Public(_) | Cause::Private(_) => None,
        }
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::PreventUpdate => f.write_str("the callback prevented the update"),
            Cause::Refused(sentence) | Cause::Public(sentence) => f.write_str(sentence),
            Cause::Unwritable { reason, .. } => {
                write!(f, "the value cannot be written as JSON: {reason}")
            }
            Cause::Private(error) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

// `CallbackError` is deliberately no `std::error::Error`: only then can every error become one through `?`.
impl<E: Error + Send + Sync + 'static> From<E> for CallbackError {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::private(error)
    }
}

impl From<PreventUpdate> for CallbackError {
    #[track_caller]
    fn from(_: PreventUpdate) -> Self {
        Self::of(Cause::PreventUpdate)
    }
}
