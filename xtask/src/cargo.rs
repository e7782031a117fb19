//! Cargo, as this program calls it.

use std::{env, process::Command};

use anyhow::{Context, bail};

use crate::workspace::Workspace;

/// The cargo that started this program; started by hand, the one in `PATH`.
#[must_use]
pub fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Builds a program of the workspace for whoever only wants to use it, by what is `selected`: nothing is compiled that only tests need.
///
/// Cargo reports on standard error, so that standard output stays the program's own. Where all is built, as in a test, nothing is.
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
