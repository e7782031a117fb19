//! Every test is run by `cargo xtask test`, and every tutorial is tested.

use std::collections::HashMap;

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

/// Every app's tests record what it sends. A snapshot that no test uses is found where the tests are run.
fn snapshots(ids: &[&str], files: &[File]) -> Vec<Finding> {
    let is_of = |file: &File, id: &str| {
        let recorded = format!("/snapshots/{id}.snap");
        file.path.starts_with(TUTORIALS) && file.path.ends_with(&recorded)
    };
    let bare = ids
        .iter()
        .filter(|id| !files.iter().any(|file| is_of(file, id)));
    let message =
        |id| format!("no snapshot of `{id}`; let a test record what it sends, named `{id}`");
    bare.map(|id| Finding::of(TUTORIALS, message(id))).collect()
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
    fn an_app_without_a_snapshot_is_found() {
        let files = [file("tutorials/a/src/snapshots/option2.snap", "")];
        let found = lines(&snapshots(&IDS, &files));
        let expected = "tutorials/: no snapshot of `option2-inputs`; let a test record what it sends, named `option2-inputs`";
        assert_eq!(found, [expected]);
    }
}
