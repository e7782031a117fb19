//! What a callback is declared with: [`Output`], [`Input`], [`State`], [`Trigger`], [`With`] and [`Ctx`], one or a tuple of them.

use serde::de::DeserializeOwned;

use crate::declaration::Declaration;
use crate::property::PropertyName;
use crate::request::{ArgumentError, ArgumentReader};
use crate::sealed::Sealed;
use crate::tuple::Tuple;

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

/// A property whose change triggers the callback, which does not read it: an `Input` on the wire, and no parameter of the function.
///
/// ```
/// use callbacks::{App, Output, State, Trigger, dcc, html};
///
/// let (name, button) = (dcc::Input::new("name"), html::Button::new("button"));
/// let greeting = html::P::new("greeting");
/// let app = App::new("Greeting")
///     .callback(
///         Output(greeting.children()),
///         (Trigger(button.n_clicks()), State(name.value())),
///         async |name: Option<String>| format!("Hello, {}!", name.unwrap_or_default()),
///     )
///     .prevent_initial_call(true);
/// # let _ = app;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Trigger<H>(pub H);

/// A value of the app's own that each call gets a clone of, such as a store or a pool of connections.
///
/// Dash has no word for it: a Python callback uses a variable of its module.
///
/// ```
/// use std::sync::Arc;
/// use callbacks::{App, Input, Output, With, dcc, html};
///
/// let greetings: Arc<[&str]> = Arc::new(["Hello", "Good day"]);
/// let (name, greeting) = (dcc::Input::new("name"), html::P::new("greeting"));
/// let app = App::new("Greeting").callback(
///     Output(greeting.children()),
///     (Input(name.value()), With(greetings)),
///     async |name: Option<String>, greetings: Arc<[&'static str]>| {
///         format!("{}, {}!", greetings[0], name.unwrap_or_default())
///     },
/// );
/// # let _ = app;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct With<V>(pub V);

/// Asks for the [`Context`](crate::Context) of the call as an argument: Dash's `ctx`.
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

/// One argument of a callback, as it is declared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an argument of a callback",
    label = "not an `Input`, a `State`, a `Trigger`, a `With` or `Ctx`",
    note = "say how the callback reads the property: `Input(input.value())` or `State(input.value())`",
    note = "what an `Input` or a `State` reads implements `serde::Deserialize`, and what `With` holds is `Clone`, `Send` and `Sync`"
)]
pub trait Argument: Send + Sync + 'static {
    /// The function's parameters up to and with this one, when those before it are `T`.
    type After<T: Tuple>: Tuple;

    /// Adds itself to what `/_dash-dependencies` lists.
    #[doc(hidden)]
    fn declare(&self, declaration: &mut Declaration, _: Sealed);

    /// Reads its value from a request, and adds it to those that were read before.
    #[doc(hidden)]
    fn read<T: Tuple>(
        &self,
        before: T,
        reader: &mut ArgumentReader<'_>,
    ) -> Result<Self::After<T>, ArgumentError>;
}

// ANCHOR: input
impl<H: PropertyName> Argument for Input<H>
where
    H::Value: DeserializeOwned,
{
    type After<T: Tuple> = T::Push<Option<H::Value>>;

    fn declare(&self, declaration: &mut Declaration, _: Sealed) {
        declaration.inputs.push(self.0.dependency());
    }

    fn read<T: Tuple>(
        &self,
        before: T,
        reader: &mut ArgumentReader<'_>,
    ) -> Result<Self::After<T>, ArgumentError> {
        Ok(before.push(reader.input()?))
    }
}
// ANCHOR_END: input

impl<H: PropertyName> Argument for State<H>
where
    H::Value: DeserializeOwned,
{
    type After<T: Tuple> = T::Push<Option<H::Value>>;

    fn declare(&self, declaration: &mut Declaration, _: Sealed) {
        declaration.state.push(self.0.dependency());
    }

    fn read<T: Tuple>(
        &self,
        before: T,
        reader: &mut ArgumentReader<'_>,
    ) -> Result<Self::After<T>, ArgumentError> {
        Ok(before.push(reader.state()?))
    }
}

impl<H: PropertyName> Argument for Trigger<H> {
    type After<T: Tuple> = T;

    fn declare(&self, declaration: &mut Declaration, _: Sealed) {
        declaration.inputs.push(self.0.dependency());
    }

    fn read<T: Tuple>(
        &self,
        before: T,
        reader: &mut ArgumentReader<'_>,
    ) -> Result<T, ArgumentError> {
        reader.skip_input();
        Ok(before)
    }
}

impl<V: Clone + Send + Sync + 'static> Argument for With<V> {
    type After<T: Tuple> = T::Push<V>;

    fn declare(&self, _: &mut Declaration, _: Sealed) {}

    fn read<T: Tuple>(
        &self,
        before: T,
        _: &mut ArgumentReader<'_>,
    ) -> Result<Self::After<T>, ArgumentError> {
        Ok(before.push(self.0.clone()))
    }
}

impl Argument for Ctx {
    type After<T: Tuple> = T::Push<crate::Context>;

    fn declare(&self, _: &mut Declaration, _: Sealed) {}

    fn read<T: Tuple>(
        &self,
        before: T,
        reader: &mut ArgumentReader<'_>,
    ) -> Result<Self::After<T>, ArgumentError> {
        Ok(before.push(reader.context()))
    }
}

/// The arguments of a callback: one [`Argument`] or a tuple of up to 12.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare the arguments of a callback",
    label = "not an `Input`, a `State`, a `Trigger`, a `With`, `Ctx`, or a tuple of up to 12 of them",
    note = "say how the callback reads the property: `Input(input.value())` or `State(input.value())`",
    note = "what an `Input` or a `State` reads implements `serde::Deserialize`, and what `With` holds is `Clone`, `Send` and `Sync`"
)]
pub trait Arguments: Send + Sync + 'static {
    /// The types of the function's parameters, as a tuple.
    type Values: Tuple;

    /// Adds them to what `/_dash-dependencies` lists.
    #[doc(hidden)]
    fn declare(&self, declaration: &mut Declaration, _: Sealed);

    /// Reads their values from a request.
    #[doc(hidden)]
    fn read(&self, reader: ArgumentReader<'_>) -> Result<Self::Values, ArgumentError>;
}

impl<A: Argument> Arguments for A {
    type Values = A::After<()>;

    fn declare(&self, declaration: &mut Declaration, _: Sealed) {
        Argument::declare(self, declaration, Sealed);
    }

    fn read(&self, mut reader: ArgumentReader<'_>) -> Result<Self::Values, ArgumentError> {
        Argument::read(self, (), &mut reader)
    }
}

/// The outputs of a callback: one [`Output`] or a tuple of up to 12.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare the outputs of a callback",
    label = "not an `Output`, or a tuple of up to 12 of them",
    note = "say that the callback writes the property: `Output(content.children())`"
)]
pub trait Outputs {
    /// The outputs as [`IntoAnswer`](crate::IntoAnswer) knows them: themselves.
    type Declared;

    /// Adds them to what `/_dash-dependencies` lists.
    #[doc(hidden)]
    fn declare(self, declaration: &mut Declaration, _: Sealed);
}

impl<H: PropertyName> Outputs for Output<H> {
    type Declared = Self;

    fn declare(self, declaration: &mut Declaration, _: Sealed) {
        declaration.outputs.push(self.0.dependency());
    }
}

/// The parameters after all these arguments.
macro_rules! values {
    ($before:ty;) => { $before };
    ($before:ty; $next:ident $($rest:ident)*) => { values!(<$next as Argument>::After<$before>; $($rest)*) };
}

macro_rules! arguments {
    ($(($argument:ident $_returned:ident $value:ident))+) => {
        #[diagnostic::do_not_recommend]
        impl<$($argument: Argument),+> Arguments for ($($argument,)+) {
            type Values = values!((); $($argument)+);

            fn declare(&self, declaration: &mut Declaration, _: Sealed) {
                let ($($value,)+) = self;
                $($value.declare(declaration, Sealed);)+
            }

            fn read(&self, mut reader: ArgumentReader<'_>) -> Result<Self::Values, ArgumentError> {
                let ($($value,)+) = self;
                let values = ();
                $(let values = $value.read(values, &mut reader)?;)+
                Ok(values)
            }
        }
    };
}

macro_rules! outputs {
    ($(($handle:ident $_returned:ident $output:ident))+) => {
        #[diagnostic::do_not_recommend]
        impl<$($handle: PropertyName),+> Outputs for ($(Output<$handle>,)+) {
            type Declared = Self;

            fn declare(self, declaration: &mut Declaration, _: Sealed) {
                let ($($output,)+) = self;
                declaration.several_outputs = true;
                $(declaration.outputs.push($output.0.dependency());)+
            }
        }
    };
}

crate::arity::one_to_twelve!(arguments);
crate::arity::one_to_twelve!(outputs);
