//! What is generated from the registry and from cargo, and committed so that a change of it shows in the diff.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, bail};

use super::tree::{Finding, Tree};
use crate::{cargo, table};

/// Where the generated part of a file begins and ends.
const START: &str = "<!-- tutorials:start -->\n";
const END: &str = "<!-- tutorials:end -->";

const README: &str = "README.md";
/// The crates that `cargo xtask run` builds, so that the time to the first page does not grow unnoticed.
const BUILT: &str = "xtask/built-by-run.txt";

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in generated(tree)? {
        let old = tree.text(path);
        match text {
            None => findings.push(Finding::of(path, no_place())),
            Some(text) if path == BUILT => findings.extend(differences(old, &text)),
            Some(text) if text != old => {
                let message =
                    "the tutorials are not what their manifests say; run `cargo xtask tidy --fix`";
                findings.push(Finding::of(path, message));
            }
            Some(_) => {}
        }
    }
    Ok(findings)
}

/// Writes all of it.
pub(super) fn write(tree: &Tree<'_>) -> anyhow::Result<()> {
    for (path, text) in generated(tree)? {
        let text = text.with_context(|| format!("{path}: {}", no_place()))?;
        let file = tree.workspace.root.join(path);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Each file's path and text; no text for a file that has no place for it.
fn generated(tree: &Tree<'_>) -> anyhow::Result<[(&'static str, Option<String>); 2]> {
    let root = &tree.workspace.root;
    // The blank lines keep Markdown's tables apart from its comments.
    let table = format!("\n{}\n", table::markdown(&tree.registry, root));
    Ok([
        (README, with_part(tree.text(README), &table)),
        (BUILT, Some(list(&built(tree)?))),
    ])
}

/// `text` with `part` between the marks; none if it has no marks.
fn with_part(text: &str, part: &str) -> Option<String> {
    let (before, rest) = text.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}{part}{END}{after}"))
}

fn no_place() -> String {
    let start = START.trim_end();
    format!("no place for the tutorials; add the lines `{start}` and `{END}`")
}

/// The names of all packages that `cargo xtask run` builds for tutorials without options, except the tutorials themselves.
fn built(tree: &Tree<'_>) -> anyhow::Result<BTreeSet<String>> {
    let tutorials = tree.registry.tutorials.iter();
    let tutorials: Vec<_> = tutorials
        .map(|tutorial| tutorial.package.as_str())
        .collect();
    let mut command = cargo::command();
    command.args(["tree", "--prefix", "none", "--format", "{p}"]);
    command.args(["--edges", "normal,build", "--package", "xtask"]);
    for package in &tutorials {
        command.args(["--package", package]);
    }
    let output = command.current_dir(&tree.workspace.root).output();
    let output = output.context("cannot start cargo")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("cargo tree failed:\n{message}");
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let names = lines
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| !tutorials.contains(name));
    Ok(names.map(str::to_owned).collect())
}

fn list(built: &BTreeSet<String>) -> String {
    let number = built.len();
    let mut text = format!(
        "# `cargo xtask run` builds these {number} crates for any tutorial, and the tutorial itself.\n"
    );
    for name in built {
        text += name;
        text.push('\n');
    }
    text
}

/// One finding for each crate, so that each new one is named.
fn differences(listed: &str, built: &str) -> Vec<Finding> {
    fn names(text: &str) -> BTreeSet<&str> {
        text.lines().filter(|line| !line.starts_with('#')).collect()
    }
    let (listed, built) = (names(listed), names(built));
    let new = built.difference(&listed).map(|name| {
        format!("`cargo xtask run` now builds {name} too; `cargo tree --invert {name}` shows why; if it is worth it, `cargo xtask tidy --fix` lists it")
    });
    let gone = listed.difference(&built).map(|name| {
        format!("{name} is listed and not built any more; run `cargo xtask tidy --fix`")
    });
    new.chain(gone)
        .map(|message| Finding::of(BUILT, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::tree::tests::lines, *};

    #[test]
    fn the_part_is_replaced_and_the_rest_stays() {
        let text = "# Title\n<!-- tutorials:start -->\nold\n<!-- tutorials:end -->\nend\n";
        let expected = "# Title\n<!-- tutorials:start -->\nnew\n<!-- tutorials:end -->\nend\n";
        assert_eq!(with_part(text, "new\n").unwrap(), expected);
        assert_eq!(
            with_part("# Title\n<!-- tutorials:start -->\n", "new"),
            None
        );
    }

    #[test]
    fn a_crate_more_and_a_crate_less_are_found() {
        let built = list(&BTreeSet::from(["axum".to_owned(), "serde".to_owned()]));
        assert_eq!(differences(&built, &built), []);
        let found = lines(&differences("# 2 crates\naxum\nregex\n", &built));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("now builds serde too"), "{found:?}");
        assert!(
            found[1].contains("regex is listed and not built"),
            "{found:?}"
        );
    }
}
