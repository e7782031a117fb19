//! `workers -n 8 --bind 127.0.0.1:8050 -- PROGRAM ARGS`, and `workers status`

mod status;

use std::{
    ffi::OsString,
    io::{self, Write},
    num::{NonZeroU32, NonZeroU64},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, Subcommand};
use handover::{bind, seconds};
use workers::{Accept, Bind, Config, Readiness};

/// Runs N processes of a server behind one listening socket and replaces those that die
///
/// The server takes the socket as descriptor 3 (LISTEN_FDS=1, systemd's socket activation) and says READY=1 on
/// NOTIFY_SOCKET when it accepts; `--ready start` is for a server that does not.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
struct Arguments {
    #[command(subcommand)]
    question: Option<Question>,
    /// How many processes
    #[arg(short = 'n', long, default_value = "1")]
    workers: NonZeroU32,
    /// Where to listen: `127.0.0.1:8050`, `localhost:8050`, `[::1]:8050` or `unix:/run/app.sock`; port 0 takes a free one
    #[arg(long, default_value = Bind::DEFAULT)]
    bind: Bind,
    /// Who may connect to a Unix socket, as chmod has it: `660` [default: what the umask leaves]
    #[arg(long, value_name = "MODE", value_parser = bind::mode)]
    socket_mode: Option<u32>,
    /// Let several workers keep connections open after an answer (a browser then stays with one of them)
    #[arg(long)]
    keep_alive: bool,
    /// Who gets a new connection
    #[arg(long, value_enum, default_value_t)]
    accept: Accept,
    /// Seconds that a worker may take to leave before it is killed
    #[arg(long, value_name = "SECONDS", value_parser = seconds::read, default_value = "5")]
    grace: Duration,
    /// Seconds that a worker may stand still before it is killed and replaced; it has to say WATCHDOG=1 meanwhile [default: any time]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::more_than_nothing)]
    watchdog: Option<Duration>,
    /// After how many requests a worker is replaced [default: never]
    #[arg(long, value_name = "N")]
    max_requests: Option<NonZeroU64>,
    /// How many requests more than that, at most: each worker draws its own number, so that they do not leave together
    #[arg(long, value_name = "N", default_value = "0", requires = "max_requests")]
    max_requests_jitter: u64,
    /// Where `workers status` can ask: the path of a Unix socket, best in the folder of the app's data [default: nowhere]
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    /// For lessons: the control socket also takes `kill N` and `pause N SECONDS`, and so does every page, so that the address must be a loopback one
    #[arg(long, requires = "control")]
    teaching: bool,
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

/// What can be asked of a supervisor that runs.
#[derive(Debug, Subcommand)]
enum Question {
    /// Shows the workers of a supervisor that has a control socket
    Status(status::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Question::Status(arguments)) = arguments.question {
        return status::show(&arguments);
    }
    workers::log_to_stderr();
    let result = workers::run(arguments.into(), |ready| {
        // Standard output may be a pipe, and whoever reads it waits for this line. If nobody does, the workers serve all the same.
        let mut stdout = io::stdout();
        let _ = writeln!(stdout, "{ready}").and_then(|()| stdout.flush());
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            workers::say(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

impl From<Arguments> for Config {
    fn from(arguments: Arguments) -> Self {
        let mut command = arguments.command.into_iter();
        let program = PathBuf::from(command.next().unwrap_or_default());
        let name = arguments.name.unwrap_or_else(|| file_name(&program));
        let mut config = Self::new(name, program)
            .args(command)
            .workers(arguments.workers)
            .bind(arguments.bind)
            .keep_alive(arguments.keep_alive)
            .accept(arguments.accept)
            .readiness(arguments.ready)
            .teaching(arguments.teaching)
            .grace(arguments.grace);
        if let Some(count) = arguments.max_requests {
            config = config.max_requests(count, arguments.max_requests_jitter);
        }
        if let Some(limit) = arguments.watchdog {
            config = config.watchdog(limit);
        }
        if let Some(mode) = arguments.socket_mode {
            config = config.socket_mode(mode);
        }
        if let Some(path) = arguments.control {
            config = config.control(path);
        }
        config
    }
}

fn file_name(program: &Path) -> String {
    program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned()
}
