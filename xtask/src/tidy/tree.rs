//! What the rules look at, and what they find.

use std::{fmt, fs, path::Path};

use anyhow::Context;

use super::source::{Language, Source};
use crate::{files, registry::Registry, workspace::Workspace};

/// The workspace with its tutorials and with the text of its files.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) registry: Registry,
    pub(super) files: Vec<File>,
}

/// One file that people write.
#[derive(Debug)]
pub(super) struct File {
    /// As seen from the workspace's root, with `/` between its parts.
    pub(super) path: String,
    pub(super) text: String,
    /// The text's parts, if it is Rust or JavaScript.
    pub(super) source: Option<Source>,
}

/// Something against the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    path: String,
    line: Option<usize>,
    /// What is wrong, and how to mend it.
    message: String,
}

impl<'a> Tree<'a> {
    /// Reads all files of the workspace that are text.
    pub(super) fn read(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let root = &workspace.root;
        let paths =
            files::below(root).with_context(|| format!("cannot read {}", root.display()))?;
        let mut files = Vec::new();
        for path in paths {
            // A picture is no text, and none of the rules is about pictures.
            if let Ok(text) = fs::read_to_string(&path) {
                files.push(File::new(workspace.relative(&path), text));
            }
        }
        let registry = Registry::of(workspace)?;
        Ok(Self {
            workspace,
            registry,
            files,
        })
    }

    /// The file at `path`, absolute or as seen from the root.
    pub(super) fn file(&self, path: &Path) -> Option<&File> {
        let path = self.workspace.relative(path);
        self.files.iter().find(|file| Path::new(&file.path) == path)
    }
}

impl File {
    pub(super) fn new(path: &Path, text: String) -> Self {
        let source = Language::of(path).map(|language| Source::new(&text, language));
        let path = path.display().to_string();
        Self { path, text, source }
    }

    pub(super) fn is(&self, extensions: &[&str]) -> bool {
        files::has_extension(Path::new(&self.path), extensions)
    }

    /// The number of the first line of what is a test in this file; none if nothing is.
    pub(super) fn tests_from(&self) -> Option<usize> {
        let whole = self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/client/test/");
        if whole {
            return Some(1);
        }
        let code = self.source.as_ref()?.code();
        let mut lines = (1..)
            .zip(code.lines())
            .map(|(number, line)| (number, line.trim()));
        lines
            .find(|(_, line)| line.ends_with("mod tests {"))
            .map(|(number, _)| number)
    }

    pub(super) fn at(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding {
            line: Some(line),
            ..Finding::of(&self.path, message)
        }
    }
}

impl Finding {
    /// A finding about a whole file or folder.
    pub(super) fn of(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file with this path and text.
    pub(in crate::tidy) fn file(path: &str, text: &str) -> File {
        File::new(Path::new(path), text.to_owned())
    }

    /// What `rule` finds, as lines.
    pub(in crate::tidy) fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_finding_names_its_place_as_editors_read_it() {
        let found = file("a/b.rs", "").at(3, "too long; shorten it");
        assert_eq!(found.to_string(), "a/b.rs:3: too long; shorten it");
        let found = Finding::of("a", "no manifest; add one");
        assert_eq!(found.to_string(), "a: no manifest; add one");
    }

    #[test]
    fn a_test_file_is_a_test_from_its_first_line_and_others_from_their_test_module() {
        assert_eq!(
            file("tests/tests/browser/store.rs", "").tests_from(),
            Some(1)
        );
        assert_eq!(file("tutorials/a/src/tests.rs", "").tests_from(), Some(1));
        assert_eq!(
            file("crates/a/client/test/queue.test.js", "").tests_from(),
            Some(1)
        );
        let text = "fn a() {}\n\n#[cfg(test)]\npub(crate) mod tests {\n}\n";
        assert_eq!(file("crates/a/src/lib.rs", text).tests_from(), Some(4));
        assert_eq!(
            file("crates/a/src/lib.rs", "// mod tests {\n").tests_from(),
            None
        );
        assert_eq!(file("README.md", "mod tests {").tests_from(), None);
    }
}
