//! Every test is run by `cargo xtask test`, and every tutorial is tested.

use std::{collections::HashMap, path::Path};

use super::tree::{File, Finding, Tree};
use crate::{test, workspace::Workspace};

/// Where the browser tests are.
const BROWSER: &str = "tests/tests/browser/";

/// Where the tutorials and their snapshots are.
const TUTORIALS: &str = "tutorials/";

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = integration_tests(tree.workspace);
    let ids: Vec<&str> = tree
        .registry
        .apps()
        .map(|(_, app)| app.id.as_str())
        .collect();
    findings.extend(browser_tests(&ids, &tree.files));
    findings.extend(snapshots(&ids, &tree.files));
    Ok(findings)
}

/// Every integration test is run by a suite, under a name of its own.
fn integration_tests(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut owners = HashMap::new();
    for package in &workspace.packages {
        for target in package.targets.iter().filter(|target| target.is("test")) {
            let name = &target.name;
            let mut add = |message| {
                let path = workspace.relative(&target.src_path).display().to_string();
                findings.push(Finding::of(path, message));
            };
            if !test::runs_target(&package.name, name) {
                add(format!(
                    "no suite runs `{name}`; add it to one in xtask/src/test/suites.rs"
                ));
            }
            // A suite selects tests by name, in the whole workspace.
            if let Some(other) = owners.insert(name, &package.name) {
                add(format!(
                    "{other} too has a test `{name}`, and a suite would run both; rename one"
                ));
            }
        }
    }
    findings
}

/// Every id stands in quotes in a browser test.
fn browser_tests(ids: &[&str], files: &[File]) -> Vec<Finding> {
    let tests = files.iter().filter(|file| file.path.starts_with(BROWSER));
    let texts: Vec<_> = tests
        .filter_map(|file| Some(file.source.as_ref()?.code_and_texts()))
        .collect();
    let untested = ids.iter().filter(|id| {
        let quoted = format!("\"{id}\"");
        !texts.iter().any(|text| text.contains(&quoted))
    });
    let message = |id| format!("no browser test starts `{id}`; write one that shows its lesson");
    untested
        .map(|id| Finding::of(BROWSER, message(id)))
        .collect()
}

/// Every id has a snapshot, and every snapshot belongs to an id.
fn snapshots(ids: &[&str], files: &[File]) -> Vec<Finding> {
    let snapshots = files
        .iter()
        .filter(|file| file.path.starts_with(TUTORIALS) && file.is(&["snap"]));
    let owned: Vec<_> = snapshots
        .map(|file| (file, owner(&file.path, ids)))
        .collect();
    let stray = owned
        .iter()
        .filter(|(_, owner)| owner.is_none())
        .map(|(file, _)| {
            Finding::of(
                &file.path,
                "is named after no tutorial; begin its name with an id, or delete it",
            )
        });
    let bare = ids
        .iter()
        .filter(|id| owned.iter().all(|(_, owner)| *owner != Some(**id)))
        .map(|id| {
            let message =
                format!("no snapshot of `{id}`; let a test record what it sends, named `{id}`");
            Finding::of(TUTORIALS, message)
        });
    stray.chain(bare).collect()
}

/// The id with which the name of a snapshot begins: `option2-layout.snap` is `option2`'s.
fn owner<'a>(path: &str, ids: &[&'a str]) -> Option<&'a str> {
    let file = Path::new(path).file_stem()?.to_str()?;
    let begins = |id: &&&str| {
        let rest = file.strip_prefix(**id);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    // `option2-inputs` begins with `option2` too.
    ids.iter().filter(begins).max_by_key(|id| id.len()).copied()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{
        super::tree::tests::{file, lines},
        *,
    };
    use crate::workspace::{
        Package, Target,
        tests::{package, workspace},
    };

    const IDS: [&str; 2] = ["option2", "option2-inputs"];

    fn tested(folder: &str, tests: &[&str]) -> Package {
        let mut package = package(folder, Value::Null);
        for name in tests {
            package.targets.push(Target {
                name: (*name).to_owned(),
                kind: vec!["test".to_owned()],
                src_path: package.folder().join(format!("tests/{name}.rs")),
            });
        }
        package
    }

    #[test]
    fn a_test_that_no_suite_runs_and_one_that_would_run_with_another_are_found() {
        let workspace = workspace(vec![
            tested("crates/callbacks", &["wire", "forgotten"]),
            tested("crates/workers", &["wire"]),
        ]);
        let found = lines(&integration_tests(&workspace));
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("crates/callbacks/tests/forgotten.rs: no suite"),
            "{}",
            found[0]
        );
        assert!(
            found[1].starts_with("crates/workers/tests/wire.rs: callbacks too"),
            "{}",
            found[1]
        );
    }

    #[test]
    fn an_app_that_no_browser_test_starts_is_found() {
        let files = [
            file(
                "tests/tests/browser/option2.rs",
                "App::start(\"option2\") // \"option2-inputs\"",
            ),
            file("tests/tests/processes.rs", "App::start(\"option2-inputs\")"),
        ];
        let found = lines(&browser_tests(&IDS, &files));
        assert_eq!(
            found,
            [
                "tests/tests/browser/: no browser test starts `option2-inputs`; write one that shows its lesson"
            ]
        );
    }

    #[test]
    fn a_snapshot_belongs_to_the_longest_id_with_which_it_begins() {
        assert_eq!(
            owner("a/snapshots/option2-inputs.snap", &IDS),
            Some("option2-inputs")
        );
        assert_eq!(
            owner("a/snapshots/option2-layout.snap", &IDS),
            Some("option2")
        );
        assert_eq!(owner("a/snapshots/option22.snap", &IDS), None);
    }

    #[test]
    fn an_app_without_a_snapshot_and_a_snapshot_without_an_app_are_found() {
        let files = [
            file("tutorials/a/src/snapshots/option2.snap", ""),
            file("tutorials/a/src/snapshots/option9.snap", ""),
        ];
        let found = lines(&snapshots(&IDS, &files));
        assert_eq!(found.len(), 2);
        assert!(
            found[0].contains("option9.snap: is named after no tutorial"),
            "{}",
            found[0]
        );
        assert!(
            found[1].contains("no snapshot of `option2-inputs`"),
            "{}",
            found[1]
        );
    }
}
