//! What the rules look at, and what they find.

use std::{fmt, fs, path::Path};

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
}

/// Something against the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    path: String,
    line: Option<usize>,
    /// What is wrong, and how to fix it.
    message: String,
}

impl<'a> Tree<'a> {
    /// Reads all files of the workspace that are text. None of the rules is about pictures.
    pub(super) fn read(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let mut read = Vec::new();
        for path in files::below(&workspace.root)? {
            if let Ok(text) = fs::read_to_string(&path) {
                let path = workspace.relative(&path).display().to_string();
                read.push(File { path, text });
            }
        }
        Ok(Self {
            workspace,
            registry: Registry::of(workspace)?,
            files: read,
        })
    }

    /// The file at this path, absolute or as seen from the root.
    pub(super) fn file(&self, path: impl AsRef<Path>) -> Option<&File> {
        let path = self.workspace.relative(path.as_ref());
        self.files.iter().find(|file| Path::new(&file.path) == path)
    }

    /// Its text, which is empty where there is no such file.
    pub(super) fn text(&self, path: impl AsRef<Path>) -> &str {
        self.file(path).map_or("", |file| file.text.as_str())
    }
}

impl File {
    pub(super) fn is(&self, extensions: &[&str]) -> bool {
        files::has_extension(Path::new(&self.path), extensions)
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
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// What a rule has found, as lines.
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
}
