//! `cargo xtask check`: builds the program that records a lesson and judges it, and becomes it.
//!
//! It is a separate package because it starts programs under test, which `cargo xtask run` must not have to build.

use std::{ffi::OsString, os::unix::process::CommandExt, process::ExitCode};

use crate::{cargo, compare, registry::Registry, test::CHECK, workspace::Workspace};

/// Record what happens to a tutorial's data under several workers, and judge it by what is promised.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// A tutorial, and options of the program itself; `--help` shows them.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    options: Vec<OsString>,
}

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let selected = compare::selected(CHECK, &Registry::of(&workspace)?);
    let mut program = cargo::built_program(&workspace, CHECK, &selected)?;
    Err(program.args(&args.options).exec().into())
}
