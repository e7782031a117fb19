//! The repository around the book: its files, by paths as seen from its root.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

/// Where the chapters are.
pub(crate) const CHAPTERS: &str = "docs/src";

/// Where the terminal sessions are.
pub(crate) const TRANSCRIPTS: &str = "docs/transcripts";

/// A folder with `docs/book.toml` and everything that its chapters may point to.
///
/// Paths into it are texts with `/` between their parts, as links and messages have them.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The nearest folder at or above `start` that holds a book.
    pub(crate) fn around(start: &Path) -> Option<Self> {
        let mut folders = start.ancestors();
        let root = folders.find(|folder| folder.join("docs/book.toml").is_file())?;
        Some(Self { root: root.into() })
    }

    /// The path of a file for the system's calls.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// The text of a file.
    pub(crate) fn read(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(self.path(file))
    }

    /// All files that people write, in order.
    pub(crate) fn files(&self) -> anyhow::Result<Vec<String>> {
        let files = xtask::files::below(&self.root)?;
        Ok(files.iter().map(|file| self.relative(file)).collect())
    }

    /// A path inside the repository as seen from its root.
    pub(crate) fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        path.to_string_lossy().into_owned()
    }
}

/// Where `link` leads from the file `from`, as seen from the root; none if it leaves the repository.
pub(crate) fn resolve(from: &str, link: &str) -> Option<String> {
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
