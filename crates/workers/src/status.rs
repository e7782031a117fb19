//! How things are, for people and for programs.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use handover::order;
use serde::{Deserialize, Serialize};

/// The control socket's name within a data folder.
pub const CONTROL_SOCKET: &str = "control.sock";

/// What a supervisor says of itself and its workers.
///
/// `Display` is a table for people; as JSON it is one object with these fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Status {
    /// The name that the configuration gives.
    pub name: String,
    /// Where the workers listen: `http://127.0.0.1:8050` or `unix:/run/app.sock`.
    pub address: String,
    /// The supervisor's process id.
    pub pid: u32,
    /// The workers by their numbers.
    pub workers: Vec<WorkerStatus>,
}

/// What a supervisor says of one worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkerStatus {
    /// Its number, from 1. While a worker is being replaced two may have the same.
    pub worker: u32,
    /// Its process id; `None` while there is no process.
    pub pid: Option<u32>,
    /// What it is doing.
    pub state: WorkerState,
    /// When it came into this state: seconds since 1970.
    pub since: u64,
    /// How many requests it has answered, up to a quarter of a second ago; `None` if it does not report them.
    pub requests: Option<u64>,
    /// How many workers had its number before.
    pub restarts: u32,
    /// How much memory of the machine it occupies, in bytes; `None` where there is no `/proc`.
    pub memory: Option<u64>,
}

/// What a worker is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkerState {
    /// Its process has been started and does not accept connections yet.
    Starting,
    /// It accepts connections.
    Ready,
    /// It serves, and stands still because it was ordered to.
    Paused,
    /// It has been asked to leave and finishes what it has begun.
    Draining,
    /// The last worker of this number died, and the next is started after a while.
    Waiting,
}

/// Why there is no status to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// Nobody answers there.
    #[error(
        "no supervisor answers at {}: {source}; it must be running, with this path as its control socket", path.display()
    )]
    NotRunning {
        /// The socket that was tried.
        path: PathBuf,
        /// What the kernel answered.
        source: io::Error,
    },
    /// Somebody answers, but not with a status.
    #[error("what answers at {} is no supervisor: {source}", path.display())]
    Answer {
        /// The socket that was asked.
        path: PathBuf,
        /// What is wrong with the answer.
        source: serde_json::Error,
    },
}

/// Asks the supervisor whose control socket is at `path`.
///
/// # Errors
///
/// If nobody answers there, or nobody who is a supervisor.
pub fn status(path: impl AsRef<Path>) -> Result<Status, StatusError> {
    let path = path.as_ref();
    let answer = order::ask(path, "status").map_err(|source| StatusError::NotRunning {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&answer).map_err(|source| StatusError::Answer {
        path: path.to_owned(),
        source,
    })
}

/// Seconds since 1970.
pub(crate) fn unix_time(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = unix_time(SystemTime::now());
        let heading = [
            "worker", "pid", "state", "since", "requests", "restarts", "memory",
        ];
        let rows = self.workers.iter().map(|worker| worker.row(now));
        let rows: Vec<_> = [heading.map(str::to_owned)]
            .into_iter()
            .chain(rows)
            .collect();
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: [usize; 7] = std::array::from_fn(width);
        write!(
            f,
            "{} on {} (supervisor pid {})",
            self.name, self.address, self.pid
        )?;
        for row in &rows {
            f.write_str("\n")?;
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                match column {
                    // Words begin together, numbers end together.
                    2 => write!(f, "  {cell:<width$}")?,
                    0 => write!(f, "{cell:>width$}")?,
                    _ => write!(f, "  {cell:>width$}")?,
                }
            }
        }
        Ok(())
    }
}

impl WorkerStatus {
    fn row(&self, now: u64) -> [String; 7] {
        [
            self.worker.to_string(),
            or_dash(self.pid),
            self.state.to_string(),
            age(now.saturating_sub(self.since)),
            or_dash(self.requests),
            self.restarts.to_string(),
            or_dash(self.memory.map(mebibytes)),
        ]
    }
}

impl fmt::Display for WorkerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Paused => "paused",
            Self::Draining => "draining",
            Self::Waiting => "waiting",
        })
    }
}

fn or_dash(value: Option<impl fmt::Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn mebibytes(bytes: u64) -> String {
    // Tenths in whole numbers: the digits of a float would be more than anybody knows.
    let tenths = bytes * 10 / (1024 * 1024);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// How long ago, in the unit that people would use.
fn age(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Status {
        let ready = WorkerStatus {
            worker: 1,
            pid: Some(4712),
            state: WorkerState::Ready,
            since: 0,
            requests: Some(12_345),
            restarts: 0,
            memory: Some(5_400_000),
        };
        let waiting = WorkerStatus {
            worker: 2,
            pid: None,
            state: WorkerState::Waiting,
            requests: None,
            restarts: 3,
            memory: None,
            ..ready.clone()
        };
        Status {
            name: "option4".to_owned(),
            address: "http://127.0.0.1:8050".to_owned(),
            pid: 4711,
            workers: vec![ready, waiting],
        }
    }

    #[test]
    fn the_table_has_a_line_for_each_worker() {
        let days = unix_time(SystemTime::now()) / 86400;
        assert_eq!(
            example().to_string(),
            format!(
                "option4 on http://127.0.0.1:8050 (supervisor pid 4711)\n\
                 worker   pid  state      since  requests  restarts   memory\n     \
                 1  4712  ready    {days} d     12345         0  5.1 MiB\n     \
                 2     -  waiting  {days} d         -         3        -"
            )
        );
    }

    #[test]
    fn json_is_read_back_as_it_is_written() {
        let json = serde_json::to_string(&example()).unwrap();
        assert!(
            json.contains(r#""state":"ready","since":0,"requests":12345"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Status>(&json).unwrap(), example());
    }

    #[test]
    fn an_age_has_one_unit() {
        let ages = [0, 59, 60, 3600, 90_000].map(age);
        assert_eq!(ages, ["0 s", "59 s", "1 min", "1 h", "1 d"]);
    }
}
