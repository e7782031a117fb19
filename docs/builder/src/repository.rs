//! The repository around the book: its files, by paths as seen from its root.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

/// Where the chapters are.
pub const CHAPTERS: &str = "docs/src";

/// Where the terminal sessions are.
pub const TRANSCRIPTS: &str = "docs/transcripts";

/// Folders that hold what programs write.
const WRITTEN_BY_PROGRAMS: [&str; 2] = ["target", "node_modules"];

/// A folder with `docs/book.toml` and everything that its chapters may point to.
///
/// Paths into it are texts with `/` between their parts, as links and messages have them.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The repository in the folder `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The nearest folder at or above `start` that holds a book.
    pub fn around(start: &Path) -> Option<Self> {
        start
            .ancestors()
            .find(|folder| folder.join("docs/book.toml").is_file())
            .map(Self::new)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a file for the system's calls.
    pub fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// The text of a file.
    ///
    /// # Errors
    ///
    /// When it is not there, cannot be read, or is no text.
    pub fn read(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(self.path(file))
    }

    /// Whether there is such a file.
    pub fn is_file(&self, file: &str) -> bool {
        self.path(file).is_file()
    }

    /// All files below a folder, in order; none if there is no such folder. Leaves out hidden files and what programs write.
    pub fn files_below(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        self.collect(folder, &mut files);
        files.sort();
        files
    }

    fn collect(&self, folder: &str, files: &mut Vec<String>) {
        let Ok(entries) = fs::read_dir(self.path(folder)) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') || WRITTEN_BY_PROGRAMS.contains(&&*name) {
                continue;
            }
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() {
                self.collect(&path, files);
            } else {
                files.push(path);
            }
        }
    }
}

/// Where `link` leads from the file `from`, as seen from the root; none if it leaves the repository.
pub fn resolve(from: &str, link: &str) -> Option<String> {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let mut parts: Vec<&str> = Vec::new();
    let joined = folder.join(link);
    for component in joined.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// How a page at `from` links to a page at `to`, both as seen from one root.
pub fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = to.split('/').collect();
    let same = from
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(one, other)| one == other)
        .count();
    let up = "../".repeat(from.len() - same);
    format!("{up}{}", to[same..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_from_its_file_and_not_out_of_the_repository() {
        let from = "docs/src/option1.md";
        assert_eq!(
            resolve(from, "../../tests/a.rs").as_deref(),
            Some("tests/a.rs")
        );
        assert_eq!(
            resolve(from, "./option2.md").as_deref(),
            Some("docs/src/option2.md")
        );
        assert_eq!(resolve(from, "../../../secret"), None);
        assert_eq!(resolve(from, "/etc/passwd"), None);
    }

    #[test]
    fn a_relative_link_goes_up_as_far_as_it_must() {
        assert_eq!(relative("a.html", "b/c.html"), "b/c.html");
        assert_eq!(relative("source/tests/a.rs.html", "b.html"), "../../b.html");
        assert_eq!(
            relative("source/tests/a.rs.html", "source/tests/b.rs.html"),
            "b.rs.html"
        );
    }
}
