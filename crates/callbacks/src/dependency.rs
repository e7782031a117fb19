//! What a callback is declared with: [`Output`], [`Input`], [`State`] and [`Ctx`], one or a tuple of them.

use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::property::{Dependency, Handle};
use crate::request::{ArgumentError, Arguments as Sent};

/// A property that the callback writes: Dash's `Output`.
///
/// Several outputs are a tuple, and the callback then returns a tuple: `(Output(a.children()), Output(b.children()))`.
#[derive(Clone, Copy, Debug)]
pub struct Output<H>(pub H);

/// A property that the callback reads and that triggers it when it changes: Dash's `Input`.
#[derive(Clone, Copy, Debug)]
pub struct Input<H>(pub H);

/// A property that the callback reads, as it is when the callback is called, and that triggers nothing: Dash's `State`.
#[derive(Clone, Copy, Debug)]
pub struct State<H>(pub H);

/// Asks for the [`Context`] of the call as an argument: Dash's `ctx`.
///
/// ```
/// use callbacks::{App, Context, Ctx, Input, Output, html};
///
/// let (more, less) = (html::Button::new("more"), html::Button::new("less"));
/// let count = html::Span::new("count");
/// let app = App::new("Counter").callback(
///     Output(count.children()),
///     (Input(more.n_clicks()), Input(less.n_clicks()), Ctx),
///     async |more: Option<u64>, less: Option<u64>, ctx: Context| {
///         let last = ctx.triggered_id().unwrap_or("nothing");
///         format!("{} more, {} less, last: {last}", more.unwrap_or(0), less.unwrap_or(0))
///     },
/// );
/// # let _ = app;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ctx;

/// The wire's half of a callback's declaration.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    pub(crate) outputs: Vec<Dependency>,
    pub(crate) several_outputs: bool,
    pub(crate) inputs: Vec<Dependency>,
    pub(crate) state: Vec<Dependency>,
}

/// One argument of a callback, as it is declared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an argument of a callback",
    label = "neither an `Input`, nor a `State`, nor `Ctx`",
    note = "say how the callback reads the property: `Input(input.value())` or `State(input.value())`"
)]
pub trait Argument {
    /// The type of the function's parameter.
    type Value;

    /// Adds itself to what `/_dash-dependencies` lists.
    fn declare(self, declaration: &mut Declaration);

    /// Reads its value from a request.
    ///
    /// # Errors
    ///
    /// The request's value is of another type.
    fn read(sent: &mut Sent<'_>) -> Result<Self::Value, ArgumentError>;
}

// ANCHOR: input
impl<H: Handle> Argument for Input<H>
where
    H::Value: DeserializeOwned,
{
    type Value = Option<H::Value>;

    fn declare(self, declaration: &mut Declaration) {
        declaration.inputs.push(self.0.into_dependency());
    }

    fn read(sent: &mut Sent<'_>) -> Result<Self::Value, ArgumentError> {
        sent.input()
    }
}
// ANCHOR_END: input

impl<H: Handle> Argument for State<H>
where
    H::Value: DeserializeOwned,
{
    type Value = Option<H::Value>;

    fn declare(self, declaration: &mut Declaration) {
        declaration.state.push(self.0.into_dependency());
    }

    fn read(sent: &mut Sent<'_>) -> Result<Self::Value, ArgumentError> {
        sent.state()
    }
}

impl Argument for Ctx {
    type Value = Context;

    fn declare(self, _: &mut Declaration) {}

    fn read(sent: &mut Sent<'_>) -> Result<Self::Value, ArgumentError> {
        Ok(sent.context())
    }
}

/// The arguments of a callback: one [`Argument`] or a tuple of up to 12.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare the arguments of a callback",
    label = "not an `Input`, a `State`, `Ctx`, or a tuple of up to 12 of them",
    note = "say how the callback reads the property: `Input(input.value())` or `State(input.value())`"
)]
pub trait Arguments {
    /// The types of the function's parameters, as a tuple.
    type Values;

    /// Adds them to what `/_dash-dependencies` lists.
    fn declare(self, declaration: &mut Declaration);

    /// Reads their values from a request.
    ///
    /// # Errors
    ///
    /// One of the request's values is of another type.
    fn read(sent: Sent<'_>) -> Result<Self::Values, ArgumentError>;
}

impl<A: Argument> Arguments for A {
    type Values = (A::Value,);

    fn declare(self, declaration: &mut Declaration) {
        Argument::declare(self, declaration);
    }

    fn read(mut sent: Sent<'_>) -> Result<Self::Values, ArgumentError> {
        Ok((A::read(&mut sent)?,))
    }
}

/// The outputs of a callback: one [`Output`] or a tuple of up to 12.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare the outputs of a callback",
    label = "not an `Output`, or a tuple of up to 12 of them",
    note = "say that the callback writes the property: `Output(content.children())`"
)]
pub trait Outputs {
    /// Adds them to what `/_dash-dependencies` lists.
    fn declare(self, declaration: &mut Declaration);
}

impl<H: Handle> Outputs for Output<H> {
    fn declare(self, declaration: &mut Declaration) {
        declaration.outputs.push(self.0.into_dependency());
    }
}

macro_rules! arguments {
    ($(($argument:ident $_returned:ident $value:ident))+) => {
        impl<$($argument: Argument),+> Arguments for ($($argument,)+) {
            type Values = ($($argument::Value,)+);

            fn declare(self, declaration: &mut Declaration) {
                let ($($value,)+) = self;
                $($value.declare(declaration);)+
            }

            fn read(mut sent: Sent<'_>) -> Result<Self::Values, ArgumentError> {
                Ok(($($argument::read(&mut sent)?,)+))
            }
        }
    };
}

macro_rules! outputs {
    ($(($handle:ident $_returned:ident $output:ident))+) => {
        impl<$($handle: Handle),+> Outputs for ($(Output<$handle>,)+) {
            fn declare(self, declaration: &mut Declaration) {
                let ($($output,)+) = self;
                declaration.several_outputs = true;
                $(declaration.outputs.push($output.0.into_dependency());)+
            }
        }
    };
}

crate::arity::one_to_twelve!(arguments);
crate::arity::one_to_twelve!(outputs);
