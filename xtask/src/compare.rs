//! `cargo xtask compare`: builds the program that measures every option, and becomes it.
//!
//! It is a package of its own, because it drives a browser: `cargo xtask run` builds neither.

use std::{ffi::OsString, os::unix::process::CommandExt, process::ExitCode};

use crate::{cargo, test::COMPARE, workspace::Workspace};

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

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let mut program = cargo::built_program(&Workspace::load()?, COMPARE)?;
    Err(program.args(&args.options).exec().into())
}
