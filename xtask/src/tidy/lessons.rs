//! The form of a lesson: a listing that says how to run it, a short `main`, a chapter, a browser test and snapshots.

use std::collections::BTreeMap;

use super::tree::{File, Finding, Tree};
use crate::registry::{App, Tutorial};

/// Where the chapters are, and the browser tests.
const CHAPTERS: &str = "docs/src";
const BROWSER: &str = "tests/tests/browser/";

/// A listing fits into a chapter, and a `main` only hands the app over.
const LISTING: usize = 120;
const MAIN: usize = 10;

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = chapters(tree);
    for (tutorial, app) in tree.registry.apps() {
        let listing = tutorial.folder.join(&app.listing);
        match tree.file(&listing) {
            Some(file) => findings.extend(listing_findings(file, app, &tutorial.entry.chapter)),
            None => findings.push(Finding::of(
                tree.workspace.relative(&listing).display().to_string(),
                format!(
                    "the listing of `{}` is missing; write it, or correct `listing` in the manifest",
                    app.id
                ),
            )),
        }
        let package = tree.workspace.package(&tutorial.package)?;
        let mains = package.targets.iter().filter(|target| target.is("bin"));
        let mains = mains.filter_map(|target| tree.file(&target.src_path));
        findings.extend(mains.filter_map(main_finding));
        findings.extend(untested(tree, tutorial, app));
    }
    Ok(findings)
}

/// Each tutorial has a chapter of its own with its title.
fn chapters(tree: &Tree<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut owners = BTreeMap::new();
    for tutorial in &tree.registry.tutorials {
        let path = format!("{CHAPTERS}/{}", tutorial.entry.chapter);
        let heading = format!("# {}", tutorial.entry.title);
        if tree.text(&path).lines().next() != Some(&heading) {
            let message = format!(
                "does not begin with `{heading}`, the title in the manifest; write it, or change one of them"
            );
            findings.push(Finding::of(&path, message));
        }
        if let Some(other) = owners.insert(path.clone(), &tutorial.package) {
            let message = format!(
                "is the chapter of {other} and of {}; give each its own",
                tutorial.package
            );
            findings.push(Finding::of(path, message));
        }
    }
    findings
}

fn listing_findings(file: &File, app: &App, chapter: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let command = format!("cargo xtask run {}", app.id);
    let opening = file.text.lines().take_while(|line| line.starts_with("//!"));
    // The id must end there, so that `option2-inputs` does not count as `option2`.
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
    if !file
        .text
        .lines()
        .any(|line| line.starts_with("pub fn app("))
    {
        let message = "has no `pub fn app()`; the app's `main` and its tests call it";
        findings.push(Finding::of(&file.path, message));
    }
    // The chapter does not show comments that mark an anchor.
    let is_shown = |line: &&str| !line.trim_start().starts_with("// ANCHOR");
    let lines = file.text.lines().filter(is_shown).count();
    if lines >= LISTING {
        let message = format!(
            "{lines} lines, but it must be under {LISTING}; move what is not the lesson to another file"
        );
        findings.push(Finding::of(&file.path, message));
    }
    findings
}

fn main_finding(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    let message = format!(
        "{lines} lines, but a `main` must be under {MAIN}; it only serves the listing's `app()`"
    );
    (lines >= MAIN).then(|| Finding::of(&file.path, message))
}

/// A browser test must start the app, and a snapshot in the tutorial's own package must record what crosses the wire.
fn untested(tree: &Tree<'_>, tutorial: &Tutorial, app: &App) -> Vec<Finding> {
    let mut findings = Vec::new();
    let id = &app.id;
    let quoted = format!("\"{id}\"");
    let mut browser = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(BROWSER));
    if !browser.any(|file| file.text.contains(&quoted)) {
        let message = format!("no browser test starts `{id}`; write one that shows its lesson");
        findings.push(Finding::of(BROWSER, message));
    }
    let folder = tree
        .workspace
        .relative(&tutorial.folder)
        .display()
        .to_string();
    let snapshot = format!("/{id}.snap");
    let is_recorded =
        |file: &File| file.path.starts_with(&folder) && file.path.ends_with(&snapshot);
    if !tree.files.iter().any(is_recorded) {
        let message = format!(
            "no snapshot of `{id}`; record its layout, dependencies and answers, as the other tutorials do"
        );
        findings.push(Finding::of(folder, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{
        super::tree::tests::{file, lines},
        *,
    };
    use crate::{
        registry::{Claim, tests::two_tutorials},
        workspace::tests::workspace,
    };

    fn app() -> App {
        App {
            id: "option2".into(),
            slug: "store".into(),
            stage: serde_json::Map::new(),
            listing: PathBuf::from("src/lib.rs"),
            summary: String::new(),
            people: Claim::Holds,
            operation: None,
            places: Vec::new(),
            promises: Vec::new(),
            features: Vec::new(),
        }
    }

    const LISTING_TEXT: &str = "//! A store.\n//!\n//! Run with `cargo xtask run option2 --workers 8`.\n//!\n//! The chapter: docs/src/option2.md\n\npub fn app() -> App {}\n";

    #[test]
    fn a_listing_that_says_how_to_run_it_is_in_order() {
        let listing =
            |text: &str| listing_findings(&file("a/src/lib.rs", text), &app(), "option2.md");
        assert_eq!(listing(LISTING_TEXT), []);
        let anchored = format!("{LISTING_TEXT}{}", "    // ANCHOR: a\n".repeat(LISTING));
        assert_eq!(listing(&anchored), []);
        let long = format!("{LISTING_TEXT}{}", "\n".repeat(LISTING));
        assert!(lines(&listing(&long))[0].contains("127 lines, but it must be under 120"));
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
        assert!(found[0].contains("`cargo xtask run option2`"), "{found:?}");
        assert!(
            found[1].contains("`//! The chapter: docs/src/option2.md`"),
            "{found:?}"
        );
        assert!(found[2].contains("no `pub fn app()`"), "{found:?}");
    }

    #[test]
    fn a_main_has_under_ten_lines() {
        assert_eq!(main_finding(&file("a/src/main.rs", &"\n".repeat(9))), None);
        assert!(main_finding(&file("a/src/main.rs", &"\n".repeat(10))).is_some());
    }

    #[test]
    fn a_chapter_with_another_title_and_an_app_that_no_test_starts_are_found() {
        let workspace = workspace(Vec::new());
        let snapshot = "tutorials/option2-store/src/snapshots/option2.snap";
        let tree = Tree {
            workspace: &workspace,
            registry: two_tutorials(),
            files: vec![
                file("docs/src/variable.md", "# A variable\n"),
                file("docs/src/store.md", "# A store\n"),
                file("tests/tests/browser/option2.rs", "App::start(\"option2\")"),
                file(snapshot, ""),
            ],
        };
        let found = lines(&chapters(&tree));
        assert_eq!(
            found,
            [
                "docs/src/variable.md: does not begin with `# A global variable`, the title in the manifest; write it, or change one of them"
            ]
        );
        let untested = |id: &str| {
            let (tutorial, app) = tree.registry.find(id).unwrap();
            lines(&untested(&tree, tutorial, app))
        };
        assert_eq!(untested("option2"), [""; 0]);
        let found = untested("option2-inputs");
        assert!(
            found[0].contains("no browser test starts `option2-inputs`"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("tutorials/option2-store: no snapshot of"),
            "{found:?}"
        );
    }
}
