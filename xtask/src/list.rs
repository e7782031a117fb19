//! `cargo xtask list`.

use std::process::ExitCode;

use crate::{registry::Registry, table};

pub(crate) fn execute() -> anyhow::Result<ExitCode> {
    print!("{}", table::plain(&Registry::load()?));
    println!("\nRun one:       cargo xtask run <ID> --workers 8");
    println!("Read the book: cargo xtask docs --serve");
    Ok(ExitCode::SUCCESS)
}
