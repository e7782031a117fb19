//! The workers' output, line by line, behind the number and the pid of the one that wrote it.

use std::{
    borrow::Cow,
    collections::VecDeque,
    fmt,
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
};

use crate::output::Output;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, BufReader};
use tracing_subscriber::EnvFilter;

/// How many of a worker's last lines an error report shows.
const KEPT: usize = 20;
/// A longer line is broken, so that a worker without line ends cannot fill the supervisor's memory.
const LONGEST: usize = 16 * 1024;

/// The last lines of a worker, shared by those who read its standard output and its standard error.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    /// Takes the lines, oldest first.
    pub(crate) fn take(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .collect()
    }
}

/// Which worker a line comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) number: u32,
    pub(crate) pid: u32,
}

impl Origin {
    /// Writes `[worker 3 pid 4711] ` and the line into `text`. A line that is a JSON object stays one: it gets its origin
    /// as its first entry.
    fn label(self, line: &str, text: &mut Vec<u8>) {
        let Self { number, pid } = self;
        text.clear();
        // Writing to a vector does not fail.
        let _ = match line.strip_prefix("{\"") {
            Some(rest) if rest.ends_with('}') => {
                writeln!(text, "{{\"process\":\"worker {number} pid {pid}\",\"{rest}")
            }
            _ => writeln!(text, "[worker {number} pid {pid}] {line}"),
        };
    }
}

/// Sends the supervisor's own log to standard error, where the workers' lines go too: `RUST_LOG` decides how much of
/// it, from `info` on by default.
///
/// This is for programs whose business is to supervise. It does nothing if the program has set up a log already.
pub fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Output::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        // Nobody may be left to read; that ends the log and not the program.
        .log_internal_errors(false)
        .try_init();
}

/// Writes a line to standard error, after everything that was logged before.
///
/// For the last words of a program that supervises: it returns within a second, even if nobody reads standard error.
pub fn say(line: impl fmt::Display) {
    let output = Output::stderr();
    output.push(format!("{line}\n").as_bytes());
    output.flush();
}

/// Copies a worker's output to standard error until it ends.
///
/// A standard error that nobody reads is no reason to stop reading: a worker whose pipe is full would stand still.
pub(crate) async fn copy(output: impl AsyncRead + Unpin, origin: Origin, tail: Tail) {
    let mut output = BufReader::with_capacity(LONGEST, output);
    let mut line = Vec::new();
    let mut text = Vec::new();
    while let Ok(true) = next_line(&mut output, &mut line).await {
        let content = readable(&line);
        tail.push(&content);
        origin.label(&content, &mut text);
        // One write per line, so that the lines of eight workers do not mix.
        Output::stderr().push(&text);
    }
}

/// Reads up to the next line end, the end of the output or [`LONGEST`]; `false` when there was nothing left.
async fn next_line(
    output: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
) -> io::Result<bool> {
    line.clear();
    loop {
        let available = output.fill_buf().await?;
        if available.is_empty() {
            return Ok(!line.is_empty());
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(available.len()).min(LONGEST - line.len());
        line.extend_from_slice(&available[..taken]);
        let ended = end == Some(taken);
        output.consume(taken + usize::from(ended));
        // Nothing could be taken although there was something: the line is as long as it may be.
        if ended || taken == 0 {
            return Ok(true);
        }
    }
}

/// The line as text: a server may write anything, a terminal and an error report may not show it as it is.
fn readable(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(line: &str) -> String {
        let (number, pid) = (3, 4711);
        let mut text = Vec::new();
        Origin { number, pid }.label(line, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_line_says_which_worker_wrote_it() {
        assert_eq!(labelled("ready"), "[worker 3 pid 4711] ready\n");
        assert_eq!(labelled("{\"half"), "[worker 3 pid 4711] {\"half\n");
    }

    #[test]
    fn a_json_object_stays_one() {
        let text = labelled(r#"{"level":"INFO"}"#);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["process"], "worker 3 pid 4711");
        assert_eq!(json["level"], "INFO");
    }

    async fn lines(output: &[u8]) -> Vec<String> {
        let mut reader = BufReader::with_capacity(7, output);
        let mut line = Vec::new();
        let mut lines = Vec::new();
        while next_line(&mut reader, &mut line).await.unwrap() {
            lines.push(readable(&line).into_owned());
        }
        lines
    }

    #[tokio::test]
    async fn lines_come_out_without_their_ends() {
        assert_eq!(
            lines(b"one\n\ntwo and a half\r\n").await,
            ["one", "", "two and a half"]
        );
    }

    #[tokio::test]
    async fn the_last_line_needs_no_end() {
        assert_eq!(lines(b"one\ncut of").await, ["one", "cut of"]);
    }

    #[tokio::test]
    async fn a_long_line_is_broken() {
        let lengths: Vec<_> = lines(&vec![b'x'; 2 * LONGEST + 5])
            .await
            .iter()
            .map(String::len)
            .collect();
        assert_eq!(lengths, [LONGEST, LONGEST, 5]);
    }

    #[tokio::test]
    async fn a_line_of_exactly_the_longest_length_is_one_line() {
        let mut output = vec![b'x'; LONGEST];
        output.extend_from_slice(b"\nnext\n");
        let lengths: Vec<_> = lines(&output).await.iter().map(String::len).collect();
        assert_eq!(lengths, [LONGEST, 4]);
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_do_not_stop_the_log() {
        assert_eq!(lines(b"a\xff\nb\n").await, ["a\u{fffd}", "b"]);
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        let tail = Tail::default();
        for number in 0..25 {
            tail.push(&number.to_string());
        }
        let lines = tail.take();
        assert_eq!(
            (lines.len(), lines[0].as_str(), lines[19].as_str()),
            (20, "5", "24")
        );
    }
}
