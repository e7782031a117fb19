//! `cargo xtask compare`: builds the program that measures every option, and becomes it.
//!
//! It is a separate package because it drives a browser, which `cargo xtask run` must not have to build.

use std::{ffi::OsString, os::unix::process::CommandExt, process::ExitCode};

use crate::{cargo, registry::Registry, test::COMPARE, workspace::Workspace};

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
    let workspace = Workspace::load()?;
    let selected = selected(&Registry::of(&workspace)?);
    let mut program = cargo::built_program(&workspace, COMPARE, &selected)?;
    Err(program.args(&args.options).exec().into())
}

/// Selects the program, and every app with all its features. The program starts these, and itself builds only those that it measures.
fn selected(registry: &Registry) -> Vec<String> {
    let mut selected = vec!["--bins".to_owned()];
    for package in [COMPARE, "xtask"] {
        selected.extend(["--package".to_owned(), package.to_owned()]);
    }
    for tutorial in &registry.tutorials {
        let package = &tutorial.package;
        selected.extend(["--package".to_owned(), package.clone()]);
        for feature in tutorial.entry.apps.iter().flat_map(|app| &app.features) {
            let feature = format!("{package}/{}", feature.feature);
            selected.extend(["--features".to_owned(), feature]);
        }
    }
    selected
}
