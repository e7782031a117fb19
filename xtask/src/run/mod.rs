//! `cargo xtask run`: builds an app, then becomes the supervisor of its workers.
//!
//! Cargo replaces itself with this program, and this program supervises in its own process. So there is one process
//! id from the shell to the workers, and a signal to it reaches everything.

pub mod browser;
mod build;
mod reload;
mod sources;
mod watch;

use std::{
    ffi::OsString,
    fs,
    num::NonZeroU32,
    os::unix::process::CommandExt,
    path::{self, Path, PathBuf},
    process::{self, ExitCode},
};

use anyhow::Context;
use clap::builder::BoolishValueParser;
use workers::{Accept, Bind, Config, Exit};

use self::{build::Build, reload::ReloadFile, watch::Watch};
use crate::{
    docs,
    registry::{App, Registry, Tutorial},
    usage::UsageError,
    workspace::Workspace,
};

/// Where an app listens unless somebody says otherwise, as with Dash.
pub const ADDRESS: &str = "127.0.0.1:8050";

/// Build a tutorial and run it as one process or several.
#[derive(Debug, clap::Args)]
#[command(after_help = "`cargo xtask list` shows the tutorials.")]
pub(crate) struct Args {
    /// The tutorial's id or its other name.
    tutorial: String,

    /// How many processes answer.
    #[arg(long, value_name = "N", default_value = "1")]
    workers: NonZeroU32,

    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = ADDRESS)]
    bind: Bind,

    /// The folder for what the app keeps [default: .data/ID].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Keep connections open after an answer: a browser then stays with one worker.
    #[arg(long)]
    keep_alive: bool,

    /// Who gets a new connection.
    #[arg(long, value_enum, default_value_t)]
    accept: Accept,

    /// Build with optimisations.
    #[arg(long)]
    release: bool,

    /// Open the page in the browser once every worker accepts.
    #[arg(long)]
    open: bool,

    /// Build again when a source file changes, and replace the workers.
    #[arg(long)]
    watch: bool,

    /// Start the program that is already built: a test of a tutorial does not test cargo.
    #[arg(long, hide = true, env = "TUTORIALS_BUILT", value_parser = BoolishValueParser::new(), conflicts_with = "watch")]
    built: bool,

    /// Options of the app itself; `-- --help` shows them.
    #[arg(last = true, value_name = "APP-OPTIONS")]
    app_options: Vec<OsString>,
}

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let registry = Registry::of(&workspace)?;
    let (tutorial, app) = registry.find(&args.tutorial)?;
    let build = Build {
        package: tutorial.package.clone(),
        binary: app.id.clone(),
        features: app.features_for(&args.app_options),
        release: args.release,
        target: workspace.target_directory.clone(),
    };
    let executable = if args.built {
        let executable = build.place();
        sources::check_built(&executable)?;
        executable
    } else {
        match build.run()? {
            build::Outcome::Built(executable) => executable,
            build::Outcome::Failed(_) => return Ok(ExitCode::FAILURE),
            build::Outcome::Stopped(signal) => return Ok(ExitCode::from(128 + signal as u8)),
        }
    };

    if args.asks_app_for_help() {
        return Err(process::Command::new(&executable)
            .args(&args.app_options)
            .exec()
            .into());
    }

    let data = match &args.data {
        Some(folder) => path::absolute(folder)?,
        None => workspace.root.join(".data").join(&app.id),
    };
    fs::create_dir_all(&data).with_context(|| {
        let folder = data.display();
        format!("cannot make the folder {folder}; `--data` chooses another")
    })?;
    workers::log_to_stderr();
    let control = control_socket(&data);
    let pages = args.watch.then(|| ReloadFile::create(&data)).transpose()?;
    let mut config = Config::new(&app.id, &executable)
        .args(common_options(data, tutorial, app, &workspace)?)
        .args(["--lesson".into(), lesson(args, &registry, app).to_string()])
        .args(pages.iter().flat_map(|pages| args.watched_options(pages)))
        .args(&args.app_options)
        .workers(args.workers)
        .bind(args.bind.clone())
        .keep_alive(args.keep_alive)
        .accept(args.accept);
    if let Some(socket) = &control {
        config = config.control(socket).teaching(args.bind.is_loopback());
    }
    let reload_file = pages.as_ref().map(|pages| pages.path().to_owned());
    let outcome = workers::run(config, |ready| {
        println!("{ready}");
        if args.open {
            browser::open(&ready.url());
        }
        if let Some(pages) = pages {
            Watch {
                build,
                executable,
                control,
                pages,
            }
            .start();
        }
    });
    if let Some(file) = reload_file {
        // What cannot be removed does no harm: its name is that of this process.
        let _ = fs::remove_file(file);
    }
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        // An app ends with 2 when its own options are wrong, and has said so in its last lines.
        Err(workers::Error::Start(failure)) if failure.exit == Exit::Code(2) => {
            Err(UsageError(failure.to_string()).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// What every app is told: where to keep what outlives it, which chapter of the book is about it, and what its calls do to its data.
fn common_options(
    data: PathBuf,
    tutorial: &Tutorial,
    app: &App,
    workspace: &Workspace,
) -> anyhow::Result<Vec<OsString>> {
    let (page, book) = (tutorial.entry.page(), docs::folder(workspace));
    let mut options = vec![
        "--data".into(),
        data.into(),
        "--chapter".into(),
        page.into(),
    ];
    options.extend(["--book".into(), book.into()]);
    if let Some(operation) = &app.operation {
        let operation = serde_json::to_string(operation)?;
        options.extend(["--operation".into(), operation.into()]);
    }
    Ok(options)
}

/// What the page shows of the command that started it, and of the lesson.
fn lesson(args: &Args, registry: &Registry, app: &App) -> serde_json::Value {
    let mut facts = app.stage.clone();
    let mut options = String::new();
    for option in &args.app_options {
        options.push_str(if options.is_empty() { " -- " } else { " " });
        options.push_str(&option.to_string_lossy());
    }
    let next = registry.apps().skip_while(|(_, other)| other.id != app.id);
    let mut next = next.map(|(_, next)| format!("cargo xtask run {} --workers 8", next.id));
    facts.insert(
        "command".into(),
        format!("cargo xtask run {}", app.id).into(),
    );
    facts.insert("options".into(), options.into());
    facts.insert("keep_alive".into(), args.keep_alive.into());
    facts.insert("next".into(), next.nth(1).into());
    facts.into()
}

/// The socket on which this supervisor answers `workers status`.
///
/// There is none when another supervisor with this data folder already answers there, or when the path is too long for the address of a
/// socket. The app runs all the same.
fn control_socket(data: &Path) -> Option<PathBuf> {
    let socket = data.join(workers::CONTROL_SOCKET);
    let fits = socket.as_os_str().len() <= workers::LONGEST_PATH;
    (fits && workers::status(&socket).is_err()).then_some(socket)
}

impl Args {
    /// What an app is told that is being worked on: what a page shows of failures, and where to find out which build it is.
    fn watched_options(&self, pages: &ReloadFile) -> Vec<OsString> {
        let file = ["--reload-file".into(), pages.path().into()];
        let debug =
            (!self.app_options.iter().any(|option| option == "--debug")).then(|| "--debug".into());
        file.into_iter().chain(debug).collect()
    }

    /// Whether the app is only asked for its help: that needs no supervisor.
    fn asks_app_for_help(&self) -> bool {
        self.app_options
            .iter()
            .any(|option| option == "--help" || option == "-h")
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Line::try_parse_from(["run"].into_iter().chain(line.split_whitespace()))
            .map(|line| line.args)
    }

    #[test]
    fn one_worker_on_dashs_port_is_the_default() {
        let args = parse("option4").unwrap();
        assert_eq!(args.tutorial, "option4");
        assert_eq!(args.workers.get(), 1);
        assert_eq!(args.accept, Accept::Shared);
        assert!(!args.keep_alive && !args.release && !args.open && !args.watch);
        assert_eq!(args.data, None);
        let help = Line::command().render_long_help().to_string();
        assert!(help.contains("[default: 127.0.0.1:8050]"), "{help}");
    }

    #[test]
    fn what_stands_behind_two_dashes_is_for_the_app() {
        let args = parse("option4 --workers 8 -- --workers 9 --ttl-seconds 60").unwrap();
        assert_eq!(args.workers.get(), 8);
        assert_eq!(args.app_options, ["--workers", "9", "--ttl-seconds", "60"]);
    }

    #[test]
    fn the_apps_help_is_asked_for_behind_two_dashes() {
        let asks = |line| parse(line).unwrap().asks_app_for_help();
        assert!(asks("option4 -- --help") && !asks("option4 -- --ttl-seconds 60"));
    }

    #[test]
    fn wrong_usage_is_refused() {
        for line in [
            "",
            "a b",
            "a --workers 0",
            "a --bind nowhere",
            "a --worker 8",
        ] {
            assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }
}
