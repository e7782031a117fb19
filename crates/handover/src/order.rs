//! What can be asked at a supervisor's control socket, and what it replies.
//!
//! A connection carries one request, a line of text, and one reply, a line of JSON:
//!
//! | request | reply |
//! |---|---|
//! | `status`, or an empty line | the state of every worker (`workers::Status`) |
//! | `kill 3` | `{"worker":3,"life":1}`, the worker that is killed ([`Done`]) |
//! | `pause 3 2.5` | the same, for the worker that is paused for 2.5 s |
//! | what cannot be done | `{"refused":"worker","error":"There is no worker 9: …"}` ([`Refusal`]) |
//!
//! ```
//! use handover::order::Order;
//!
//! let order: Order = "pause 3 2.5".parse()?;
//! assert_eq!(order.to_string(), "pause 3 2.5");
//! assert_eq!(order.worker(), 3);
//! # Ok::<_, handover::order::Refusal>(())
//! ```

use std::{
    fmt,
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    str::FromStr,
    time::Duration,
};

use crate::seconds;
use serde::{Deserialize, Serialize};

/// No pause may be longer.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// No request is longer than this many bytes.
pub const LONGEST_REQUEST: u64 = 256;
/// How long a supervisor may take to reply.
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);

/// What a lesson does to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// SIGKILL, as `kill -9` sends it.
    Kill {
        /// Its number.
        worker: u32,
    },
    /// SIGSTOP, and SIGCONT when the time is over.
    Pause {
        /// Its number.
        worker: u32,
        /// More than zero, and at most [`LONGEST_PAUSE`].
        time: Duration,
    },
}

/// An order has been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The worker's number.
    pub worker: u32,
    /// Which of the workers with this number it was, from 1.
    pub life: u32,
}

/// An order has not been carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{error}")]
pub struct Refusal {
    /// For programs.
    pub refused: Reason,
    /// For people: one sentence.
    pub error: String,
}

/// Why an order has not been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// It cannot be read.
    Order,
    /// No worker has this number.
    Worker,
    /// The worker is starting, leaving or gone.
    State,
    /// The supervisor takes no orders.
    Teaching,
}

/// The reply to an order.
///
/// # Errors
///
/// If the supervisor does not reply, or says something else.
pub fn give(socket: &Path, order: Order) -> io::Result<Result<Done, Refusal>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Reply {
        Done(Done),
        Refusal(Refusal),
    }
    let reply = ask(socket, &order.to_string())?;
    Ok(match serde_json::from_slice(&reply)? {
        Reply::Done(done) => Ok(done),
        Reply::Refusal(refusal) => Err(refusal),
    })
}

/// Sends a line to the control socket; the reply as it comes.
///
/// # Errors
///
/// If nobody replies within 5 s.
pub fn ask(socket: &Path, request: &str) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(REPLY_TIMEOUT))?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    Ok(reply)
}

impl Order {
    /// The number of the worker that it is about.
    pub fn worker(self) -> u32 {
        match self {
            Self::Kill { worker } | Self::Pause { worker, .. } => worker,
        }
    }

    /// `kill` and the text of a number.
    ///
    /// # Errors
    ///
    /// If the text is not a whole number from 1 up.
    pub fn kill(worker: &str) -> Result<Self, Refusal> {
        number(worker).map(|worker| Self::Kill { worker })
    }

    /// `pause`, with the texts of a number and of seconds.
    ///
    /// # Errors
    ///
    /// If the first is not a whole number from 1 up, or the second is not above 0 and at most 10.
    pub fn pause(worker: &str, seconds: &str) -> Result<Self, Refusal> {
        let worker = number(worker)?;
        let time = seconds::more_than_nothing(seconds).ok();
        time.filter(|time| *time <= LONGEST_PAUSE)
            .map(|time| Self::Pause { worker, time })
            .ok_or_else(|| {
                let most = LONGEST_PAUSE.as_secs();
                Reason::Order.because(format!("A pause cannot last `{seconds}` seconds: expected more than 0 and at most {most}."))
            })
    }
}

fn number(text: &str) -> Result<u32, Refusal> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| {
            Reason::Order.because(format!(
                "`{text}` is no worker: expected its number, from 1."
            ))
        })
}

impl Reason {
    /// The refusal with this sentence.
    pub fn because(self, error: String) -> Refusal {
        Refusal {
            refused: self,
            error,
        }
    }
}

impl FromStr for Order {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let words: Vec<_> = text.split_whitespace().collect();
        match words[..] {
            ["kill", worker] => Self::kill(worker),
            ["pause", worker, seconds] => Self::pause(worker, seconds),
            _ => Err(Reason::Order.because(format!(
                "`{}` is no order: expected `status`, `kill N` or `pause N SECONDS`.",
                text.trim()
            ))),
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill { worker } => write!(f, "kill {worker}"),
            Self::Pause { worker, time } => write!(f, "pause {worker} {}", time.as_secs_f64()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::BufRead, os::unix::net::UnixListener, thread};

    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_written() {
        for time in [1, 2_500, 10_000] {
            let time = Duration::from_millis(time);
            for order in [Order::Kill { worker: 3 }, Order::Pause { worker: 8, time }] {
                assert_eq!(order.to_string().parse(), Ok(order));
            }
        }
    }

    #[test]
    fn each_mistake_has_a_sentence() {
        for (text, sentence) in [
            (
                "kill",
                "`kill` is no order: expected `status`, `kill N` or `pause N SECONDS`.",
            ),
            ("kill 0", "`0` is no worker: expected its number, from 1."),
            (
                "kill 3 9",
                "`kill 3 9` is no order: expected `status`, `kill N` or `pause N SECONDS`.",
            ),
            (
                "pause three 1",
                "`three` is no worker: expected its number, from 1.",
            ),
            (
                "pause 3 0",
                "A pause cannot last `0` seconds: expected more than 0 and at most 10.",
            ),
            (
                "pause 3 10.1",
                "A pause cannot last `10.1` seconds: expected more than 0 and at most 10.",
            ),
            (
                "pause 3 NaN",
                "A pause cannot last `NaN` seconds: expected more than 0 and at most 10.",
            ),
        ] {
            let refusal = text.parse::<Order>().unwrap_err();
            assert_eq!(
                (refusal.refused, refusal.to_string().as_str()),
                (Reason::Order, sentence)
            );
        }
    }

    /// A supervisor that replies once; the request that it read.
    fn replying(with: &'static str, asks: impl FnOnce(&Path)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("control.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let supervisor = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            io::BufReader::new(&stream).read_line(&mut request).unwrap();
            stream.write_all(with.as_bytes()).unwrap();
            request
        });
        asks(&socket);
        supervisor.join().unwrap()
    }

    #[test]
    fn a_reply_is_done_or_refused_or_nonsense() {
        let order = Order::Kill { worker: 3 };
        let request = replying("{\"worker\":3,\"life\":2}\n", |socket| {
            assert_eq!(
                give(socket, order).unwrap(),
                Ok(Done { worker: 3, life: 2 })
            );
        });
        assert_eq!(request, "kill 3\n");
        replying(
            r#"{"refused":"worker","error":"There is none."}"#,
            |socket| {
                let refusal = give(socket, order).unwrap().unwrap_err();
                assert_eq!(
                    (refusal.refused, refusal.error.as_str()),
                    (Reason::Worker, "There is none.")
                );
            },
        );
        replying("hello", |socket| assert!(give(socket, order).is_err()));
        assert!(give(Path::new("/nowhere/control.sock"), order).is_err());
    }
}
