//! How far a run is, on standard error: a bar on a terminal, and elsewhere a line for each part that is done.

use std::{
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// The progress of a run.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    start: Instant,
}

impl Progress {
    /// Of so many steps.
    pub(crate) fn new(steps: usize) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(steps as u64);
            if let Ok(style) =
                ProgressStyle::with_template("{bar:32} {pos}/{len}  {elapsed}  {wide_msg}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        });
        Self {
            bar,
            start: Instant::now(),
        }
    }

    /// One step more is done; `what` is worked on.
    pub(crate) fn step(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
            bar.inc(1);
        }
    }

    /// A part is done, with all its steps.
    #[expect(clippy::print_stderr, reason = "a program for the terminal")]
    pub(crate) fn part(&self, what: &str) {
        if self.bar.is_none() {
            eprintln!("{:5.1} s  {what}", self.elapsed().as_secs_f64());
        }
    }

    /// Since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
