//! `cargo xtask compare`: builds the program that measures every option, and starts it.
//!
//! It is a package of its own, because it drives a browser: `cargo xtask run` builds neither.

use std::{
    ffi::OsString,
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};

use crate::{cargo, test::SELECTION, workspace::Workspace};

/// Run every option under 1 and 8 workers, and measure what becomes of the data.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Options of the program itself; `--help` shows them.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    options: Vec<OsString>,
}

/// For whoever only compares: nothing is compiled that only tests need.
const ALONE: &str = "build --package compare --bin compare";

/// For a suite: as the other suites build, so that nothing is compiled a second time.
const AS_TESTS: &str = "test --no-run --test without_tools";

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let mut program = built(&workspace, ALONE, "")?;
    Err(program.args(&args.options).exec().into())
}

/// Runs it with these options, as a step of a suite.
pub(crate) fn run(workspace: &Workspace, options: &str) -> anyhow::Result<()> {
    println!("$ cargo xtask compare {options}");
    let mut program = built(workspace, AS_TESTS, SELECTION)?;
    let status = program.args(options.split_whitespace()).status();
    let status = status.context("cannot start the program `compare`")?;
    if !status.success() {
        bail!("compare ended with {status}");
    }
    Ok(())
}

/// Builds the program. Cargo reports on standard error, so that standard output stays the program's own.
fn built(workspace: &Workspace, build: &str, selection: &str) -> anyhow::Result<Command> {
    let status = cargo::command()
        .args(build.split(' '))
        .args(selection.split_whitespace())
        .current_dir(&workspace.root)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the program `compare` does not build; cargo's messages are above");
    }
    let mut program = Command::new(workspace.target_directory.join("debug/compare"));
    program.current_dir(&workspace.root);
    Ok(program)
}
