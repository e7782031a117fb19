//! `cargo xtask docs`: checks and builds the book, and runs what it shows.

use std::{
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};

use crate::{
    run::browser,
    test::{Step, in_ci, readers_book_program},
    tools::{self, CHROMEDRIVER, CHROMIUM, CURL, JQ, REDIS},
    workspace::Workspace,
};

/// Check and build the book, and compare the sessions and screenshots that it shows with what a run gives.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Build and serve the book, and build it again after each change. Nothing else is run.
    #[arg(long, conflicts_with = "bless")]
    serve: bool,

    /// Record the sessions and take the screenshots anew, before the book is built.
    #[arg(long)]
    bless: bool,

    /// Open the book in the browser.
    #[arg(long)]
    open: bool,
}

const BUILD: Step = Step::Book("build");
const SESSIONS: Step = Step::Test("tests", "transcripts");
const SCREENS: Step = Step::Test("tests", "screens");

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    if args.serve {
        // It takes the place of this program, so that a signal ends it.
        let error = Command::new(readers_book_program(&workspace)?)
            .arg("serve")
            .args(args.open.then_some("--open"))
            .args(destination(&workspace))
            .current_dir(&workspace.root)
            .exec();
        return Err(error).context("cannot start the program that serves the book");
    }
    if args.bless {
        run_what_it_shows(&workspace, &[("BLESS_BOOK", "1".to_owned())])?;
        BUILD.run(&workspace, &[])?;
    } else {
        BUILD.run(&workspace, &[])?;
        run_what_it_shows(&workspace, &[])?;
    }
    let first = folder(&workspace).join("index.html");
    println!(
        "The book begins at {}; `cargo xtask docs --open` opens it.",
        first.display()
    );
    if args.open {
        // The opener would end with this program.
        let _ = browser::open(&first.display().to_string()).join();
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the book is built: `cargo xtask run` shows it below each tutorial's page.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target_directory.join("book")
}

/// The option of the program `book` that says so.
pub(crate) fn destination(workspace: &Workspace) -> [String; 2] {
    ["--dest".to_owned(), folder(workspace).display().to_string()]
}

/// The sessions and the screenshots, as far as this machine has what they need.
fn run_what_it_shows(
    workspace: &Workspace,
    settings: &[(&'static str, String)],
) -> anyhow::Result<()> {
    let parts = [
        (SESSIONS, &[CURL, JQ, REDIS][..], "the sessions"),
        (
            SCREENS,
            &[CHROMIUM, CHROMEDRIVER, REDIS][..],
            "the screenshots",
        ),
    ];
    for (step, needs, what) in parts {
        match tools::provide(needs) {
            Ok(()) => step.run(workspace, settings)?,
            // Where nobody reads this line, what is left out would pass for good.
            Err(missing) if in_ci() => bail!("{missing}; {what} cannot be checked"),
            Err(missing) => println!("{missing}. Without that {what} are left out."),
        }
    }
    Ok(())
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

    #[test]
    fn the_book_is_either_served_or_recorded_anew() {
        let error = Line::try_parse_from(["docs", "--serve", "--bless"]).expect_err("both");
        assert_eq!(error.exit_code(), 2);
        let line = Line::try_parse_from(["docs", "--bless", "--open"]).expect("a recording");
        assert!(line.args.bless && line.args.open && !line.args.serve);
    }
}
