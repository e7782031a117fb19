//! The crates that `cargo xtask run global-variable` builds: a list that is read in a review, so that it does not grow unseen.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, bail};

use super::tree::{Finding, Tree};
use crate::{cargo, workspace::Workspace};

const FILE: &str = "xtask/built-by-run.txt";
/// The smallest tutorial: what it builds every other one builds too.
const BUILT: [&str; 2] = ["xtask", "global-variable"];

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let built = built(tree.workspace)?;
    let listed = tree
        .file(Path::new(FILE))
        .map_or("", |file| file.text.as_str());
    Ok(differences(listed, &built))
}

/// Writes the list.
pub(super) fn write(workspace: &Workspace) -> anyhow::Result<()> {
    let path = workspace.root.join(FILE);
    fs::write(&path, text(&built(workspace)?))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The names of the crates, without those of this workspace.
fn built(workspace: &Workspace) -> anyhow::Result<BTreeSet<String>> {
    let packages = BUILT.iter().flat_map(|package| ["--package", package]);
    let output = cargo::command()
        .args([
            "tree",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--edges",
            "normal,build",
        ])
        .args(packages)
        .current_dir(&workspace.root)
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!(
            "cargo tree failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let own = |name: &str| {
        workspace
            .packages
            .iter()
            .any(|package| package.name == name)
    };
    let lines = String::from_utf8_lossy(&output.stdout);
    let names = lines
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    Ok(names.filter(|name| !own(name)).map(str::to_owned).collect())
}

fn text(built: &BTreeSet<String>) -> String {
    let names: String = built.iter().map(|name| format!("{name}\n")).collect();
    format!(
        "# {} crates are built by `cargo xtask run global-variable`, besides our own.\n{names}",
        built.len()
    )
}

fn differences(listed: &str, built: &BTreeSet<String>) -> Vec<Finding> {
    let listed: BTreeSet<String> = listed
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let new = built.difference(&listed).map(|name| {
        let total = built.len();
        format!("`cargo xtask run` now builds {name} too, {total} crates in all; if it is worth it, `cargo xtask tidy --fix` lists it")
    });
    let gone = listed.difference(built).map(|name| {
        format!("{name} is listed and not built any more; run `cargo xtask tidy --fix`")
    });
    new.chain(gone)
        .map(|message| Finding::of(FILE, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::tree::tests::lines, *};

    #[test]
    fn a_crate_more_and_a_crate_less_are_found() {
        let built = BTreeSet::from(["axum".to_owned(), "serde".to_owned()]);
        assert!(differences(&text(&built), &built).is_empty());
        let found = lines(&differences("# 2 crates\naxum\nregex\n", &built));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains("now builds serde too, 2 crates in all"),
            "{}",
            found[0]
        );
        assert!(
            found[1].contains("regex is listed and not built any more"),
            "{}",
            found[1]
        );
    }
}
