//! A copy of the workspace that a test may edit, with a target folder of its own.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its assumption is wrong"
)]

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// The copy. Dropping it removes it.
pub(crate) struct WorkspaceCopy(TempDir);

impl WorkspaceCopy {
    /// Copies what people wrote, and links the dependencies that are built already: only the copy's own crates have to be compiled.
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("workspace-copy-").unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let is_source = |name: &str| {
            !matches!(name, "target" | "node_modules" | "docs" | "tests")
                && !name.starts_with(".git")
                && name != ".data"
        };
        copy(workspace, folder.path(), &is_source, false).unwrap();
        // The manifest of a member is read, whether or not it is built.
        for member in ["docs/builder", "tests"] {
            copy(
                &workspace.join(member),
                &folder.path().join(member),
                &|name| name != "target",
                false,
            )
            .unwrap();
        }
        let debug = built();
        for (part, linked) in [(".fingerprint", false), ("build", false), ("deps", true)] {
            let to = folder.path().join("target/debug").join(part);
            copy(&debug.join(part), &to, &|_| true, linked).unwrap();
        }
        Self(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Replaces a text, which has to be there, in one of the files.
    pub(crate) fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.folder().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file} has no {old:?}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    }
}

/// The folder with what cargo has built, in which this test program is too.
fn built() -> PathBuf {
    let program = env::current_exe().unwrap();
    program.ancestors().nth(2).unwrap().to_owned()
}

/// Copies a folder with the times of its files, by which cargo knows whether anything is stale. Of what is linked, only libraries are.
fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool, linked: bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let (source, copied) = (entry.path(), to.join(&name));
        let name = name.to_string_lossy();
        if !wanted(&name) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&source, &copied, wanted, linked)?;
        } else if linked {
            let is_library = ["rlib", "rmeta", "so", "d"]
                .iter()
                .any(|end| name.ends_with(end));
            if is_library && fs::hard_link(&source, &copied).is_err() {
                fs::copy(&source, &copied)?;
            }
        } else if kind.is_file() {
            fs::copy(&source, &copied)?;
            let modified = fs::metadata(&source)?.modified()?;
            fs::File::options()
                .write(true)
                .open(&copied)?
                .set_modified(modified)?;
        }
    }
    Ok(())
}
