//! The app: a layout, its callbacks and a few settings, which turn into a router.

use std::time::Duration;

use axum::Router;
use serde_json::Value;

use crate::callback::{Callback, CallbackFn};
use crate::children::IntoChildren;
use crate::dependency::{Arguments, Outputs};
use crate::initial_calls::InitialCalls;
use crate::node::Children;

pub(crate) type LayoutFunction = dyn Fn() -> Children + Send + Sync;

pub(crate) enum Layout {
    Missing,
    Value(Children),
    Function(Box<LayoutFunction>),
}

/// An app: Dash's `Dash(__name__)` with its layout and callbacks.
///
/// It reads no file, clock, environment variable or argument. [`into_router`](Self::into_router) turns it into an
/// [`axum::Router`], around which any `tower` layer fits.
///
/// ```
/// use callbacks::{App, Input, Output, dcc, html};
///
/// fn app() -> App {
///     let input = dcc::Input::new("input");
///     let content = html::H1::new("content");
///     App::new("Echo")
///         .callback(Output(content.children()), Input(input.value()), echo)
///         .layout(html::div((input, content)).class("container"))
/// }
///
/// async fn echo(value: Option<String>) -> Option<String> {
///     value
/// }
///
/// let router: axum::Router = app().into_router()?;
/// # let _ = router;
/// # Ok::<(), callbacks::StartError>(())
/// ```
#[must_use = "an app does nothing until it is turned into a router"]
pub struct App {
    pub(crate) title: String,
    pub(crate) layout: Layout,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) initial_calls: InitialCalls,
    pub(crate) lang: String,
    pub(crate) update_title: Option<String>,
    pub(crate) heading: bool,
    pub(crate) look: bool,
    pub(crate) requests_pathname_prefix: Option<String>,
    pub(crate) external_stylesheets: Vec<String>,
    pub(crate) files: Vec<AppFile>,
    pub(crate) about: Option<Link>,
    pub(crate) operation: Option<Value>,
    pub(crate) suppress_callback_exceptions: bool,
    pub(crate) body_limit: usize,
    pub(crate) callback_timeout: Option<Duration>,
    pub(crate) max_callbacks: Option<usize>,
    pub(crate) debug: bool,
    pub(crate) stage: Option<Value>,
    pub(crate) hot_reload: Option<Box<ReloadFunction>>,
    pub(crate) router_functions: Vec<Box<RouterFunction>>,
    /// Set when a setting of a callback was made before there was one.
    pub(crate) misplaced_setting: bool,
}

/// What `/_reload-hash` answers at this moment.
pub(crate) type ReloadFunction = dyn Fn() -> Value + Send + Sync;

/// What is put around an app's routes.
pub(crate) type RouterFunction = dyn FnOnce(Router) -> Router + Send + Sync;

/// A script or a style sheet of the app's own, served from its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AppFile {
    pub(crate) kind: FileKind,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Script,
    Style,
}

/// A link of the page, beside what its layout holds.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) address: String,
    pub(crate) words: String,
}

/// The largest body of a callback's request unless [`App::body_limit`] says otherwise: 2 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 2 * 1024 * 1024;

impl App {
    /// An app with this title, no layout and no callbacks.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            layout: Layout::Missing,
            callbacks: Vec::new(),
            initial_calls: InitialCalls::default(),
            lang: "en".to_owned(),
            update_title: Some("Updating...".to_owned()),
            heading: true,
            look: true,
            requests_pathname_prefix: None,
            external_stylesheets: Vec::new(),
            files: Vec::new(),
            about: None,
            operation: None,
            suppress_callback_exceptions: false,
            body_limit: DEFAULT_BODY_LIMIT,
            callback_timeout: None,
            max_callbacks: None,
            debug: false,
            stage: None,
            hot_reload: None,
            router_functions: Vec::new(),
            misplaced_setting: false,
        }
    }

    /// Adds a callback: Dash's `@app.callback(outputs, arguments)` above a function.
    ///
    /// The function has a parameter for each [`Input`](crate::Input), [`State`](crate::State), [`With`](crate::With) and
    /// [`Ctx`](crate::Ctx), in their order; a [`Trigger`](crate::Trigger) has none. A property of type `T` arrives as `Option<T>`.
    /// [`IntoProperty`](crate::IntoProperty) lists what the function may return: one value for one output, a tuple for several, and a
    /// `Result` of either if it can fail.
    ///
    /// A call that has begun runs to its end, even if its client leaves: the page is reloaded, the tab is closed. Only the answer is dropped.
    /// So it is under gunicorn. A [time limit](Self::callback_timeout) still holds. A program that leaves can wait for such calls: see
    /// [`CallGuard`](crate::CallGuard).
    ///
    /// ```
    /// use callbacks::{App, CallbackError, Input, Output, PreventUpdate, State, dcc, html};
    ///
    /// let (name, button) = (dcc::Input::new("name"), html::Button::new("button"));
    /// let (greeting, count) = (html::P::new("greeting"), html::P::new("count"));
    /// let app = App::new("Greeting").callback(
    ///     (Output(greeting.children()), Output(count.children())),
    ///     (Input(button.n_clicks()), State(name.value())),
    ///     greet,
    /// );
    ///
    /// async fn greet(clicks: Option<u64>, name: Option<String>) -> Result<(String, u64), CallbackError> {
    ///     let clicks = clicks.ok_or(PreventUpdate)?;
    ///     Ok((format!("Hello, {}!", name.unwrap_or_default()), clicks))
    /// }
    /// # let _ = app;
    /// ```
    pub fn callback<O, A, F>(mut self, outputs: O, arguments: A, function: F) -> Self
    where
        O: Outputs,
        A: Arguments,
        F: CallbackFn<A::Values, O::Declared>,
    {
        self.callbacks
            .push(Callback::new(outputs, arguments, function));
        self
    }

    /// Whether the callback that was just added is left alone when a page is opened: Dash's `prevent_initial_call=True`.
    ///
    /// If another callback's first answer changes one of its inputs it is called all the same, as in Dash.
    pub fn prevent_initial_call(mut self, prevent: bool) -> Self {
        match self.callbacks.last_mut() {
            Some(callback) => callback.prevent_initial_call = prevent,
            None => self.misplaced_setting = true,
        }
        self
    }

    /// Sets the layout: the same components for every page. It is one component, or a list of them.
    pub fn layout(mut self, layout: impl IntoChildren) -> Self {
        self.layout = Layout::Value(layout.into_children());
        self
    }

    /// Sets the layout as a function that is run for each page that is opened: Dash's `app.layout = serve_layout`.
    ///
    /// It is also run once when the app starts, to check the callbacks against it.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU32, Ordering};
    /// use callbacks::{App, html};
    ///
    /// static PAGES: AtomicU32 = AtomicU32::new(0);
    ///
    /// let app = App::new("Pages").layout_with(|| {
    ///     let page = PAGES.fetch_add(1, Ordering::Relaxed);
    ///     html::p(format!("This is page {page} of this worker."))
    /// });
    /// # let _ = app;
    /// ```
    pub fn layout_with<C: IntoChildren>(
        mut self,
        layout: impl Fn() -> C + Send + Sync + 'static,
    ) -> Self {
        self.layout = Layout::Function(Box::new(move || layout().into_children()));
        self
    }

    /// Sets who makes the calls that fill a page when it is opened. Unless set, the browser does, as in Dash.
    pub fn initial_calls(mut self, initial_calls: InitialCalls) -> Self {
        self.initial_calls = initial_calls;
        self
    }

    /// Says what a call does to the app's data and which properties show it, for scripts that explain the page: the key `operation` of what
    /// the page has below `callbacks` in `_dash-config`. Nothing else reads it, and by default there is none.
    pub fn operation(mut self, operation: Value) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Allows callbacks to name components that are not in the layout, because another callback puts them there: the setting of
    /// the same name in Dash. A misspelled id is then no mistake at the start, and an unknown property is no warning.
    pub fn suppress_callback_exceptions(mut self, suppress: bool) -> Self {
        self.suppress_callback_exceptions = suppress;
        self
    }

    /// Sets how many bytes the body of a callback's request may have; by default [`DEFAULT_BODY_LIMIT`]. A larger one is answered with 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets how long a callback may run. A call that takes longer is given up and answered with 504.
    ///
    /// It needs a tokio runtime with a timer. A callback that blocks its thread, with `std::thread::sleep` or a long loop, cannot be given up.
    pub fn callback_timeout(mut self, timeout: Duration) -> Self {
        self.callback_timeout = Some(timeout);
        self
    }

    /// Sets how many callbacks may run at once in this process. One more is answered with 503 and `Retry-After`, and is not called.
    pub fn max_callbacks(mut self, count: usize) -> Self {
        self.max_callbacks = Some(count);
        self
    }

    /// Whether a page shows the cause of a callback's error: a part of Dash's `debug=True`. Off by default: the cause then goes to the log alone.
    pub fn debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// Puts something around the app's routes: a `tower` layer such as one for sessions, or routes of the app's own.
    ///
    /// The function runs when [`into_router`](Self::into_router) has made the routes. Several run in the order in which they were added, so that the
    /// last one is outermost. What a layer puts into a request's extensions a callback finds in [`Context::request`](crate::Context::request).
    ///
    /// ```
    /// use callbacks::{App, html};
    /// use axum::routing::get;
    ///
    /// let app = App::new("Two pages")
    ///     .layout(html::h1("The first one"))
    ///     .map_router(|router| router.route("/second", get("The second one")));
    /// # let _ = app;
    /// ```
    pub fn map_router(
        mut self,
        function: impl FnOnce(Router) -> Router + Send + Sync + 'static,
    ) -> Self {
        self.router_functions.push(Box::new(function));
        self
    }

    /// The title of the page.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether each page is like the one before it.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self.layout, Layout::Value(_))
            && self.initial_calls == InitialCalls::Browser
            && self.hot_reload.is_none()
    }

    /// The layout of a page that is opened now.
    pub(crate) fn layout_now(&self) -> Children {
        match &self.layout {
            Layout::Missing => Children::default(),
            Layout::Value(layout) => layout.clone(),
            Layout::Function(layout) => layout(),
        }
    }
}
