//! `cargo xtask check`, `call` and `compare`: builds the program that calls lessons, and judges or measures them, and becomes it.
//!
//! They are packages of their own because they start programs under test and drive a browser, which `cargo xtask run` must not have to build.

use std::{ffi::OsString, os::unix::process::CommandExt, process::ExitCode};

use crate::{
    cargo,
    registry::Registry,
    test::{CHECK, COMPARE},
    workspace::Workspace,
};

/// The options of such a program, which reads them itself.
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

pub(crate) fn check(args: &Args) -> anyhow::Result<ExitCode> {
    run(CHECK, Some("check"), args)
}

pub(crate) fn call(args: &Args) -> anyhow::Result<ExitCode> {
    run(CHECK, Some("call"), args)
}

pub(crate) fn compare(args: &Args) -> anyhow::Result<ExitCode> {
    run(COMPARE, None, args)
}

fn run(program: &str, command: Option<&str>, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let selected = selected(program, &Registry::of(&workspace)?);
    let mut program = cargo::built_program(&workspace, program, &selected)?;
    Err(program.args(command).args(&args.options).exec().into())
}

/// Selects the program, and every app with all its features. The program starts these, and itself builds only those that it measures.
fn selected(program: &str, registry: &Registry) -> Vec<String> {
    let mut selected = vec!["--bins".to_owned()];
    for package in [program, "xtask"] {
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
