//! The names of the environment variables that a supervisor sets for a worker.

/// `1`: descriptor 3 is the listening socket. This is systemd's socket activation; `LISTEN_PID` is not set.
pub const LISTEN_FDS: &str = "LISTEN_FDS";
/// The path of the Unix datagram socket on which this worker reports.
pub const NOTIFY_SOCKET: &str = "NOTIFY_SOCKET";
/// From 1. A replacement has its predecessor's number.
pub const WORKER_NUMBER: &str = "WORKER_NUMBER";
/// 1 for the first worker of a number, 2 for its replacement, and so on.
pub const WORKER_LIFE: &str = "WORKER_LIFE";
/// How many workers there were when this one was started.
pub const WORKER_COUNT: &str = "WORKER_COUNT";
/// `1` when several workers may keep connections open after an answer.
pub const WORKER_KEEP_ALIVE: &str = "WORKER_KEEP_ALIVE";
/// Seconds from TERM to KILL.
pub const WORKER_GRACE: &str = "WORKER_GRACE";
/// Microseconds within which the worker has to report that it is not stuck: systemd's watchdog. Without it, it need not.
pub const WATCHDOG_USEC: &str = "WATCHDOG_USEC";
/// After how many requests the worker leaves. Without it, never.
pub const WORKER_MAX_REQUESTS: &str = "WORKER_MAX_REQUESTS";
/// `1`: standard input is a pipe that nobody writes to. Its end means that the supervisor is gone.
pub const WORKER_LIFELINE: &str = "WORKER_LIFELINE";
/// The path of the control socket. It is set only where the supervisor takes [orders](crate::order).
pub const WORKER_CONTROL: &str = "WORKER_CONTROL";
