//! Who may depend on whom.

use anyhow::bail;

use super::tree::{Finding, Tree};
use crate::{
    cargo,
    workspace::{Package, Workspace},
};

/// What `cargo xtask run` never builds: the browser harness and the book's builder.
const HEAVY: [&str; 4] = ["fantoccini", "mdbook-driver", "builder", "harness"];

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = directions(tree.workspace);
    findings.extend(heavy(&built_by_run(tree)?));
    Ok(findings)
}

/// Nothing depends on a tutorial but the package `tests`.
fn directions(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tutorials: Vec<&Package> = workspace
        .packages
        .iter()
        .filter(|package| workspace.is_tutorial(package))
        .collect();
    for package in workspace
        .packages
        .iter()
        .filter(|package| package.name != "tests")
    {
        for dependency in &package.dependencies {
            let path = dependency.path.as_deref();
            if path.is_some()
                && tutorials
                    .iter()
                    .any(|tutorial| path == Some(tutorial.folder()))
            {
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

/// The names of all packages that `cargo xtask run` may build, for any tutorial.
fn built_by_run(tree: &Tree<'_>) -> anyhow::Result<Vec<String>> {
    let tutorials = tree
        .registry
        .tutorials
        .iter()
        .map(|tutorial| tutorial.package.as_str());
    let packages = tutorials
        .chain(["xtask"])
        .flat_map(|package| ["--package", package]);
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
        .current_dir(&tree.workspace.root)
        .output()?;
    if !output.status.success() {
        bail!(
            "cargo tree failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let names = lines
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    Ok(names.map(str::to_owned).collect())
}

fn heavy(built: &[String]) -> Vec<Finding> {
    let found = HEAVY
        .into_iter()
        .filter(|name| built.iter().any(|package| package == name));
    let message = |name| {
        format!("`cargo xtask run` would build {name}; `cargo tree --invert {name}` shows for whom")
    };
    found
        .map(|name| Finding::of("Cargo.toml", message(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::Value;

    use super::{super::tree::tests::lines, *};
    use crate::workspace::{
        Dependency,
        tests::{package, workspace},
    };

    fn depending(folder: &str, on: &str) -> Package {
        let path = PathBuf::from("/workspace").join(on);
        Package {
            dependencies: vec![Dependency {
                name: on.to_owned(),
                path: Some(path),
            }],
            ..package(folder, Value::Null)
        }
    }

    #[test]
    fn only_the_tests_tests_may_depend_on_a_tutorial() {
        let workspace = workspace(vec![
            depending("crates/serve", "tutorials/a"),
            depending("tutorials/a", "crates/serve"),
            depending("tutorials/b", "tutorials/a"),
            depending("tests", "tutorials/a"),
        ]);
        let found = lines(&directions(&workspace));
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("crates/serve/Cargo.toml: depends on the tutorial"),
            "{}",
            found[0]
        );
        assert!(
            found[1].starts_with("tutorials/b/Cargo.toml: depends on the tutorial"),
            "{}",
            found[1]
        );
    }

    #[test]
    fn the_browser_harness_is_found_among_what_run_builds() {
        let built = ["axum", "fantoccini", "serde"].map(String::from);
        let found = lines(&heavy(&built));
        let expected = "Cargo.toml: `cargo xtask run` would build fantoccini; `cargo tree --invert fantoccini` shows for whom";
        assert_eq!(found, [expected]);
    }
}
