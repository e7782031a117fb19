//! The registry and the tree agree: every tutorial is registered, and what is registered exists.

use std::collections::BTreeMap;

use super::tree::{Finding, Tree};
use crate::{
    registry::{Registry, Tutorial},
    workspace::{Package, Workspace},
};

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let workspace = tree.workspace;
    let mut findings = places(workspace);
    for tutorial in &tree.registry.tutorials {
        let package = workspace.package(&tutorial.package)?;
        let messages = binaries(package, tutorial).into_iter();
        findings.extend(messages.map(|message| Finding::of(manifest(workspace, package), message)));
    }
    let messages = names(&tree.registry).into_iter();
    findings.extend(messages.map(|message| Finding::of("tutorials", message)));
    Ok(findings)
}

/// Every package in `tutorials/` has the table in its manifest, and no other package has.
fn places(workspace: &Workspace) -> Vec<Finding> {
    let finding = |package: &Package| {
        let registered = package.metadata.get("tutorial").is_some();
        let message = match (workspace.is_tutorial(package), registered) {
            (true, false) => {
                "is not registered; add [package.metadata.tutorial], as in the other tutorials"
            }
            (false, true) => {
                "registers a tutorial that is not in tutorials/; move the package there"
            }
            _ => return None,
        };
        Some(Finding::of(manifest(workspace, package), message))
    };
    workspace.packages.iter().filter_map(finding).collect()
}

/// Every app is a binary of its package, and every binary of a tutorial is an app.
fn binaries(package: &Package, tutorial: &Tutorial) -> Vec<String> {
    let binaries = package.targets.iter().filter(|target| target.is("bin"));
    let binaries: Vec<_> = binaries.map(|target| target.name.as_str()).collect();
    let apps = tutorial.entry.apps.iter();
    let apps: Vec<_> = apps.map(|app| app.id.as_str()).collect();
    let mut messages = Vec::new();
    for id in apps.iter().filter(|id| !binaries.contains(id)) {
        let message = format!("the app `{id}` has no binary; add [[bin]] with `name = \"{id}\"`");
        messages.push(message);
    }
    for name in binaries.iter().filter(|name| !apps.contains(name)) {
        let message =
            format!("the binary `{name}` is no app; add it to [[package.metadata.tutorial.apps]]");
        messages.push(message);
    }
    messages
}

/// No place in the order, no id and no slug is used twice.
fn names(registry: &Registry) -> Vec<String> {
    let mut messages = Vec::new();
    let mut owners = BTreeMap::new();
    for (tutorial, app) in registry.apps() {
        let order = format!("order = {}", tutorial.entry.order);
        for (name, owner) in [
            (&order, &tutorial.package),
            (&app.id, &app.id),
            (&app.slug, &app.id),
        ] {
            let other = owners.entry(name.clone()).or_insert(owner);
            if *other != owner {
                messages.push(format!(
                    "`{name}` is given to {other} and to {owner}; choose another"
                ));
            }
        }
    }
    messages
}

fn manifest(workspace: &Workspace, package: &Package) -> String {
    let manifest = workspace.relative(&package.manifest_path);
    manifest.display().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::tree::tests::lines, *};
    use crate::workspace::{
        Target,
        tests::{package, workspace},
    };

    fn entry(order: u32, apps: &[(&str, &str)]) -> Value {
        let app = |(id, slug): &(&str, &str)| json!({"id": id, "slug": slug, "listing": "src/lib.rs", "summary": ""});
        let apps: Vec<_> = apps.iter().map(app).collect();
        json!({"tutorial": {"order": order, "title": "", "chapter": "", "apps": apps}})
    }

    #[test]
    fn a_tutorial_without_a_table_and_a_table_in_another_place_are_found() {
        let workspace = workspace(vec![
            package("tutorials/a", Value::Null),
            package("crates/b", entry(1, &[])),
            package("crates/c", Value::Null),
        ]);
        let found = lines(&places(&workspace));
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("tutorials/a/Cargo.toml: is not registered"));
        assert!(found[1].starts_with("crates/b/Cargo.toml: registers a tutorial"));
    }

    #[test]
    fn an_app_without_a_binary_and_a_binary_without_an_app_are_found() {
        let mut tutorial = package("tutorials/a", entry(1, &[("a", "a"), ("b", "b")]));
        tutorial.targets = ["a", "c"]
            .map(|name| Target {
                name: name.into(),
                kind: vec!["bin".into()],
                src_path: "/workspace/tutorials/a/src/main.rs".into(),
            })
            .into();
        let workspace = workspace(vec![tutorial]);
        let registry = Registry::of(&workspace).unwrap();
        let found = binaries(&workspace.packages[0], &registry.tutorials[0]);
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("the app `b` has no binary"), "{found:?}");
        assert!(found[1].contains("the binary `c` is no app"), "{found:?}");
    }

    #[test]
    fn a_name_or_a_place_that_is_given_twice_is_found() {
        let workspace = workspace(vec![
            package("tutorials/a", entry(1, &[("a", "store")])),
            package("tutorials/b", entry(1, &[("b", "b"), ("store", "c")])),
        ]);
        let found = names(&Registry::of(&workspace).unwrap());
        assert!(found.contains(&"`order = 1` is given to a and to b; choose another".to_owned()));
        assert!(found.contains(&"`store` is given to a and to store; choose another".to_owned()));
    }
}
