//! The book's summary lists the tutorials as the registry does, and each has a chapter with its title.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};

use super::{
    marks,
    tree::{Finding, Tree},
};
use crate::{
    registry::{Entry, Registry},
    workspace::Workspace,
};

/// Where the chapters are.
const FOLDER: &str = "docs/src";

const SUMMARY: &str = "docs/src/SUMMARY.md";

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let summary = tree.file(Path::new(SUMMARY));
    let mut findings = summary_findings(summary.map_or("", |file| &file.text), &tree.registry);
    let mut owners = BTreeMap::new();
    for tutorial in &tree.registry.tutorials {
        let path = format!("{FOLDER}/{}", tutorial.entry.chapter);
        let text = tree.file(Path::new(&path)).map(|file| file.text.as_str());
        findings.extend(chapter_finding(&path, text, &tutorial.entry));
        if let Some(other) = owners.insert(path.clone(), &tutorial.package) {
            let message = format!(
                "is the chapter of {other} and of {}; write another",
                tutorial.package
            );
            findings.push(Finding::of(path, message));
        }
    }
    Ok(findings)
}

/// Writes the tutorials into the summary.
pub(super) fn write(workspace: &Workspace) -> anyhow::Result<()> {
    let path = workspace.root.join(SUMMARY);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let Some(generated) = marks::with_part(&text, &list(&Registry::of(workspace)?)) else {
        bail!("{SUMMARY}: {}", marks::missing());
    };
    fs::write(&path, generated).with_context(|| format!("cannot write {}", path.display()))
}

fn list(registry: &Registry) -> String {
    let line = |entry: &Entry| format!("- [{}]({})\n", entry.title, entry.chapter);
    let tutorials = registry.tutorials.iter();
    tutorials.map(|tutorial| line(&tutorial.entry)).collect()
}

fn summary_findings(text: &str, registry: &Registry) -> Vec<Finding> {
    match marks::with_part(text, &list(registry)) {
        None => vec![Finding::of(SUMMARY, marks::missing())],
        Some(generated) if generated != text => {
            let message =
                "the tutorials are not what their manifests say; run `cargo xtask tidy --fix`";
            vec![Finding::of(SUMMARY, message)]
        }
        Some(_) => Vec::new(),
    }
}

fn chapter_finding(path: &str, text: Option<&str>, entry: &Entry) -> Option<Finding> {
    let Some(text) = text else {
        return Some(Finding::of(
            path,
            "the chapter is missing; write it, or mend `chapter` in the manifest",
        ));
    };
    let heading = format!("# {}", entry.title);
    let message =
        format!("does not begin with `{heading}`, the title in the manifest; change one of them");
    (text.lines().next() != Some(&heading)).then(|| Finding::of(path, message))
}

#[cfg(test)]
mod tests {
    use super::{super::tree::tests::lines, *};
    use crate::registry::tests::two_tutorials;

    #[test]
    fn a_summary_that_lists_something_else_is_found() {
        let good = "# Summary\n<!-- tutorials:start -->\n- [A global variable](variable.md)\n- [A store](store.md)\n<!-- tutorials:end -->\n";
        assert_eq!(summary_findings(good, &two_tutorials()), []);
        let found = lines(&summary_findings(
            &good.replace("A store", "B"),
            &two_tutorials(),
        ));
        assert!(
            found[0].contains("run `cargo xtask tidy --fix`"),
            "{found:?}"
        );
        let found = lines(&summary_findings("# Summary\n", &two_tutorials()));
        assert!(found[0].contains("no place for the tutorials"), "{found:?}");
    }

    #[test]
    fn a_chapter_that_is_missing_or_has_another_title_is_found() {
        let registry = two_tutorials();
        let entry = &registry.tutorials[0].entry;
        assert_eq!(
            chapter_finding("a.md", Some("# A global variable\n"), entry),
            None
        );
        let found = chapter_finding("a.md", Some("# A variable\n"), entry).unwrap();
        assert_eq!(
            found.to_string(),
            "a.md: does not begin with `# A global variable`, the title in the manifest; change one of them"
        );
        assert!(chapter_finding("a.md", None, entry).is_some());
    }
}
