//! The apps, built before the clock runs.

use std::{env, process::Stdio};

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::{output, subject::Subject};

/// Builds what `cargo xtask run --release` starts for each of these subjects: asked for its help, it builds the app and starts nothing.
///
/// An app without optimisations is built by whoever builds this program.
pub(crate) async fn build(subjects: &[&'static Subject]) -> anyhow::Result<()> {
    for subject in subjects {
        eprintln!("{}: build", subject.name());
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["xtask", "run", subject.app, "--release", "--"])
            .args(subject.options())
            .arg("--help")
            .current_dir(output::workspace())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let status = command.status().await.context("cannot start cargo")?;
        ensure!(
            status.success(),
            "{} does not build ({status}); cargo's messages are above",
            subject.app
        );
    }
    Ok(())
}
