//! The setting that says who makes the first calls.

use std::str::FromStr;

/// Who makes the calls that fill a page when it is opened. As text it is `browser` or `server`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InitialCalls {
    /// The browser, when it has the layout, as in Dash: a request for each callback.
    #[default]
    Browser,
    /// The server, before it answers: the page arrives with its outputs.
    ///
    /// A callback that reads what only the browser knows, the data of a `local` or `session` [`Store`](crate::dcc::Store), is
    /// still called by the browser, and so is every callback that depends on it, or that failed on the server.
    Server,
}

impl FromStr for InitialCalls {
    type Err = UnknownInitialCalls;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "browser" => Ok(Self::Browser),
            "server" => Ok(Self::Server),
            other => Err(UnknownInitialCalls(other.to_owned())),
        }
    }
}

/// A text that is not one of [`InitialCalls`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot make the initial calls; expected `browser` or `server`")]
pub struct UnknownInitialCalls(String);
