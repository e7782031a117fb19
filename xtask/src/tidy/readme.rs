//! The README's table of tutorials is what the registry says.

use std::{fs, path::Path};

use anyhow::{Context, bail};

use super::tree::{Finding, Tree};
use crate::{registry::Registry, table, workspace::Workspace};

const FILE: &str = "README.md";
const START: &str = "<!-- tutorials:start -->\n";
const END: &str = "<!-- tutorials:end -->";

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let text = tree
        .file(Path::new(FILE))
        .map_or("", |file| file.text.as_str());
    let Some(generated) = with_table(text, &table(tree.workspace, &tree.registry)) else {
        return Ok(vec![Finding::of(FILE, no_marks())]);
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
    let Some(generated) = with_table(&text, &table(workspace, &Registry::of(workspace)?)) else {
        bail!("{FILE}: {}", no_marks());
    };
    fs::write(&path, generated).with_context(|| format!("cannot write {}", path.display()))
}

fn table(workspace: &Workspace, registry: &Registry) -> String {
    table::markdown(registry, &workspace.root)
}

fn no_marks() -> String {
    format!(
        "no table of tutorials; add the lines `{}` and `{END}`",
        START.trim_end()
    )
}

/// `text` with `table` between the marks; none if it has no marks.
fn with_table(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    // The blank lines keep Markdown's tables apart from its comments.
    Some(format!("{before}{START}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_replaced_and_the_rest_stays() {
        let text = "# Title\n<!-- tutorials:start -->\nold\n<!-- tutorials:end -->\nend\n";
        let expected =
            "# Title\n<!-- tutorials:start -->\n\n| new |\n\n<!-- tutorials:end -->\nend\n";
        let generated = with_table(text, "| new |\n").unwrap();
        assert_eq!(generated, expected);
        assert_eq!(with_table(&generated, "| new |\n").unwrap(), expected);
    }

    #[test]
    fn without_both_marks_there_is_no_place_for_the_table() {
        assert_eq!(with_table("# Title\n", "| new |\n"), None);
        assert_eq!(with_table("<!-- tutorials:start -->\n", "| new |\n"), None);
    }
}
