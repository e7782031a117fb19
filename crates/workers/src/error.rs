//! Why the supervisor could not start or had to stop.

use std::{fmt, io, path::PathBuf};

use handover::{Bind, bind::BindError};

use crate::Exit;

/// Why the supervisor could not start, or had to stop by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no socket to listen on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// Several sockets on one port were asked for where there is only one.
    #[error(
        "`--accept reuseport` makes a socket for each worker, which needs an address and a port: use `--accept shared` with a Unix socket or with one that is inherited"
    )]
    ReusePortNeedsPort,
    /// The address to listen on could not be read.
    #[error(transparent)]
    Address(#[from] handover::address::BindParseError),
    /// The private folder for the workers' notify sockets could not be made.
    #[error("cannot make a folder for the workers' notify sockets in {}: {source}; TMPDIR chooses another place", path.display())]
    NotifyFolder {
        /// The folder in which it was tried.
        path: PathBuf,
        /// What the kernel answered.
        source: io::Error,
    },
    /// Another supervisor has this control socket.
    #[error(
        "another supervisor answers at {}: end it, or choose another control socket or data folder", .0.display()
    )]
    ControlInUse(PathBuf),
    /// The control socket could not be made.
    #[error("cannot make the control socket {}: {source}", path.display())]
    Control {
        /// The path that was asked for.
        path: PathBuf,
        /// What the kernel answered.
        source: io::Error,
    },
    /// Whoever can open the page could kill the workers.
    #[error(
        "`--teaching` lets everyone who can open the page kill workers, so it needs a loopback address such as 127.0.0.1:8050, not {0}"
    )]
    TeachingIsLocal(Bind),
    /// The event loop or its signal handlers could not be set up.
    #[error("cannot set up the supervisor: {0}")]
    Setup(#[source] io::Error),
    /// The program could not be started.
    #[error("cannot start `{}`: {source}", program.display())]
    Program {
        /// The program that was asked for.
        program: PathBuf,
        /// What the kernel answered.
        source: io::Error,
    },
    /// A worker ended before it was ready.
    #[error(transparent)]
    Start(#[from] StartFailure),
}

/// A worker ended before it was ready, and all others have been stopped because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartFailure {
    /// The worker's number.
    pub worker: u32,
    /// Its process id.
    pub pid: u32,
    /// How it ended.
    pub exit: Exit,
    /// How many workers of this number ended like this, one after the other.
    pub attempts: u32,
    /// Its last lines of output, oldest first.
    pub last_lines: Vec<String>,
}

impl std::error::Error for StartFailure {}

impl fmt::Display for StartFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            worker,
            pid,
            exit,
            attempts,
            last_lines,
        } = self;
        write!(f, "worker {worker} (pid {pid}) {exit} before it was ready")?;
        if *attempts > 1 {
            write!(f, " ({attempts} times in a row)")?;
        }
        if last_lines.is_empty() {
            return f.write_str(" and wrote nothing");
        }
        f.write_str("; its last lines:")?;
        last_lines
            .iter()
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(attempts: u32, lines: &[&str]) -> StartFailure {
        StartFailure {
            worker: 3,
            pid: 4711,
            exit: Exit::Code(1),
            attempts,
            last_lines: lines.iter().copied().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn a_failed_start_shows_the_workers_last_lines() {
        assert_eq!(
            failure(
                1,
                &[
                    "error: two callbacks write content.children",
                    "help: remove one"
                ]
            )
            .to_string(),
            "worker 3 (pid 4711) ended with exit code 1 before it was ready; its last lines:\n  \
             error: two callbacks write content.children\n  help: remove one"
        );
    }

    #[test]
    fn a_silent_worker_is_called_silent() {
        assert_eq!(
            failure(3, &[]).to_string(),
            "worker 3 (pid 4711) ended with exit code 1 before it was ready (3 times in a row) and wrote nothing"
        );
    }
}
