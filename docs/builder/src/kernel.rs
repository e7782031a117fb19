//! "Be the kernel": the game of the chapter on the global variable, joined with the client's own modules into one classic script.

use std::{fs, path::Path};

use anyhow::Context;

use crate::{join, repository::Repository};

/// The module that the game begins with.
const ENTRY: &str = "docs/kernel/view.js";

/// Writes the script beside the chapter, if this book has the game. It is no module: a browser loads none from a file.
pub(crate) fn write(repository: &Repository, folder: &Path) -> anyhow::Result<()> {
    if !repository.path(ENTRY).exists() {
        return Ok(());
    }
    let mut read = |module: &str| fs::read_to_string(repository.path(module));
    let joined = join::join(ENTRY, &mut read)?;
    let script = format!("(() => {{\n\"use strict\";\n{joined}}})();\n");
    let file = folder.join("kernel.js");
    fs::write(&file, script).with_context(|| format!("cannot write {}", file.display()))
}
