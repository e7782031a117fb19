//! Cargo, as this program calls it.

use std::{env, process::Command};

use anyhow::{Context, bail};

use crate::workspace::Workspace;

/// The cargo that started this program; started by hand, the one in `PATH`.
#[must_use]
pub fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Builds a program of the workspace for whoever only wants to use it: nothing is compiled that only tests need.
///
/// Cargo reports on standard error, so that standard output stays the program's own.
pub(crate) fn built_program(workspace: &Workspace, name: &str) -> anyhow::Result<Command> {
    let status = command()
        .args(["build", "--package", name, "--bin", name])
        .current_dir(&workspace.root)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the program `{name}` does not build; cargo's messages are above");
    }
    let mut program = Command::new(workspace.target_directory.join("debug").join(name));
    program.current_dir(&workspace.root);
    Ok(program)
}
