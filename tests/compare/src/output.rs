//! The files of a result: for the book, or for whoever looks; and how far a run is.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context;

use crate::{markdown, report::Report};

/// The file that holds everything, and the one with the tables made of it.
pub(crate) const JSON: &str = "comparison.json";
const TABLES: &str = "comparison.md";

/// Where the book has its comparison.
pub(crate) fn book() -> PathBuf {
    workspace().join("docs/comparison")
}

/// Where any other run leaves its files: in the folder of build results in which this program lies.
pub(crate) fn scratch() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let target = program.ancestors().nth(2);
    target.unwrap_or(Path::new("target")).join("compare")
}

/// Writes both files.
pub(crate) fn write(report: &Report, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let json = serde_json::to_string_pretty(report)? + "\n";
    for (name, content) in [(JSON, json), (TABLES, markdown::page(report))] {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    eprintln!("The tables are in {}.", folder.display());
    Ok(())
}

/// Says that a part of the run is done.
pub(crate) fn done(since: Instant, what: &str) {
    eprintln!("{:5.1} s  {what}", since.elapsed().as_secs_f64());
}

/// The folder of the workspace, from which `cargo xtask` is called.
pub(crate) fn workspace() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn the_books_tables_are_made_of_its_json() {
        let made = tempfile::tempdir().unwrap();
        write(&check::committed(&book().join(JSON)).unwrap(), made.path()).unwrap();
        for name in [JSON, TABLES] {
            let read = |folder: &Path| fs::read_to_string(folder.join(name)).unwrap();
            assert!(
                read(&book()) == read(made.path()),
                "{name} is not what its JSON gives; `cargo xtask compare --render` writes it anew"
            );
        }
    }
}
