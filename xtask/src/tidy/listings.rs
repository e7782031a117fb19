//! The form of a tutorial: a listing that says how to run it, and a short `main`.

use super::{
    source::Source,
    tree::{File, Finding, Tree},
};
use crate::registry::App;

/// A `main` only hands the app over.
const MAIN: usize = 10;

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (tutorial, app) in tree.registry.apps() {
        let listing = tutorial.folder.join(&app.listing);
        match tree.file(&listing) {
            Some(file) => findings.extend(listing_findings(file, app, &tutorial.entry.chapter)),
            None => findings.push(Finding::of(
                tree.workspace.relative(&listing).display().to_string(),
                format!(
                    "the listing of `{}` is missing; write it, or mend `listing` in the manifest",
                    app.id
                ),
            )),
        }
        let package = tree.workspace.package(&tutorial.package)?;
        let mains = package.targets.iter().filter(|target| target.is("bin"));
        let mains = mains.filter_map(|target| tree.file(&target.src_path));
        findings.extend(mains.filter_map(main_finding));
    }
    Ok(findings)
}

fn listing_findings(file: &File, app: &App, chapter: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let command = format!("cargo xtask run {}", app.id);
    let opening = file.text.lines().take_while(|line| line.starts_with("//!"));
    // The end of the id is the end of a word, lest `option2-inputs` stands for `option2`.
    let names_command = |line: &str| {
        line.split_once(&command).is_some_and(|(_, rest)| {
            !rest.starts_with(|char: char| char == '-' || char.is_alphanumeric())
        })
    };
    if !opening.into_iter().any(names_command) {
        let message = format!(
            "does not open with a `//!` comment that names `{command}`; say there what the app shows, and how to run it"
        );
        findings.push(file.at(1, message));
    }
    let chapter = format!("//! The chapter: docs/src/{chapter}");
    if !file.text.lines().any(|line| line == chapter) {
        let message = format!("does not say which chapter is about it; add the line `{chapter}`");
        findings.push(file.at(1, message));
    }
    let code = file.source.as_ref().map(Source::code).unwrap_or_default();
    if !code.contains("pub fn app(") {
        findings.push(Finding::of(
            &file.path,
            "has no `pub fn app()`; the app's `main` and its tests call it",
        ));
    }
    findings
}

fn main_finding(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    let message = format!(
        "{lines} lines, and {MAIN} are too many for a `main`; it only serves the listing's `app()`"
    );
    (lines >= MAIN).then(|| Finding::of(&file.path, message))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{
        super::tree::tests::{file, lines},
        *,
    };
    use crate::registry::Claim;

    fn app() -> App {
        App {
            id: "option2".into(),
            slug: "store".into(),
            listing: PathBuf::from("src/lib.rs"),
            summary: String::new(),
            workers: Claim::Holds,
            features: Vec::new(),
        }
    }

    #[test]
    fn a_listing_that_says_how_to_run_it_is_in_order() {
        let text = "//! A store.\n//!\n//! Run with `cargo xtask run option2 --workers 8`.\n//!\n//! The chapter: docs/src/option2.md\n\npub fn app() -> App {}\n";
        assert_eq!(
            listing_findings(&file("a/src/lib.rs", text), &app(), "option2.md"),
            []
        );
    }

    #[test]
    fn another_apps_command_does_not_count_nor_does_an_app_in_a_comment() {
        let text = "//! Run with `cargo xtask run option2-inputs`.\n// pub fn app()\n";
        let found = lines(&listing_findings(
            &file("a/src/lib.rs", text),
            &app(),
            "option2.md",
        ));
        assert_eq!(found.len(), 3);
        assert!(
            found[0].contains("`cargo xtask run option2`"),
            "{}",
            found[0]
        );
        assert!(
            found[1].contains("`//! The chapter: docs/src/option2.md`"),
            "{}",
            found[1]
        );
        assert!(found[2].contains("no `pub fn app()`"), "{}", found[2]);
    }

    #[test]
    fn a_main_has_under_ten_lines() {
        assert_eq!(main_finding(&file("a/src/main.rs", &"\n".repeat(9))), None);
        assert!(main_finding(&file("a/src/main.rs", &"\n".repeat(10))).is_some());
    }
}
