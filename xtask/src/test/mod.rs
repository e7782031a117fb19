//! `cargo xtask test`: all checks of the workspace, as named suites.

mod build;
mod log;
mod schedule;
mod step;
mod suites;
mod summary;

use std::{collections::BTreeSet, env, num::NonZeroU16, process::ExitCode, thread, time::Instant};

use anyhow::bail;
use clap::builder::PossibleValuesParser;

use self::{
    build::Build,
    log::{Log, Tests},
    step::Run,
    suites::{SUITES, Suite},
    summary::{Outcome, Report},
};
use crate::{
    tools::{self, Tool},
    usage::UsageError,
    workspace::Workspace,
};

pub(crate) use self::build::{BUILDER, CHECK, COMPARE};

/// Runs every suite, including those that take long or need what few machines have.
const FULL: &str = "full";

/// Run the checks: all of them, or the suites that are named.
///
/// Everything is built once. Then several suites run at a time, and a suite that fails does not stop the others. The last lines say how each
/// suite went, and what to do about a failure.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The suites to run. Without a name: all that a change must pass; `full` adds those of the weekly run.
    #[arg(value_name = "SUITE", value_parser = PossibleValuesParser::new(SUITES.iter().map(|suite| suite.name).chain([FULL])))]
    suites: Vec<String>,

    /// How many workers the lessons' browser tests give each app, one run for each number.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8")]
    workers: Vec<NonZeroU16>,

    /// Show the windows of the browsers that tests drive.
    #[arg(long)]
    headed: bool,

    /// Part of the names of the tests to run, and options for the test programs.
    #[arg(last = true, value_name = "TEST-NAME")]
    tests: Vec<String>,
}

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let chosen = args.chosen();
    if let Some(suite) = chosen
        .iter()
        .find(|suite| !args.tests.is_empty() && !suite.has_tests())
    {
        let message = format!(
            "the suite `{}` has no tests to choose from; name one that has",
            suite.name
        );
        return Err(UsageError(message).into());
    }
    let left_out = SUITES
        .iter()
        .filter(|suite| args.suites.is_empty() && args.tests.is_empty() && suite.is_long);
    let left_out: Vec<_> = left_out.map(|suite| suite.name).collect();
    let reports = run(&Workspace::load()?, &chosen, args)?;
    print!("\n{}", summary::render(&reports, &left_out));
    let count =
        |number: fn(&Tests) -> usize| reports.iter().map(|report| number(&report.tests)).sum();
    let (run, ignored): (usize, usize) = (count(Tests::run), count(|tests| tests.ignored));
    let failed = |report: &Report| matches!(report.outcome, Outcome::Failed(_));
    let failed = reports.iter().any(failed);
    if !args.tests.is_empty() && run == 0 && !failed {
        let names = args.tests.join(" ");
        if ignored > 0 {
            println!(
                "Nothing was run: the tests that `{names}` names are for other numbers of workers."
            );
        } else {
            println!("Nothing was run: no test has `{names}` in its name.");
        }
        return Ok(ExitCode::FAILURE);
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Runs one suite with these environment variables, and shows everything that it prints.
pub(crate) fn run_suite(
    workspace: &Workspace,
    name: &str,
    settings: &[(&'static str, String)],
) -> anyhow::Result<()> {
    let suite = SUITES.iter().find(|suite| suite.name == name);
    let chosen: Vec<_> = suite.into_iter().collect();
    let context = Context::prepare(workspace, &chosen, &[], settings.to_vec(), true)?;
    for suite in chosen {
        let report = context.report(suite, &mut Log::shown());
        if let Outcome::Failed(advice) | Outcome::Skipped(advice) = report.outcome {
            bail!("{advice}");
        }
    }
    Ok(())
}

fn run(
    workspace: &Workspace,
    chosen: &[&'static Suite],
    args: &Args,
) -> anyhow::Result<Vec<Report>> {
    let is_chosen = !args.suites.is_empty() || !args.tests.is_empty();
    let context = Context::prepare(workspace, chosen, &args.tests, args.settings(), is_chosen)?;
    // A single suite shows its lines as they come. Several at a time would mix theirs.
    if let [suite] = chosen {
        println!("\n== {}: {}", suite.name, suite.about);
        return Ok(vec![context.report(suite, &mut Log::shown())]);
    }
    Ok(schedule::run(chosen, |suite| {
        println!("-- {} begins", suite.name);
        let mut log = Log::kept();
        let report = context.report(suite, &mut log);
        println!("\n== {}: {}\n{}", suite.name, suite.about, log.text());
        report
    }))
}

/// What every suite of a run is given.
struct Context<'a> {
    build: Build,
    run: Run<'a>,
    /// What could not be found or installed.
    missing: Vec<Tool>,
    /// Whether a suite that cannot run is a failure.
    must_run: bool,
    /// Whether the tests that run are chosen by name.
    filtered: bool,
}

impl<'a> Context<'a> {
    /// Builds what the suites run, and meanwhile installs what they need from the system.
    fn prepare(
        workspace: &'a Workspace,
        chosen: &[&Suite],
        tests: &'a [String],
        settings: Vec<(&'static str, String)>,
        is_chosen: bool,
    ) -> anyhow::Result<Self> {
        let needs: BTreeSet<Tool> = chosen
            .iter()
            .flat_map(|suite| suite.needs)
            .copied()
            .collect();
        let (build, missing) = thread::scope(|scope| {
            let missing = scope.spawn(|| tools::provide(needs.into_iter().collect()));
            let build = Build::of(workspace, chosen);
            let missing = missing.join().unwrap_or_default();
            (build, missing)
        });
        Ok(Self {
            build: build?,
            run: Run {
                workspace,
                tests,
                settings,
            },
            missing,
            must_run: is_chosen || in_ci(),
            filtered: !tests.is_empty(),
        })
    }

    fn report(&self, suite: &'static Suite, log: &mut Log) -> Report {
        let start = Instant::now();
        let outcome = self.outcome(suite, log);
        Report {
            suite: suite.name,
            outcome,
            time: start.elapsed(),
            tests: log.tests().clone(),
        }
    }

    fn outcome(&self, suite: &Suite, log: &mut Log) -> Outcome {
        if let Some(missing) = tools::missing(suite.needs, &self.missing) {
            // Where it was asked for by name, or nobody reads the summary, a skipped suite must not look like a good one.
            return if self.must_run {
                Outcome::Failed(missing)
            } else {
                Outcome::Skipped(missing)
            };
        }
        if suite.is_built() && self.build.has_failed() {
            return Outcome::Failed(
                "It does not build; the compiler's messages are above.".to_owned(),
            );
        }
        let mut failed = false;
        for step in suite.steps {
            // A step that fails does not hide what the later ones find.
            if let Err(error) = step.run(suite, &self.build, &self.run, log) {
                log.line(&format!("{error:#}"));
                failed = true;
            }
        }
        let tests = log.tests();
        if failed {
            Outcome::Failed(tests.advice(suite))
        } else if !suite.has_tests() || tests.run() > 0 {
            Outcome::Passed
        } else if tests.ignored > 0 {
            Outcome::Skipped(format!("all {} ignored", tests.ignored))
        } else if self.filtered {
            Outcome::Skipped("no test of this name".to_owned())
        } else {
            Outcome::Failed("It has run no test at all.".to_owned())
        }
    }
}

impl Args {
    fn chosen(&self) -> Vec<&'static Suite> {
        let full = self.suites.iter().any(|name| name == FULL);
        let chosen = |suite: &&Suite| {
            if full {
                true
            } else if !self.suites.is_empty() {
                self.suites.iter().any(|name| name == suite.name)
            } else {
                !suite.is_long && (self.tests.is_empty() || suite.has_tests())
            }
        };
        SUITES.iter().filter(chosen).collect()
    }

    /// What the command line says to the tests, as environment variables.
    fn settings(&self) -> Vec<(&'static str, String)> {
        let workers: Vec<_> = self.workers.iter().map(ToString::to_string).collect();
        let mut settings = vec![("E2E_WORKERS", workers.join(","))];
        if self.headed {
            settings.push(("E2E_HEADED", "1".to_owned()));
        }
        settings
    }
}

/// Whether this runs in continuous integration: its hosts set `CI=true`.
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
        args.chosen().iter().map(|suite| suite.name).collect()
    }

    #[test]
    fn no_name_means_every_suite_but_the_long_ones_and_full_means_those_too() {
        let long = SUITES.iter().filter(|suite| suite.is_long).count();
        assert!(long > 0);
        assert_eq!(chosen("").len(), SUITES.len() - long);
        assert_eq!(chosen("full").len(), SUITES.len());
    }

    #[test]
    fn named_suites_run_once() {
        assert_eq!(chosen("browser tidy browser"), ["tidy", "browser"]);
    }

    #[test]
    fn the_name_of_a_test_chooses_the_suites_that_have_tests() {
        let chosen = chosen("-- eight_workers");
        assert!(chosen.contains(&"unit") && chosen.contains(&"browser"));
        assert!(!chosen.contains(&"clippy") && !chosen.contains(&"tidy"));
    }

    #[test]
    fn a_suite_without_tests_takes_no_name_of_one() {
        let args = parse("clippy -- eight_workers").unwrap();
        let error = execute(&args).unwrap_err();
        assert!(error.is::<UsageError>(), "{error}");
    }

    #[test]
    fn an_unknown_suite_is_a_usage_error_that_names_the_nearest() {
        let error = parse("brwser").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("exists: 'browser'"), "{error}");
    }

    #[test]
    fn tests_are_told_the_numbers_of_workers_and_to_show_their_windows() {
        let args = parse("--workers 2,4 --headed").unwrap();
        let expected = [
            ("E2E_WORKERS", "2,4".to_owned()),
            ("E2E_HEADED", "1".to_owned()),
        ];
        assert_eq!(args.settings(), expected);
    }
}
