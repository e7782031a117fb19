//! The last lines of `cargo xtask test`.

use std::{fmt::Write, time::Duration};

use super::{log::Tests, suites::Suite};

/// How one suite went.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) suite: &'static str,
    pub(super) outcome: Outcome,
    pub(super) time: Duration,
    pub(super) tests: Tests,
}

#[derive(Debug)]
pub(super) enum Outcome {
    Passed,
    /// With what to do next.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

impl Tests {
    /// What to do about a suite in which these tests have failed.
    pub(super) fn advice(&self, suite: &Suite) -> String {
        let mut advice = suite.advice.to_owned();
        for name in &self.failed {
            let _ = write!(advice, "\n    cargo xtask test {} -- {name}", suite.name);
        }
        advice
    }
}

/// One line for each suite, what to do about each failure, what was left out, and the closing line.
pub(super) fn render(reports: &[Report], left_out: &[&str]) -> String {
    let widths = reports.iter().map(|report| report.suite.len());
    let width = widths.max().unwrap_or(0);
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    let (mut lines, mut advice) = (String::new(), String::new());
    for report in reports {
        let suite = report.suite;
        let (word, reason) = match &report.outcome {
            Outcome::Passed => {
                passed += 1;
                ("ok", tests(&report.tests))
            }
            Outcome::Failed(next) => {
                failed += 1;
                let _ = writeln!(advice, "{suite} failed. {next}");
                ("failed", tests(&report.tests))
            }
            Outcome::Skipped(reason) => {
                skipped += 1;
                ("skipped", reason.clone())
            }
        };
        let time = report.time.as_secs_f64();
        let line = format!("{suite:width$}  {word:7}  {time:6.1} s  {reason}");
        lines += line.trim_end();
        lines.push('\n');
    }
    if !left_out.is_empty() {
        let names = left_out.join(" and ");
        let _ = writeln!(
            lines,
            "\nLeft out: {names}; `cargo xtask test full` runs everything."
        );
    }
    if !advice.is_empty() {
        advice.push('\n');
    }
    format!("{lines}\n{advice}suites: {passed} passed, {failed} failed, {skipped} skipped\n")
}

/// "54 tests, 2 failed, 8 ignored", or nothing for a suite without tests.
fn tests(tests: &Tests) -> String {
    let mut counts = match tests.run() {
        0 => return String::new(),
        1 => "1 test".to_owned(),
        run => format!("{run} tests"),
    };
    for (number, word) in [(tests.failed.len(), "failed"), (tests.ignored, "ignored")] {
        if number > 0 {
            let _ = write!(counts, ", {number} {word}");
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(suite: &'static str, outcome: Outcome, tenths: u64, tests: Tests) -> Report {
        Report {
            suite,
            outcome,
            time: Duration::from_millis(tenths * 100),
            tests,
        }
    }

    #[test]
    fn every_suite_has_its_line_with_what_was_ignored_and_every_failure_its_advice() {
        let some = Tests {
            passed: 46,
            ignored: 8,
            failed: Vec::new(),
        };
        let reports = [
            report(
                "format",
                Outcome::Failed("Run `cargo fmt`.".into()),
                4,
                Tests::default(),
            ),
            report("unit", Outcome::Passed, 312, some),
            report(
                "browser",
                Outcome::Skipped("Chromium is missing".into()),
                0,
                Tests::default(),
            ),
        ];
        let expected = "\
format   failed      0.4 s
unit     ok         31.2 s  46 tests, 8 ignored
browser  skipped     0.0 s  Chromium is missing

Left out: properties; `cargo xtask test full` runs everything.

format failed. Run `cargo fmt`.

suites: 1 passed, 1 failed, 1 skipped
";
        assert_eq!(render(&reports, &["properties"]), expected);
    }

    #[test]
    fn a_failed_test_comes_with_the_command_that_runs_it_alone() {
        let tests = Tests {
            failed: vec!["global_variable::eight_workers_disagree@8".to_owned()],
            ..Tests::default()
        };
        let suite = super::super::suites::SUITES
            .iter()
            .find(|suite| suite.name == "browser");
        let advice = tests.advice(suite.unwrap());
        let command = "\n    cargo xtask test browser -- global_variable::eight_workers_disagree@8";
        assert!(advice.ends_with(command), "{advice}");
    }
}
