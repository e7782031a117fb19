//! Cargo, as this program calls it.

use std::{env, process::Command};

use anyhow::{Context, bail};

use crate::workspace::Workspace;

/// The cargo that started this program, or the one in `PATH` when it was started by hand.
#[must_use]
pub fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Builds a program of the workspace with cargo's options `selected`, and nothing that only tests need.
///
/// Cargo reports on standard error, so standard output stays the program's own. With `TUTORIALS_BUILT`, as in tests, nothing is built.
pub(crate) fn built_program(
    workspace: &Workspace,
    name: &str,
    selected: &[String],
) -> anyhow::Result<Command> {
    if env::var_os("TUTORIALS_BUILT").is_none() {
        let status = command()
            .arg("build")
            .args(selected)
            .current_dir(&workspace.root)
            .status()
            .context("cannot start cargo")?;
        if !status.success() {
            bail!("the program `{name}` does not build; cargo's messages are above");
        }
    }
    let mut program = Command::new(workspace.target_directory.join("debug").join(name));
    program.current_dir(&workspace.root);
    Ok(program)
}
