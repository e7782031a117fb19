//! `workers -n 8 --bind 127.0.0.1:8050 -- PROGRAM ARGS`

use std::{
    ffi::OsString,
    io::{self, Write},
    num::{NonZeroU32, ParseFloatError},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use workers::{Accept, Bind, Config, Readiness};

/// Runs N processes of a server behind one listening socket and replaces those that die
///
/// The server takes the socket as descriptor 3 (LISTEN_FDS=1, systemd's socket activation) and says READY=1 on
/// NOTIFY_SOCKET when it accepts; `--ready start` is for a server that does not.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many processes
    #[arg(short = 'n', long, default_value = "1")]
    workers: NonZeroU32,
    /// Where to listen: `127.0.0.1:8050`, `[::1]:8050` or `unix:/run/app.sock`; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8050")]
    bind: Bind,
    /// Let several workers keep connections open after an answer (a browser then stays with one of them)
    #[arg(long)]
    keep_alive: bool,
    /// Who gets a new connection
    #[arg(long, value_enum, default_value_t)]
    accept: Accept,
    /// Seconds that a worker may take to leave before it is killed
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    grace: Duration,
    /// How a worker shows that it accepts
    #[arg(long, value_enum, default_value_t)]
    ready: Readiness,
    /// What the ready line calls the program [default: its file name]
    #[arg(long)]
    name: Option<String>,
    /// The server and its arguments
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    command: Vec<OsString>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    workers::log_to_stderr();
    let result = workers::run(arguments.into(), |ready| {
        // Standard output may be a pipe, and whoever reads it waits for this line. If nobody does, the workers serve all the same.
        let mut stdout = io::stdout();
        let _ = writeln!(stdout, "{ready}").and_then(|()| stdout.flush());
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl From<Arguments> for Config {
    fn from(arguments: Arguments) -> Self {
        let mut command = arguments.command.into_iter();
        let program = PathBuf::from(command.next().unwrap_or_default());
        let name = arguments.name.unwrap_or_else(|| file_name(&program));
        Self::new(name, program)
            .args(command)
            .workers(arguments.workers)
            .bind(arguments.bind)
            .keep_alive(arguments.keep_alive)
            .accept(arguments.accept)
            .readiness(arguments.ready)
            .grace(arguments.grace)
    }
}

fn file_name(program: &Path) -> String {
    program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|error: ParseFloatError| error.to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
