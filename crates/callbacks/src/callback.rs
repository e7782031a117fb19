//! The functions that may be callbacks, and what the app keeps of them.
//!
//! # How a wrong function becomes a precise compiler error
//!
//! A web framework usually infers what a handler takes from the handler. Here the declaration comes first, and says it all:
//!
//! ```text
//! .callback(Output(content.children()),  Input(input.value()),   update_output)
//!           └ O = Output<Property<Children>>                     └ F
//!                                        └ A = Input<Property<String>>
//!                                          A::Values = (Option<String>,)
//!
//!  so the bound on F is   Function<(Option<String>,), Output<Property<Children>>>
//!  which only holds for   F: Fn(Option<String>) -> Fut,  Fut::Output: IntoAnswer<Output<Property<Children>>>
//! ```
//!
//! There is one candidate implementation for each number of arguments, and its types are all known when the compiler
//! looks at `F`. So a wrong parameter, a wrong number of them, a wrong return value, a function that is not `async` and a
//! future that cannot be sent to another thread are five different errors, each at the function. `tests/compiler_messages`
//! holds what the compiler says to each.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::answer::{Answer, IntoAnswer};
use crate::dependency::{Arguments, Declaration, Outputs};
use crate::error::CallbackError;
use crate::request::{ArgumentError, Arguments as Sent};

/// An `async` function or closure whose parameters are `A` and whose return value fits the outputs `O`.
///
/// It is implemented for every such function; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a callback for these inputs and outputs",
    label = "this function's parameters are not `{A}`",
    note = "a callback is an `async fn` with one parameter for each `Input`, `State` and `Ctx`, in the order of their declaration"
)]
pub trait Function<A, O>: Send + Sync + 'static {
    /// Calls the function; the future holds its answer.
    fn call(
        &self,
        arguments: A,
    ) -> impl Future<Output = Result<Answer, CallbackError>> + Send + 'static;
}

// ANCHOR: functions
macro_rules! functions {
    ($(($argument:ident $_returned:ident $value:ident))+) => {
        impl<Func, Fut, Ret, Out, $($argument),+> Function<($($argument,)+), Out> for Func
        where
            Func: Fn($($argument),+) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = Ret> + Send + 'static,
            Ret: IntoAnswer<Out> + 'static,
            Out: 'static,
        {
            fn call(
                &self,
                ($($value,)+): ($($argument,)+),
            ) -> impl Future<Output = Result<Answer, CallbackError>> + Send + 'static {
                self($($value),+).map(IntoAnswer::into_answer)
            }
        }
    };
}

crate::arity::one_to_twelve!(functions);
// ANCHOR_END: functions

/// How a call of a callback ended, other than with an answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It returned an error.
    Error(CallbackError),
    /// It panicked, with this message.
    Panic(String),
    /// It was given up after this time.
    Timeout(Duration),
}

type Run = dyn Fn(Sent<'_>) -> Result<BoxFuture<'static, Result<Answer, Failure>>, ArgumentError>
    + Send
    + Sync;

/// A callback as the app keeps it.
pub(crate) struct Callback {
    /// The function's path, for people: `global_variable::update_output`.
    pub(crate) name: &'static str,
    /// What names it on the wire: `content.children`, or `..a.children...b.children..` for several outputs.
    pub(crate) key: String,
    pub(crate) declaration: Declaration,
    pub(crate) prevent_initial_call: bool,
    run: Box<Run>,
}

impl Callback {
    // ANCHOR: new
    pub(crate) fn new<O, A, F>(outputs: O, arguments: A, function: F) -> Self
    where
        O: Outputs,
        A: Arguments,
        F: Function<A::Values, O>,
    {
        let mut declaration = Declaration::default();
        outputs.declare(&mut declaration);
        arguments.declare(&mut declaration);
        Self {
            name: std::any::type_name::<F>(),
            key: declaration.key(),
            declaration,
            prevent_initial_call: false,
            run: Box::new(move |sent| {
                let arguments = A::read(sent)?;
                // Calling the function only makes its future, unless it is a plain function that returns one: that may panic too.
                let answer =
                    std::panic::catch_unwind(AssertUnwindSafe(|| function.call(arguments)));
                Ok(match answer {
                    Ok(answer) => caught(answer).boxed(),
                    Err(panic) => std::future::ready(Err(Failure::from_panic(&*panic))).boxed(),
                })
            }),
        }
    }
    // ANCHOR_END: new

    /// Reads the arguments, and gives the future that runs the function.
    pub(crate) fn call(
        &self,
        sent: Sent<'_>,
    ) -> Result<BoxFuture<'static, Result<Answer, Failure>>, ArgumentError> {
        (self.run)(sent)
    }

    /// What an error of this callback says in the log. A value that cannot be written is named by its output.
    pub(crate) fn cause(&self, error: &CallbackError) -> String {
        let unwritable = error.unwritable_output().and_then(|(place, reason)| {
            let output = self.declaration.outputs.get(place)?;
            Some(format!(
                "the value for `{output}` cannot be written as JSON: {reason}"
            ))
        });
        unwritable.unwrap_or_else(|| error.to_string())
    }

    /// The outputs for people: `a.children and b.children`.
    pub(crate) fn outputs(&self) -> String {
        let names: Vec<String> = self
            .declaration
            .outputs
            .iter()
            .map(ToString::to_string)
            .collect();
        match names.split_last() {
            Some((last, first)) if !first.is_empty() => {
                format!("`{}` and `{last}`", first.join("`, `"))
            }
            _ => format!("`{}`", names.concat()),
        }
    }
}

async fn caught(
    answer: impl Future<Output = Result<Answer, CallbackError>> + Send + 'static,
) -> Result<Answer, Failure> {
    match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(answer) => answer.map_err(Failure::Error),
        Err(panic) => Err(Failure::from_panic(&*panic)),
    }
}

impl Failure {
    fn from_panic(panic: &(dyn std::any::Any + Send)) -> Self {
        let message = panic
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Self::Panic(message.unwrap_or_else(|| "a panic without a message".to_owned()))
    }
}

impl Declaration {
    /// What names a callback on the wire.
    fn key(&self) -> String {
        let names: Vec<String> = self.outputs.iter().map(ToString::to_string).collect();
        if self.several_outputs {
            format!("..{}..", names.join("..."))
        } else {
            names.concat()
        }
    }
}
