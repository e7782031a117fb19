//! What every member's manifest takes from the workspace: lints and the versions of dependencies.

use super::tree::{File, Finding, Tree};

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let manifests = tree
        .workspace
        .packages
        .iter()
        .filter_map(|package| tree.file(&package.manifest_path));
    Ok(manifests.flat_map(check).collect())
}

fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut section = "";
    let mut has_lints = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
            if let Some((_, name)) = section.split_once("dependencies.") {
                findings.push(file.at(number, own_version(name)));
            }
        } else if section == "lints" {
            has_lints |= line.replace(' ', "") == "workspace=true";
        } else if section.ends_with("dependencies") && !line.is_empty() {
            let line = line.replace(' ', "");
            // A package may name itself, to have its own features in its tests.
            if !line.contains("workspace=true") && !line.contains("path=\".\"") {
                let name = line.split(['=', '.']).next().unwrap_or_default().trim();
                findings.push(file.at(number, own_version(name)));
            }
        }
    }
    if !has_lints {
        findings.push(Finding::of(
            &file.path,
            "does not inherit the lints; add `[lints]` with `workspace = true`",
        ));
    }
    findings
}

fn own_version(name: &str) -> String {
    format!(
        "`{name}` does not take its version from the workspace; put it into the root's [workspace.dependencies] \
         and write `{name}.workspace = true` here"
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::tree::tests::{file, lines},
        *,
    };

    #[test]
    fn a_manifest_that_inherits_everything_is_in_order() {
        let text = "[lints]\nworkspace = true\n\n[dependencies]\n# The web.\naxum.workspace = true\nserde = { workspace = true, optional = true }\n\n[dev-dependencies]\na = { path = \".\", features = [\"b\"] }\n\n[features]\nbrowser = [\"dep:serde\"]\n";
        assert_eq!(check(&file("a/Cargo.toml", text)), []);
    }

    #[test]
    fn missing_lints_and_versions_of_its_own_are_found() {
        let text = "[dependencies]\naxum = \"0.8\"\n[target.'cfg(unix)'.dev-dependencies]\nnix = { version = \"1\" }\n[dependencies.http]\n[lints.rust]\nworkspace = true\n";
        let found = lines(&check(&file("a/Cargo.toml", text)));
        assert_eq!(found.len(), 4);
        assert!(
            found[0].starts_with("a/Cargo.toml:2: `axum` does not take"),
            "{}",
            found[0]
        );
        assert!(
            found[1].starts_with("a/Cargo.toml:4: `nix` "),
            "{}",
            found[1]
        );
        assert!(
            found[2].starts_with("a/Cargo.toml:5: `http` "),
            "{}",
            found[2]
        );
        assert!(
            found[3].starts_with("a/Cargo.toml: does not inherit the lints; "),
            "{}",
            found[3]
        );
    }
}
