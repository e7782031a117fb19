//! The last lines of `cargo xtask test`.

use std::{fmt::Write, time::Duration};

/// How one suite went.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) suite: &'static str,
    pub(super) outcome: Outcome,
    pub(super) time: Duration,
}

#[derive(Debug)]
pub(super) enum Outcome {
    Passed,
    /// With what to do next.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

/// One line for each suite, one for each failure with what to do, and the closing line.
pub(super) fn render(reports: &[Report]) -> String {
    let width = reports
        .iter()
        .map(|report| report.suite.len())
        .max()
        .unwrap_or(0);
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    let (mut lines, mut mends) = (String::new(), String::new());
    for Report {
        suite,
        outcome,
        time,
    } in reports
    {
        let (word, reason) = match outcome {
            Outcome::Passed => {
                passed += 1;
                ("ok", "")
            }
            Outcome::Failed(mend) => {
                failed += 1;
                let _ = writeln!(mends, "{suite} failed. {mend}");
                ("failed", "")
            }
            Outcome::Skipped(reason) => {
                skipped += 1;
                ("skipped", reason.as_str())
            }
        };
        let line = format!(
            "{suite:width$}  {word:7}  {:6.1} s  {reason}",
            time.as_secs_f64()
        );
        lines += line.trim_end();
        lines.push('\n');
    }
    if !mends.is_empty() {
        mends.push('\n');
    }
    format!("{lines}\n{mends}{passed} passed, {failed} failed, {skipped} skipped\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(suite: &'static str, outcome: Outcome, tenths: u64) -> Report {
        Report {
            suite,
            outcome,
            time: Duration::from_millis(tenths * 100),
        }
    }

    #[test]
    fn every_suite_has_its_line_and_every_failure_its_advice() {
        let reports = [
            report("format", Outcome::Failed("Run `cargo fmt`.".into()), 4),
            report("unit", Outcome::Passed, 312),
            report("browser", Outcome::Skipped("Chromium is missing".into()), 0),
        ];
        let expected = "\
format   failed      0.4 s
unit     ok         31.2 s
browser  skipped     0.0 s  Chromium is missing

format failed. Run `cargo fmt`.

1 passed, 1 failed, 1 skipped
";
        assert_eq!(render(&reports), expected);
    }

    #[test]
    fn without_a_failure_there_is_no_advice() {
        let expected = "tidy  ok          1.0 s\n\n1 passed, 0 failed, 0 skipped\n";
        assert_eq!(render(&[report("tidy", Outcome::Passed, 10)]), expected);
    }
}
