//! How a process ended, in words.

use std::{fmt, os::unix::process::ExitStatusExt, process::ExitStatus};

use nix::sys::signal::Signal;

/// How a worker process ended.
///
/// `Display` continues a sentence that begins with the worker: "ended with exit code 1", "was killed by SIGSEGV".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It ended by itself, with this exit code.
    Code(i32),
    /// A signal of this number ended it.
    Signal(i32),
    /// The kernel killed it because the machine, or the control group, was out of memory.
    OutOfMemory,
}

impl Exit {
    /// By `kill -9`, or so it seems.
    pub(crate) const KILLED: Self = Self::Signal(Signal::SIGKILL as i32);

    /// Whether the worker reported success.
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Code(code),
            (None, Some(signal)) => Self::Signal(signal),
            // `wait` reports nothing else: a stopped or continued process has not ended.
            (None, None) => Self::Code(0),
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match self {
            Self::Code(code) => return write!(f, "ended with exit code {code}"),
            Self::Signal(number) => *number,
            Self::OutOfMemory => {
                return f.write_str("was killed by the kernel's out-of-memory killer (SIGKILL)");
            }
        };
        match Signal::try_from(number) {
            Ok(signal) => write!(f, "was killed by {signal}"),
            Err(_) => write!(f, "was killed by signal {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_named() {
        let text = Exit::from(ExitStatus::from_raw(11)).to_string();
        assert_eq!(text, "was killed by SIGSEGV");
    }

    #[test]
    fn an_exit_code_is_a_number() {
        let text = Exit::from(ExitStatus::from_raw(3 << 8)).to_string();
        assert_eq!(text, "ended with exit code 3");
    }

    #[test]
    fn a_kill_for_want_of_memory_is_called_that() {
        assert_eq!(
            Exit::OutOfMemory.to_string(),
            "was killed by the kernel's out-of-memory killer (SIGKILL)"
        );
        assert_eq!(Exit::Signal(9).to_string(), "was killed by SIGKILL");
    }

    #[test]
    fn a_signal_without_a_name_keeps_its_number() {
        assert_eq!(Exit::Signal(40).to_string(), "was killed by signal 40");
    }
}
