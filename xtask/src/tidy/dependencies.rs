//! Who may depend on whom, and what every manifest inherits.

use std::{path::Path, process::Command};

use anyhow::Context;

use super::tree::{Finding, Tree};
use crate::{
    test::in_ci,
    workspace::{Package, Workspace},
};

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = on_tutorials(tree.workspace);
    let manifests = tree.workspace.packages.iter();
    let manifests = manifests.filter_map(|package| tree.file(&package.manifest_path));
    let without = manifests.filter(|file| !file.text.contains("\n[lints]\nworkspace = true\n"));
    let message = "does not inherit the lints; add `[lints]` with `workspace = true`";
    findings.extend(without.map(|file| Finding::of(&file.path, message)));
    if in_ci() {
        findings.extend(forgotten_lock(&tree.workspace.root)?);
    }
    Ok(findings)
}

/// A lock file that cargo had to change to build this program is one that somebody has not committed.
fn forgotten_lock(root: &Path) -> anyhow::Result<Option<Finding>> {
    let diff = Command::new("git")
        .args(["diff", "--quiet", "--", "Cargo.lock"])
        .current_dir(root)
        .status()
        .context("cannot start git")?;
    let message =
        "is not what the manifests ask for; run `cargo metadata` and commit what it wrote";
    Ok((!diff.success()).then(|| Finding::of("Cargo.lock", message)))
}

/// Nothing depends on a tutorial, neither the crates nor another one.
fn on_tutorials(workspace: &Workspace) -> Vec<Finding> {
    let tutorials = workspace
        .packages
        .iter()
        .filter(|package| workspace.is_tutorial(package));
    let tutorials: Vec<_> = tutorials.map(Package::folder).collect();
    let mut findings = Vec::new();
    for package in &workspace.packages {
        for dependency in &package.dependencies {
            let path = dependency.path.as_deref();
            if path.is_some_and(|path| tutorials.contains(&path) && path != package.folder()) {
                let manifest = workspace
                    .relative(&package.manifest_path)
                    .display()
                    .to_string();
                let name = &dependency.name;
                let message = format!(
                    "depends on the tutorial `{name}`; move what both need to a crate in crates/"
                );
                findings.push(Finding::of(manifest, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use serde_json::Value;

    use super::{super::tree::tests::lines, *};
    use crate::workspace::{
        Dependency,
        tests::{package, workspace},
    };

    #[test]
    fn a_lock_file_that_is_not_what_git_has_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("Cargo.lock");
        fs::write(&lock, "old").unwrap();
        for arguments in [&["init"][..], &["add", "Cargo.lock"]] {
            let git = Command::new("git")
                .args(arguments)
                .current_dir(&folder)
                .output();
            assert!(git.unwrap().status.success());
        }
        assert_eq!(forgotten_lock(folder.path()).unwrap(), None);
        fs::write(&lock, "new").unwrap();
        assert!(forgotten_lock(folder.path()).unwrap().is_some());
    }

    #[test]
    fn a_crate_and_a_tutorial_that_depend_on_a_tutorial_are_found() {
        let depending = |folder: &str, on: &str| Package {
            dependencies: vec![Dependency {
                name: on.to_owned(),
                path: Some(PathBuf::from("/workspace").join(on)),
            }],
            ..package(folder, Value::Null)
        };
        let workspace = workspace(vec![
            depending("crates/serve", "tutorials/a"),
            depending("tutorials/a", "crates/serve"),
            depending("tutorials/b", "tutorials/a"),
        ]);
        let found = lines(&on_tutorials(&workspace));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("crates/serve/Cargo.toml: depends on the tutorial"));
        assert!(found[1].starts_with("tutorials/b/Cargo.toml: depends on the tutorial"));
    }
}
