//! The tutorials, as `[package.metadata.tutorial]` of their manifests registers them: as much of it as a chapter shows.

use serde::Deserialize;

use crate::{
    finding::{Finding, Place},
    repository::Repository,
};

/// One package of `tutorials/`.
#[derive(Debug)]
pub(crate) struct Tutorial {
    /// Its folder, as seen from the repository's root.
    pub(crate) folder: String,
    pub(crate) entry: Entry,
}

/// `[package.metadata.tutorial]`. What it holds besides is `cargo xtask`'s.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    /// The file of its chapter, as seen from `docs/src`.
    pub(crate) chapter: String,
    pub(crate) apps: Vec<App>,
}

/// `[[package.metadata.tutorial.apps]]`.
#[derive(Debug, Deserialize)]
pub(crate) struct App {
    pub(crate) id: String,
    /// As seen from the package's folder.
    pub(crate) listing: String,
    pub(crate) summary: String,
    /// `holds` or `breaks`: what eight workers do to the lesson's claim.
    pub(crate) workers: String,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    package: Package,
}

#[derive(Debug, Deserialize)]
struct Package {
    metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    tutorial: Option<Entry>,
}

/// All tutorials that are registered, in the order of their folders.
pub(crate) fn tutorials(repository: &Repository) -> (Vec<Tutorial>, Vec<Finding>) {
    let mut tutorials = Vec::new();
    let mut findings = Vec::new();
    let files = repository.files_below("tutorials").into_iter();
    for path in files.filter(|path| path.ends_with("/Cargo.toml")) {
        let text = repository.read(&path).unwrap_or_default();
        match toml::from_str::<Manifest>(&text) {
            Ok(manifest) => {
                let entry = manifest
                    .package
                    .metadata
                    .and_then(|metadata| metadata.tutorial);
                let folder = path.trim_end_matches("/Cargo.toml").to_owned();
                tutorials.extend(entry.map(|entry| Tutorial { folder, entry }));
            }
            Err(error) => {
                let before =
                    |span: std::ops::Range<usize>| text[..span.start].matches('\n').count() + 1;
                let line = error.span().map_or(0, before);
                let message = format!(
                    "{}; the chapter's card is made of this table",
                    error.message()
                );
                findings.push(Place::new(path, line).finding(message));
            }
        }
    }
    (tutorials, findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{messages, repository};

    #[test]
    fn registered_packages_are_tutorials_and_a_broken_table_is_found_with_its_line() {
        let good = "[package]\nname = \"a\"\n[package.metadata.tutorial]\norder = 1\nchapter = \"a.md\"\n[[package.metadata.tutorial.apps]]\nid = \"a\"\nlisting = \"src/lib.rs\"\nsummary = \"S.\"\nworkers = \"holds\"\n";
        let (_folder, repository) = repository(&[
            ("tutorials/a/Cargo.toml", good),
            ("tutorials/b/Cargo.toml", "[package]\nname = \"b\"\n"),
            (
                "tutorials/c/Cargo.toml",
                "[package]\n\n[package.metadata.tutorial]\napps = []\n",
            ),
        ]);
        let (tutorials, findings) = tutorials(&repository);
        assert_eq!(tutorials.len(), 1);
        assert_eq!(tutorials[0].folder, "tutorials/a");
        assert_eq!(tutorials[0].entry.apps[0].id, "a");
        let found = messages(&findings);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("tutorials/c/Cargo.toml:3: missing field `chapter`"),
            "{found:?}"
        );
    }
}
