//! The registry and the tree say the same: every tutorial is registered, and what is registered is there.

use std::collections::BTreeMap;

use super::tree::{Finding, Tree};
use crate::{
    registry::Registry,
    workspace::{Package, Workspace},
};

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = places(tree.workspace);
    findings.extend(binaries(tree.workspace, &tree.registry)?);
    findings.extend(names(&tree.registry));
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
fn binaries(workspace: &Workspace, registry: &Registry) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for tutorial in &registry.tutorials {
        let package = workspace.package(&tutorial.package)?;
        let ids: Vec<_> = tutorial
            .entry
            .apps
            .iter()
            .map(|app| app.id.as_str())
            .collect();
        let binaries = package.targets.iter().filter(|target| target.is("bin"));
        let binaries: Vec<_> = binaries.map(|target| target.name.as_str()).collect();
        let without = ids
            .iter()
            .filter(|id| !binaries.contains(id))
            .map(|id| format!("the app `{id}` has no binary; add [[bin]] with `name = \"{id}\"`"));
        let unregistered = binaries
            .iter()
            .filter(|name| !ids.contains(name))
            .map(|name| {
                format!(
                    "the binary `{name}` is no app; add it to [[package.metadata.tutorial.apps]]"
                )
            });
        let messages = without.chain(unregistered);
        findings.extend(messages.map(|message| Finding::of(manifest(workspace, package), message)));
    }
    Ok(findings)
}

/// Nothing stands for two things: no place in the order, no id and no slug.
fn names(registry: &Registry) -> Vec<Finding> {
    let mut messages = Vec::new();
    let mut orders = BTreeMap::new();
    for tutorial in &registry.tutorials {
        if let Some(other) = orders.insert(tutorial.entry.order, &tutorial.package) {
            let (order, package) = (tutorial.entry.order, &tutorial.package);
            messages.push(format!(
                "{other} and {package} both have `order = {order}`; choose a free one"
            ));
        }
    }
    let mut owners = BTreeMap::new();
    for (_, app) in registry.apps() {
        for name in [&app.id, &app.slug] {
            let owner = *owners.entry(name).or_insert(&app.id);
            if *owner != app.id {
                messages.push(format!(
                    "`{name}` is a name of {owner} and of {}; choose another slug",
                    app.id
                ));
            }
        }
    }
    messages
        .into_iter()
        .map(|message| Finding::of("tutorials", message))
        .collect()
}

fn manifest(workspace: &Workspace, package: &Package) -> String {
    workspace
        .relative(&package.manifest_path)
        .display()
        .to_string()
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
        let app = |(id, slug): &(&str, &str)| json!({"id": id, "slug": slug, "listing": "src/lib.rs", "summary": "", "workers": "holds"});
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
        assert!(
            found[0].starts_with("tutorials/a/Cargo.toml: is not registered"),
            "{}",
            found[0]
        );
        assert!(
            found[1].starts_with("crates/b/Cargo.toml: registers a tutorial"),
            "{}",
            found[1]
        );
    }

    #[test]
    fn an_app_without_a_binary_and_a_binary_without_an_app_are_found() {
        let mut tutorial = package("tutorials/a", entry(1, &[("a", "a"), ("b", "b")]));
        for name in ["a", "c"] {
            tutorial.targets.push(Target {
                name: name.into(),
                kind: vec!["bin".into()],
                src_path: "/workspace/tutorials/a/src/main.rs".into(),
            });
        }
        let workspace = workspace(vec![tutorial]);
        let found = lines(&binaries(&workspace, &Registry::of(&workspace).unwrap()).unwrap());
        assert_eq!(found.len(), 2);
        assert!(
            found[0].contains("the app `b` has no binary"),
            "{}",
            found[0]
        );
        assert!(
            found[1].contains("the binary `c` is no app"),
            "{}",
            found[1]
        );
    }

    #[test]
    fn a_name_or_a_place_that_is_given_twice_is_found() {
        let workspace = workspace(vec![
            package("tutorials/a", entry(1, &[("a", "store")])),
            package("tutorials/b", entry(1, &[("b", "b"), ("store", "c")])),
        ]);
        let found = lines(&names(&Registry::of(&workspace).unwrap()));
        let expected = [
            "tutorials: a and b both have `order = 1`; choose a free one",
            "tutorials: `store` is a name of a and of store; choose another slug",
        ];
        assert_eq!(found, expected);
    }
}
