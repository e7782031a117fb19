//! What a process knows of itself and of its siblings.

use std::{
    env,
    num::{NonZeroU32, NonZeroU64},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use handover::{
    notify::{Notifier, Report},
    variable,
};

use crate::Error;

/// How long a program without a supervisor lets requests run after TERM.
const GRACE: Duration = Duration::from_secs(5);

/// Which of how many processes this one is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Worker {
    /// From 1; a replacement has its predecessor's number.
    pub number: u32,
    /// Which of the workers with its number it is: 1, and one more for each replacement.
    pub life: u32,
    /// How many workers there were when this one started.
    pub count: u32,
    /// Whether connections stay open after an answer.
    pub keep_alive: bool,
    /// How long the requests that run at TERM may still run.
    pub grace: Duration,
    /// After how many requests it leaves, to be replaced by a new one.
    pub max_requests: Option<NonZeroU64>,
    /// Within which time it has to say that it does not stand still, to its supervisor.
    pub watchdog: Option<Duration>,
    /// Whether a supervisor started it.
    pub supervised: bool,
    /// Where the supervisor takes orders, if it does: then `/_workers/N/kill` and `/_workers/N/pause` are answered.
    pub control: Option<PathBuf>,
}

impl Worker {
    /// A program that nobody supervises: worker 1 of 1, which keeps connections open.
    pub fn alone() -> Self {
        Self {
            number: 1,
            life: 1,
            count: 1,
            keep_alive: true,
            grace: GRACE,
            max_requests: None,
            watchdog: None,
            supervised: false,
            control: None,
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
        let mut worker = Self::alone();
        let from_one = |name, default: u32| match variable(name) {
            Some(value) => number::<NonZeroU32>(name, &value).map(NonZeroU32::get),
            None => Ok(default),
        };
        worker.supervised = variable(variable::WORKER_NUMBER).is_some();
        worker.number = from_one(variable::WORKER_NUMBER, worker.number)?;
        worker.life = from_one(variable::WORKER_LIFE, worker.life)?;
        worker.count = from_one(variable::WORKER_COUNT, worker.count)?;
        worker.control = variable(variable::WORKER_CONTROL).map(PathBuf::from);
        if let Some(value) = variable(variable::WORKER_MAX_REQUESTS) {
            worker.max_requests = Some(number(variable::WORKER_MAX_REQUESTS, &value)?);
        }
        if let Some(value) = variable(variable::WATCHDOG_USEC) {
            let limit: NonZeroU64 = number(variable::WATCHDOG_USEC, &value)?;
            worker.watchdog = Some(Duration::from_micros(limit.get()));
        }
        worker.keep_alive =
            worker.count == 1 || variable(variable::WORKER_KEEP_ALIVE).as_deref() == Some("1");
        if let Some(value) = variable(variable::WORKER_GRACE) {
            let grace = value
                .parse()
                .ok()
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let grace = grace.ok_or(Error::Environment {
                name: variable::WORKER_GRACE,
                value,
                expected: "a number of seconds",
            })?;
            // A little less: a worker that leaves by itself is better than one that is killed.
            worker.grace = grace.mul_f64(0.9);
        }
        Ok(worker)
    }

    /// Tells the supervisor that this worker accepts connections: `READY=1` on `NOTIFY_SOCKET`, if that is set.
    ///
    /// [`main_with`](crate::main_with) does it; a `main` that calls [`serve_router`](crate::serve_router) does it itself.
    ///
    /// # Errors
    ///
    /// If there is no such socket.
    pub fn report_ready() -> Result<(), Error> {
        match Notifier::from_env().map_err(Error::Notify)? {
            Some(notifier) => notifier
                .send(&[Report::Ready, Report::Alive, Report::Requests(0)])
                .map_err(Error::Notify),
            None => Ok(()),
        }
    }
}

fn number<N: FromStr>(name: &'static str, value: &str) -> Result<N, Error> {
    value.parse().map_err(|_| Error::Environment {
        name,
        value: value.to_owned(),
        expected: "a number from 1",
    })
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
            ("WORKER_LIFE", "2"),
            ("WORKER_COUNT", "8"),
            ("WORKER_KEEP_ALIVE", "0"),
        ])
        .unwrap();
        assert_eq!(
            (worker.number, worker.life, worker.count, worker.keep_alive),
            (3, 2, 8, false)
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
        assert!(read(&[("WORKER_MAX_REQUESTS", "-1")]).is_err());
    }

    #[test]
    fn a_worker_may_have_a_last_request() {
        let worker = read(&[("WORKER_MAX_REQUESTS", "1017")]).unwrap();
        assert_eq!(worker.max_requests, NonZeroU64::new(1017));
    }
}
