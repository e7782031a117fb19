//! `workers status`: asks the supervisors that run, and prints what they say.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use workers::{CONTROL_SOCKET, Status, StatusError};

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("place").multiple(false))]
pub(crate) struct Arguments {
    /// The data folder of an app, or a folder of such folders
    #[arg(long, value_name = "DIR", default_value = ".data", group = "place")]
    data: PathBuf,
    /// The control socket itself
    #[arg(long, value_name = "PATH", group = "place")]
    socket: Option<PathBuf>,
    /// One JSON object a line for each supervisor, instead of tables
    #[arg(long)]
    json: bool,
}

/// Prints the status of every supervisor that answers; a failure if none does.
pub(crate) fn show(arguments: &Arguments) -> ExitCode {
    match answers(arguments) {
        Ok(answers) => {
            let texts = answers.iter().map(|status| text(status, arguments.json));
            let separator = if arguments.json { "\n" } else { "\n\n" };
            let all = texts.collect::<Vec<_>>().join(separator);
            // A reader that has seen enough is no failure.
            let _ = writeln!(io::stdout(), "{all}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn answers(arguments: &Arguments) -> Result<Vec<Status>, Error> {
    let Some(socket) = &arguments.socket else {
        return answers_in(&arguments.data);
    };
    Ok(vec![workers::status(socket)?])
}

fn answers_in(data: &Path) -> Result<Vec<Status>, Error> {
    let mut answers = Vec::new();
    let mut last_error = None;
    for socket in sockets(data) {
        match workers::status(socket) {
            Ok(status) => answers.push(status),
            // A supervisor that was killed leaves its socket behind; it is of interest only if nobody else runs.
            Err(error) => last_error = Some(error),
        }
    }
    match last_error {
        Some(error) if answers.is_empty() => Err(error.into()),
        None if answers.is_empty() => Err(Error::NoSocket(data.to_owned())),
        _ => Ok(answers),
    }
}

/// The control sockets in a data folder and in the folders that it holds, by their paths.
fn sockets(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data).into_iter().flatten().flatten();
    let folders = folders.map(|entry| entry.path());
    let mut sockets: Vec<_> = [data.to_owned()]
        .into_iter()
        .chain(folders)
        .map(|folder| folder.join(CONTROL_SOCKET))
        .filter(|socket| socket.exists())
        .collect();
    sockets.sort();
    sockets
}

fn text(status: &Status, json: bool) -> String {
    if json {
        serde_json::to_string(status).unwrap_or_default()
    } else {
        status.to_string()
    }
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(
        "no supervisor is running: there is no {CONTROL_SOCKET} in {} or in a folder in it; \
         `--data` names another folder, `--socket` a socket", .0.display()
    )]
    NoSocket(PathBuf),
    #[error(transparent)]
    Status(#[from] StatusError),
}
