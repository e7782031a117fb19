//! The apps, built before the clock runs.

use std::{env, process::Stdio};

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::{output, variant::Variant};

/// Builds what `cargo xtask run --release` starts for each of these variants: asked for its help, it builds the app and starts nothing.
///
/// An app without optimisations is built by whoever builds this program.
pub(crate) async fn build(variants: &[Variant]) -> anyhow::Result<()> {
    for variant in variants {
        eprintln!("{}: build", variant.name());
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["xtask", "run", &variant.app.id, "--release", "--"])
            .args(variant.options())
            .arg("--help")
            .current_dir(output::workspace())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let status = command.status().await.context("cannot start cargo")?;
        ensure!(
            status.success(),
            "{} does not build ({status}); cargo's messages are above",
            variant.app.id
        );
    }
    Ok(())
}
