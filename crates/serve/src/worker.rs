//! What a process knows of itself and of its siblings.

use std::{env, ffi::OsStr, io, os::unix::net::UnixDatagram, time::Duration};

use crate::Error;

/// How long a program without a supervisor lets requests run after TERM.
const GRACE: Duration = Duration::from_secs(5);

/// Which of how many processes this one is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Worker {
    /// From 1; a replacement has its predecessor's number.
    pub number: u32,
    /// How many workers there were when this one started.
    pub count: u32,
    /// Whether connections stay open after an answer.
    pub keep_alive: bool,
    /// How long the requests that run at TERM may still run.
    pub grace: Duration,
    /// Whether a supervisor started it.
    pub supervised: bool,
}

impl Worker {
    /// A program that nobody supervises: worker 1 of 1, which keeps connections open.
    pub fn alone() -> Self {
        Self {
            number: 1,
            count: 1,
            keep_alive: true,
            grace: GRACE,
            supervised: false,
        }
    }

    /// What the supervisor has put into the environment; [`alone`](Self::alone) if it has put nothing there.
    ///
    /// # Errors
    ///
    /// If a variable is set and is not what the supervisor would have set.
    pub fn from_env() -> Result<Self, Error> {
        Self::read(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    fn read(variable: impl Fn(&'static str) -> Option<String>) -> Result<Self, Error> {
        let number = |name, value: &str| {
            let number = value.parse().ok().filter(|number| *number > 0);
            number.ok_or_else(|| Error::Environment {
                name,
                value: value.to_owned(),
                expected: "a number from 1",
            })
        };
        let mut worker = Self::alone();
        if let Some(value) = variable("WORKER_NUMBER") {
            worker.number = number("WORKER_NUMBER", &value)?;
            worker.supervised = true;
        }
        if let Some(value) = variable("WORKER_COUNT") {
            worker.count = number("WORKER_COUNT", &value)?;
        }
        worker.keep_alive =
            worker.count == 1 || variable("WORKER_KEEP_ALIVE").as_deref() == Some("1");
        if let Some(value) = variable("WORKER_GRACE") {
            let grace = value
                .parse()
                .ok()
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let grace = grace.ok_or(Error::Environment {
                name: "WORKER_GRACE",
                value,
                expected: "a number of seconds",
            })?;
            // A little less: a worker that leaves by itself is better than one that is killed.
            worker.grace = grace.mul_f64(0.9);
        }
        Ok(worker)
    }

    /// Tells the supervisor that this worker accepts connections.
    pub(crate) fn report_ready() -> Result<(), Error> {
        match env::var_os("NOTIFY_SOCKET") {
            Some(path) => notify(&path, "READY=1").map_err(Error::Notify),
            None => Ok(()),
        }
    }
}

fn notify(path: &OsStr, state: &str) -> io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    #[cfg(target_os = "linux")]
    if let Some(name) = path.as_encoded_bytes().strip_prefix(b"@") {
        // systemd writes a socket without a file like this.
        use std::os::{linux::net::SocketAddrExt, unix::net::SocketAddr};
        return socket
            .send_to_addr(state.as_bytes(), &SocketAddr::from_abstract_name(name)?)
            .map(drop);
    }
    socket.send_to(state.as_bytes(), path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Worker, Error> {
        Worker::read(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn without_a_supervisor_there_is_one_worker() {
        assert_eq!(read(&[]).unwrap(), Worker::alone());
    }

    #[test]
    fn several_workers_close_their_connections() {
        let worker = read(&[
            ("WORKER_NUMBER", "3"),
            ("WORKER_COUNT", "8"),
            ("WORKER_KEEP_ALIVE", "0"),
        ])
        .unwrap();
        assert_eq!(
            (worker.number, worker.count, worker.keep_alive),
            (3, 8, false)
        );
    }

    #[test]
    fn several_workers_may_be_allowed_to_keep_connections() {
        assert!(
            read(&[("WORKER_COUNT", "8"), ("WORKER_KEEP_ALIVE", "1")])
                .unwrap()
                .keep_alive
        );
    }

    #[test]
    fn one_worker_keeps_connections() {
        assert!(
            read(&[("WORKER_COUNT", "1"), ("WORKER_KEEP_ALIVE", "0")])
                .unwrap()
                .keep_alive
        );
    }

    #[test]
    fn a_worker_leaves_before_it_is_killed() {
        assert!(read(&[("WORKER_GRACE", "2.5")]).unwrap().grace < Duration::from_secs_f64(2.5));
    }

    #[test]
    fn a_variable_that_makes_no_sense_is_named() {
        let error = read(&[("WORKER_NUMBER", "0")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "the environment variable WORKER_NUMBER is `0`, expected a number from 1"
        );
        assert!(read(&[("WORKER_GRACE", "soon")]).is_err());
    }
}
