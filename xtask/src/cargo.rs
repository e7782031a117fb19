//! Cargo, as this program calls it.

use std::{env, process::Command};

/// The cargo that started this program; started by hand, the one in `PATH`.
#[must_use]
pub fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
