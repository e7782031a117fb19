//! From the command line to the last answer.

use std::{
    env, fs,
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use callbacks::App;
use handover::Bind;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use crate::{
    Error, Listener, Worker,
    arguments::{Arguments, Common, Switch},
    book,
    hosts::Hosts,
    limits::Limits,
    listener, log,
    server::serve_within,
    shutdown::Shutdown,
};

/// Why an app could not start, in its own words.
pub type AppError = Box<dyn std::error::Error + Send + Sync>;

/// What an app is given when it starts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Start<O> {
    /// The app's own options.
    pub options: O,
    /// The folder for what outlives this process, `.data/` and the program's name unless `--data` chooses another. All
    /// workers have the same. It exists only if someone made it: an app that keeps nothing leaves nothing.
    pub data: PathBuf,
    /// Which of how many workers this is.
    pub worker: Worker,
    /// Where it listens; `None` if that is no address and port but a path.
    pub address: Option<SocketAddr>,
}

/// Runs an app that has no options of its own; the return value is for `main` to return.
pub fn main(app: fn() -> App) -> ExitCode {
    main_with(async move |_: Start<()>| Ok(app()))
}

/// Runs an app that has options of its own, or work to do before it starts.
///
/// The options are a `clap::Args`; they stand beside those that every app has. `app` runs on the runtime that will serve
/// it, once in each worker; what it fails with goes to standard error, and the program ends with 1.
///
/// ```no_run
/// # use callbacks::{App, html};
/// #[derive(clap::Args)]
/// struct Options {
///     /// How many seconds the table takes
///     #[arg(long, default_value_t = 5)]
///     compute_seconds: u64,
/// }
///
/// fn main() -> std::process::ExitCode {
///     serve::main_with(async |start: serve::Start<Options>| Ok(app(start.options.compute_seconds)))
/// }
/// # fn app(_: u64) -> App { App::new("Table").layout(html::H1::new("content")) }
/// ```
pub fn main_with<O: clap::Args>(
    app: impl AsyncFnOnce(Start<O>) -> Result<App, AppError>,
) -> ExitCode {
    let program = program_name();
    let arguments = match Arguments::<O>::read(&program, env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help goes to standard output and is a success, a mistake goes to standard error and is not.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    log::start(arguments.common.log, &program);
    match run(&program, arguments, app) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run<O: clap::Args>(
    program: &str,
    arguments: Arguments<O>,
    app: impl AsyncFnOnce(Start<O>) -> Result<App, AppError>,
) -> Result<(), Error> {
    let Arguments {
        app: options,
        common,
    } = arguments;
    let worker = Worker::from_env()?;
    // The socket's file is there until the last request is answered.
    let (listener, _file) = listener::open(&common.bind, common.socket_mode)?;
    let bound = listener.address().map_err(Error::Setup)?;
    let runtime = runtime(&worker).map_err(Error::Setup)?;
    let result = runtime.block_on(async {
        let data = common.data.clone();
        let data = data.unwrap_or_else(|| Path::new(".data").join(program));
        let start = Start {
            options,
            data,
            worker: worker.clone(),
            address: match bound {
                Bind::Tcp(address) => Some(address),
                Bind::Unix(_) => None,
            },
        };
        let app = app(start).await.map_err(Error::Start)?;
        let router = configured(app, &common, &worker).into_router()?;

        let listener = Listener::register(listener).map_err(Error::Setup)?;
        let shutdown = Shutdown::install(worker.grace).map_err(Error::Setup)?;
        report_ready(&worker, &bound, program)?;
        let (asked, insisted) = shutdown.watch();
        let hosts = Hosts::of(&listener, common.allow_host);
        let mut limits = Limits::default();
        if let Some(count) = common.max_connections {
            limits.connections = count.get();
        }
        tokio::select! {
            () = serve_within(limits, hosts, router, listener, &worker, asked) => {}
            () = insisted => tracing::warn!("interrupted again, and so what runs is cut off"),
        }
        Ok(())
    });
    // A computation that still runs on a thread of its own must not hold the process.
    runtime.shutdown_background();
    result
}

/// The app, as the command line wants it.
fn configured(app: App, common: &Common, worker: &Worker) -> App {
    let mut app = app.debug(common.debug);
    if common.stage == Switch::On {
        let mut stage = common.lesson.clone().unwrap_or_else(|| json!({}));
        stage["workers"] = worker.count.into();
        stage["orders"] = worker.control.is_some().into();
        app = app.stage(stage);
    }
    if let Some(timeout) = common.callback_timeout {
        app = app.callback_timeout(timeout);
    }
    if let Some(count) = common.max_callbacks {
        app = app.max_callbacks(count.get());
    }
    if let Some(bytes) = common.body_limit {
        app = app.body_limit(bytes.get());
    }
    if let Some(prefix) = &common.requests_pathname_prefix {
        app = app.requests_pathname_prefix(prefix);
    }
    if let Some(file) = common.reload_file.clone() {
        app = app.hot_reload(move || reload_answer(&file));
    }
    if let Some(operation) = common.operation.clone() {
        app = app.operation(operation);
    }
    if let (Some(chapter), Some(folder)) = (&common.chapter, &common.book) {
        app = book::add(app, chapter, folder);
    }
    app
}

/// What stands in the file that `xtask run --watch` writes anew after each build. It is read for each question, which only an open page asks.
fn reload_answer(file: &Path) -> serde_json::Value {
    let answer = fs::read(file)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok());
    answer
        .unwrap_or_else(|| json!({"reloadHash": null, "hard": false, "files": [], "packages": []}))
}

/// One thread is enough for one of several workers; a program alone uses the machine.
fn runtime(worker: &Worker) -> io::Result<Runtime> {
    let mut builder = if worker.count > 1 {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    builder.enable_all().build()
}

fn report_ready(worker: &Worker, bound: &Bind, program: &str) -> Result<(), Error> {
    if !worker.supervised {
        // Standard output may be a pipe, and whoever reads it waits for this line.
        let mut stdout = io::stdout();
        let line = format!("listening on {} ({program}, 1 worker)", bound.announced());
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    }
    Worker::report_ready()
}

fn program_name() -> String {
    let path = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    path.file_name().map_or_else(
        || "app".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
