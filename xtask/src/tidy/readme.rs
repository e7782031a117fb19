//! The README's table of tutorials is what the registry says.

use std::{fs, path::Path};

use anyhow::{Context, bail};

use super::{
    marks,
    tree::{Finding, Tree},
};
use crate::{registry::Registry, table, workspace::Workspace};

const FILE: &str = "README.md";
pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let text = tree
        .file(Path::new(FILE))
        .map_or("", |file| file.text.as_str());
    let Some(generated) = marks::with_part(text, &table(tree.workspace, &tree.registry)) else {
        return Ok(vec![Finding::of(FILE, marks::missing())]);
    };
    let message =
        "the table of tutorials is not what their manifests say; run `cargo xtask tidy --fix`";
    Ok((generated != text)
        .then(|| Finding::of(FILE, message))
        .into_iter()
        .collect())
}

/// Writes the table into the README.
pub(super) fn write(workspace: &Workspace) -> anyhow::Result<()> {
    let path = workspace.root.join(FILE);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let Some(generated) = marks::with_part(&text, &table(workspace, &Registry::of(workspace)?))
    else {
        bail!("{FILE}: {}", marks::missing());
    };
    fs::write(&path, generated).with_context(|| format!("cannot write {}", path.display()))
}

/// The blank lines keep Markdown's tables apart from its comments.
fn table(workspace: &Workspace, registry: &Registry) -> String {
    format!("\n{}\n", table::markdown(registry, &workspace.root))
}
