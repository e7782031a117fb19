//! The log: standard error, quiet unless `RUST_LOG` says otherwise.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt};

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for programs; the fields of an event are the object's own.
    Json,
}

/// Starts the log, unless the program has one already.
pub(crate) fn start(format: Format, program: &str) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(default_filter(program)));
    let log = fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        // Nobody may be left to read; that ends the log and not the program.
        .log_internal_errors(false);
    let _ = match format {
        Format::Text => log.try_init(),
        Format::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Warnings of everybody, and what the app and these crates have to say.
fn default_filter(program: &str) -> String {
    // A target is a module's path, and a program's name may have letters that no module has.
    let module: String = program
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    format!("warn,serve=info,callbacks=info,{module}=info")
}
