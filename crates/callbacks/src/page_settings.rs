//! The settings of an app's page: what is around the layout, and where a browser finds it.

use serde_json::Value;

use crate::app::{App, AppFile, FileKind, Link};

impl App {
    /// Sets the language of the page, as HTML's `lang` takes it: `de`, `pt-BR`. By default it is `en`.
    pub fn lang(mut self, lang: impl Into<String>) -> Self {
        self.lang = lang.into();
        self
    }

    /// Sets the title of the tab while callbacks run: Dash's `update_title`. The default is `Updating...`; `None` leaves the title alone.
    ///
    /// The title changes only when the page has been busy for 200 ms.
    pub fn update_title(mut self, title: impl Into<Option<String>>) -> Self {
        self.update_title = title.into().filter(|title| !title.is_empty());
        self
    }

    /// Whether the page shows its title above the layout, as its first heading. On by default; turn it off if the layout has a title.
    pub fn heading(mut self, heading: bool) -> Self {
        self.heading = heading;
        self
    }

    /// Whether the page has this crate's look: type, colours, controls. On by default. Without it there are only the components,
    /// the errors and the stage, and the app's [style sheet](Self::style) does the rest.
    pub fn look(mut self, look: bool) -> Self {
        self.look = look;
        self
    }

    /// Sets where the browser finds the app: Dash's setting of the same name, such as `/dash/`. It begins and ends with a slash.
    ///
    /// It is rarely needed. A page asks for everything below its own address, so an app works behind a proxy that strips a prefix. It also works
    /// below [`Router::nest`](axum::Router::nest), which answers only at `/dash`, and `Router::nest_service`, which also answers at `/dash/`. The prefix is needed only
    /// if the page is opened without the slash at its end and a proxy hides that.
    ///
    /// ```
    /// use axum::Router;
    /// use callbacks::{App, html};
    ///
    /// let app = App::new("Mounted").layout(html::p("Below /dash"));
    /// let router: Router = Router::new().nest("/dash", app.into_router()?);
    /// # let _ = router;
    /// # Ok::<(), callbacks::StartError>(())
    /// ```
    pub fn requests_pathname_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.requests_pathname_prefix = Some(prefix.into());
        self
    }

    /// Adds style sheets from other addresses, Dash's `external_stylesheets`. By default there are none, and a page asks no other host.
    pub fn external_stylesheets<S: Into<String>>(
        mut self,
        addresses: impl IntoIterator<Item = S>,
    ) -> Self {
        self.external_stylesheets
            .extend(addresses.into_iter().map(Into::into));
        self
    }

    /// Adds a script of the app's own, an ES module that runs before the client: the counterpart of a file in Dash's `assets` folder.
    ///
    /// It is served as `/assets/<name>`. It can listen to the client's events, `callbacks:page`, `callbacks:rendered` and `callbacks:call`.
    pub fn script(mut self, name: &'static str, text: &'static str) -> Self {
        self.files.push(AppFile {
            kind: FileKind::Script,
            name,
            text,
        });
        self
    }

    /// Adds a style sheet of the app's own, after the page's: the counterpart of a file in Dash's `assets` folder. It is served as `/assets/<name>`.
    pub fn style(mut self, name: &'static str, text: &'static str) -> Self {
        self.files.push(AppFile {
            kind: FileKind::Style,
            name,
            text,
        });
        self
    }

    /// Links the page to another one that explains it. The link has these words and is in the page's upper corner. By default there is no such link.
    ///
    /// The link is not part of the layout. It is there before any script has run, and costs no request.
    pub fn about(mut self, address: impl Into<String>, words: impl Into<String>) -> Self {
        self.about = Some(Link {
            address: address.into(),
            words: words.into(),
        });
        self
    }

    /// Lets open pages reload themselves when the program is rebuilt: Dash's hot reload. Off by default.
    ///
    /// The function gives what `GET /_reload-hash` answers, in Dash's form: `reloadHash`, a text that changes with each build; `hard`, which is true;
    /// `files`, a list of those that have changed, each with `url`, `modified` and `is_css`; `packages`, a list of names. If all files are style
    /// sheets, a page loads them again and stays. Dash's form has no field for a failed build, so one is added: `error`, an object with `message`
    /// and `detail`, which a page shows.
    pub fn hot_reload(mut self, answer: impl Fn() -> Value + Send + Sync + 'static) -> Self {
        self.hot_reload = Some(Box::new(answer));
        self
    }

    /// Gives each page the stage, a panel that shows the workers, what each of them holds, and the calls. By default there is none.
    ///
    /// `server` is an object: `workers` says how many there are, and `orders` whether a page may kill and pause them. The stage also shows `command`,
    /// such as `cargo xtask run option1`, with what follows the number of workers in it as `options`, and with `keep_alive`.
    pub fn stage(mut self, server: Value) -> Self {
        self.stage = Some(server);
        self
    }
}
