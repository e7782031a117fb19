//! `cargo xtask list`.

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use crate::{registry::Registry, table};

pub(crate) fn execute() -> anyhow::Result<ExitCode> {
    let table = table::plain(&Registry::load()?);
    let list = format!(
        "{table}\nRun one:       cargo xtask run <ID> --workers 8\nRead the book: cargo xtask docs --serve\n"
    );
    match io::stdout().write_all(list.as_bytes()) {
        // `cargo xtask list | head` closes the pipe early, which is not an error.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
