//! Where a result goes: to the terminal, and as files for the book or for whoever looks.

use std::{
    env, fs,
    io::{IsTerminal, stdout},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    charts, markdown,
    report::Report,
    terminal::{self, Colours},
};

/// The file that holds everything.
pub(crate) const JSON: &str = "comparison.json";

/// Where the book has its comparison.
pub(crate) fn book() -> PathBuf {
    workspace().join("docs/comparison")
}

/// Where any other run leaves its files: in the folder of build results in which this program lies.
pub(crate) fn scratch() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    program
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("target"))
        .join("compare")
}

/// Writes all files. A chart for which there are no numbers is taken away, so that no old one is taken for new.
pub(crate) fn write(report: &Report, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for (name, content) in files(report)? {
        let path = folder.join(name);
        let done = match content {
            Some(content) => fs::write(&path, content),
            None if path.exists() => fs::remove_file(&path),
            None => Ok(()),
        };
        done.with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Each file with its content. A chart for which there are no numbers has none.
fn files(report: &Report) -> anyhow::Result<[(&'static str, Option<String>); 5]> {
    let json = serde_json::to_string_pretty(report)? + "\n";
    Ok([
        (JSON, Some(json)),
        ("comparison.md", Some(markdown::page(report))),
        ("terminal.txt", Some(session(report))),
        ("traffic.svg", charts::traffic(report)),
        ("times.svg", charts::times(report)),
    ])
}

/// The command and what it printed. The chapter, which has the facts as tables of its own, leaves them out of it.
fn session(report: &Report) -> String {
    let whole = terminal::render(report, Colours::No);
    let numbers = terminal::after_the_facts(report);
    let facts = whole.strip_suffix(&numbers).unwrap_or(&whole);
    format!(
        "# ANCHOR: command\n$ cargo xtask compare\n# ANCHOR_END: command\n{facts}# ANCHOR: numbers{numbers}# ANCHOR_END: numbers\n"
    )
}

/// Colours on a terminal, unless its user wants none.
pub(crate) fn colours() -> Colours {
    if stdout().is_terminal() && env::var_os("NO_COLOR").is_none() {
        Colours::Yes
    } else {
        Colours::No
    }
}

/// The folder of the workspace, from which `cargo xtask` is called.
pub(crate) fn workspace() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check, report::tests::report};

    #[test]
    fn the_workspace_holds_the_book() {
        assert!(workspace().join("docs/book.toml").is_file());
    }

    #[test]
    fn the_books_tables_and_charts_are_made_of_its_json() {
        let committed = check::committed(&book().join(JSON)).unwrap();
        for (name, content) in files(&committed).unwrap() {
            let there = fs::read_to_string(book().join(name)).ok();
            assert!(
                there == content,
                "{name} is not what its JSON gives; `cargo xtask compare --render` writes it anew"
            );
        }
    }

    #[test]
    fn a_chart_that_has_no_numbers_any_more_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let there = |name: &str| folder.path().join(name).is_file();
        let mut report = report();
        write(&report, folder.path()).unwrap();
        let always = [JSON, "comparison.md", "terminal.txt"];
        assert!(always.into_iter().all(there));
        assert!(there("traffic.svg") && there("times.svg"));
        let session = fs::read_to_string(folder.path().join("terminal.txt")).unwrap();
        assert!(session.contains("\n$ cargo xtask compare\n"), "{session}");
        report.numbers.clear();
        write(&report, folder.path()).unwrap();
        assert!(always.into_iter().all(there));
        assert!(!there("traffic.svg") && !there("times.svg"));
    }
}
