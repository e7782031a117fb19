//! `cargo xtask test`: all checks of the workspace, as named suites.

mod step;
mod suites;
mod summary;

use std::{env, num::NonZeroU16, process::ExitCode, time::Instant};

use clap::builder::PossibleValuesParser;

use self::{
    suites::{SUITES, Suite},
    summary::{Outcome, Report},
};
use crate::{tools, workspace::Workspace};

pub(crate) use self::{
    step::{SELECTION, Step, readers_book_program},
    suites::runs_target,
};

/// Run the checks: all of them, or the suites that are named.
///
/// A suite that fails does not stop the others. The last lines say how each went, and what to do about a failure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The suites to run; none means all, in this order.
    #[arg(value_name = "SUITE", value_parser = PossibleValuesParser::new(SUITES.map(|suite| suite.name)))]
    suites: Vec<String>,

    /// How many workers the browser suite gives each app, one run for each number.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8")]
    workers: Vec<NonZeroU16>,

    /// Show the browser's windows while the browser suite drives them.
    #[arg(long)]
    headed: bool,
}

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let chosen: Vec<&Suite> = SUITES.iter().filter(|suite| args.chooses(suite)).collect();
    let mut reports = Vec::new();
    for (number, suite) in (1..).zip(&chosen) {
        println!(
            "\n== {} ({number} of {}): {}",
            suite.name,
            chosen.len(),
            suite.about
        );
        let start = Instant::now();
        let outcome = args.run(suite, &workspace);
        reports.push(Report {
            suite: suite.name,
            outcome,
            time: start.elapsed(),
        });
    }
    print!("\n{}", summary::render(&reports));
    let failed = reports
        .iter()
        .any(|report| matches!(report.outcome, Outcome::Failed(_)));
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

impl Args {
    fn chooses(&self, suite: &Suite) -> bool {
        self.suites.is_empty() || self.suites.iter().any(|name| name == suite.name)
    }

    fn run(&self, suite: &Suite, workspace: &Workspace) -> Outcome {
        if let Err(missing) = tools::provide(suite.needs) {
            // Asked for by name, or where nobody reads the summary, a skipped suite would pass for a good one.
            let must_run = !self.suites.is_empty() || in_ci();
            let missing = missing.to_string();
            return if must_run {
                Outcome::Failed(missing)
            } else {
                Outcome::Skipped(missing)
            };
        }
        let settings = self.settings(suite);
        for step in suite.steps {
            if let Err(error) = step.run(workspace, &settings) {
                println!("{error:#}");
                return Outcome::Failed(suite.mend.to_owned());
            }
        }
        Outcome::Passed
    }

    /// What the command line says to the suite, as environment variables.
    fn settings(&self, suite: &Suite) -> Vec<(&'static str, String)> {
        if suite.name != "browser" {
            return Vec::new();
        }
        let workers: Vec<_> = self.workers.iter().map(ToString::to_string).collect();
        let mut settings = vec![("E2E_WORKERS", workers.join(","))];
        if self.headed {
            settings.push(("E2E_HEADED", "1".to_owned()));
        }
        settings
    }
}

/// Whether nobody watches: hosts of continuous integration set `CI=true`.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Line::try_parse_from(["test"].into_iter().chain(line.split_whitespace()))
            .map(|line| line.args)
    }

    fn chosen(line: &str) -> Vec<&'static str> {
        let args = parse(line).unwrap();
        let suites = SUITES.iter().filter(|suite| args.chooses(suite));
        suites.map(|suite| suite.name).collect()
    }

    #[test]
    fn no_name_means_every_suite() {
        assert_eq!(chosen("").len(), SUITES.len());
    }

    #[test]
    fn named_suites_run_in_their_own_order_and_once() {
        assert_eq!(chosen("browser tidy browser"), ["tidy", "browser"]);
    }

    #[test]
    fn an_unknown_suite_is_a_usage_error_that_names_the_nearest() {
        let error = parse("brwser").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(
            error
                .to_string()
                .contains("similar value exists: 'browser'"),
            "{error}"
        );
    }

    #[test]
    fn the_browser_suite_is_told_the_numbers_of_workers_and_to_show_itself() {
        let args = parse("--workers 2,4 --headed").unwrap();
        let browser = SUITES.iter().find(|suite| suite.name == "browser").unwrap();
        let expected = [
            ("E2E_WORKERS", "2,4".to_owned()),
            ("E2E_HEADED", "1".to_owned()),
        ];
        assert_eq!(args.settings(browser), expected);
        assert_eq!(args.settings(&SUITES[0]), []);
    }

    #[test]
    fn no_workers_is_a_usage_error() {
        assert_eq!(parse("--workers 1,0").unwrap_err().exit_code(), 2);
    }
}
