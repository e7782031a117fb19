//! The files of the workspace that people write.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Folders that hold what programs write.
const WRITTEN_BY_PROGRAMS: [&str; 3] = ["target", "node_modules", "book"];

/// All files below `folder`, in order; without hidden folders and those that programs write.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !entry.file_type()?.is_dir() {
            files.push(entry.path());
        } else if !name.starts_with('.') && !WRITTEN_BY_PROGRAMS.contains(&&*name) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// Whether `path` ends in `.extension` for one of `extensions`.
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let own = path.extension().and_then(|extension| extension.to_str());
    own.is_some_and(|own| extensions.contains(&own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            "src/b.rs",
            "src/a.rs",
            "target/debug/c.rs",
            ".data/d.rs",
            "client/node_modules/e.js",
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let files = below(folder.path()).unwrap();
        assert_eq!(
            files,
            [
                folder.path().join("src/a.rs"),
                folder.path().join("src/b.rs")
            ]
        );
    }
}
