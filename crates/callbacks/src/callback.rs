//! The functions that may be callbacks, and what the app keeps of them.
//!
//! # How a wrong function becomes a precise compiler error
//!
//! A web framework usually infers what a handler takes from the handler. Here the declaration comes first and fixes everything:
//!
//! ```text
//! .callback(Output(content.children()),  Input(input.value()),   update_output)
//!           └ O = Output<Property<Children>>                     └ F
//!                                        └ A = Input<Property<String>>
//!                                          A::Values = (Option<String>,)
//!
//!  so the bound on F is   CallbackFn<(Option<String>,), Output<Property<Children>>>
//!  which only holds for   F: Fn(Option<String>) -> Fut,  Fut::Output: IntoAnswer<Output<Property<Children>>>
//! ```
//!
//! There is one candidate implementation for each number of arguments, and its types are all known when the compiler
//! looks at `F`. So a wrong parameter, a wrong number of them, a wrong return value, a function that is not `async` and a
//! future that cannot be sent to another thread are five different errors, each at the function. `tests/compiler_messages`
//! records the compiler's message for each.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::answer::{Answer, IntoAnswer};
use crate::declaration::Declaration;
use crate::dependency::{Arguments, Outputs};
use crate::error::CallbackError;
use crate::failure::Failure;
use crate::panic::{self, caught_async};
use crate::request::{ArgumentError, ArgumentReader};
use crate::sealed::Sealed;

/// An `async` function or closure whose parameters are `A` and whose return value fits the outputs `O`.
///
/// It is implemented for every such function; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a callback for these inputs and outputs",
    label = "this function's parameters are not `{A}`",
    note = "a callback is an `async fn` with one parameter for each `Input`, `State`, `With` and `Ctx`, in the order of their declaration"
)]
pub trait CallbackFn<A, O>: Send + Sync + 'static {
    /// Calls the function; the future holds its answer.
    #[doc(hidden)]
    fn call(
        &self,
        arguments: A,
        _: Sealed,
    ) -> impl Future<Output = Result<Answer, CallbackError>> + Send + 'static;
}

// ANCHOR: functions
macro_rules! functions {
    ($(($argument:ident $_returned:ident $value:ident))+) => {
        functions!(@ [$($argument)+] [$($value)+]);
    };
    (@ [$($argument:ident)*] [$($value:ident)*]) => {
        impl<Func, Fut, Ret, Out, $($argument),*> CallbackFn<($($argument,)*), Out> for Func
        where
            Func: Fn($($argument),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = Ret> + Send + 'static,
            Ret: IntoAnswer<Out> + 'static,
            Out: 'static,
        {
            fn call(
                &self,
                ($($value,)*): ($($argument,)*),
                _: Sealed,
            ) -> impl Future<Output = Result<Answer, CallbackError>> + Send + 'static {
                self($($value),*).map(|returned| returned.into_answer(Sealed))
            }
        }
    };
}

// A callback whose inputs are all triggers has no parameter.
functions!(@ [] []);
crate::arity::one_to_twelve!(functions);
// ANCHOR_END: functions

/// A call that has begun.
pub(crate) type CallFuture = BoxFuture<'static, Result<Answer, Failure>>;

type Begin = dyn Fn(ArgumentReader<'_>) -> Result<CallFuture, ArgumentError> + Send + Sync;

/// A callback as the app keeps it.
pub(crate) struct Callback {
    /// What names it on the wire: `content.children`, or `..a.children...b.children..` for several outputs.
    pub(crate) key: Arc<str>,
    pub(crate) declaration: Declaration,
    pub(crate) prevent_initial_call: bool,
    begin: Box<Begin>,
}

impl Callback {
    // ANCHOR: new
    pub(crate) fn new<O, A, F>(outputs: O, arguments: A, function: F) -> Self
    where
        O: Outputs,
        A: Arguments,
        F: CallbackFn<A::Values, O::Declared>,
    {
        let mut declaration = Declaration {
            function: std::any::type_name::<F>(),
            ..Declaration::default()
        };
        outputs.declare(&mut declaration, Sealed);
        arguments.declare(&mut declaration, Sealed);
        Self {
            key: declaration.key().into(),
            declaration,
            prevent_initial_call: false,
            begin: Box::new(move |reader| {
                let arguments = arguments.read(reader)?;
                let answer = function.call(arguments, Sealed);
                Ok(caught_async(answer).map(Failure::of_outcome).boxed())
            }),
        }
    }
    // ANCHOR_END: new

    /// Reads the arguments, and gives the future that runs the function.
    ///
    /// Reading runs the `Deserialize` of the app's types, and calling a plain function that returns a future runs its body: both may panic.
    pub(crate) fn begin(&self, reader: ArgumentReader<'_>) -> Result<CallFuture, ArgumentError> {
        panic::caught(|| (self.begin)(reader))
            .unwrap_or_else(|panic| Ok(std::future::ready(Err(Failure::Panic(panic))).boxed()))
    }
}
