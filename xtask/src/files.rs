//! The files of the workspace that people write: those that git tracks, and new ones that it does not ignore.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

/// All such files below `folder`, as absolute paths, in order.
///
/// # Errors
///
/// When git is missing, or `folder` is not in a checkout. Nothing replaces git here: a list of ignored folders in this file would one day
/// ignore too much.
pub fn below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others"])
        .args(["--exclude-standard", "--deduplicate"])
        .current_dir(folder)
        .output()
        .context("cannot start git, which lists the workspace's files; install the package git")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!(
            "git cannot list the files below {}: {message}",
            folder.display()
        );
    }
    let names = String::from_utf8(output.stdout).context("a file's name is not UTF-8")?;
    let paths = names
        .split_terminator('\0')
        .map(|name| folder.join(name))
        // Git still lists a file that was deleted and not yet committed.
        .filter(|path| path.is_file());
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    Ok(paths)
}

/// Whether `path` ends in `.extension` for one of `extensions`.
#[must_use]
pub fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let own = path.extension().and_then(|extension| extension.to_str());
    own.is_some_and(|own| extensions.contains(&own))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_git_ignores_is_left_out_and_what_it_was_not_told_yet_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let git = Command::new("git").arg("init").current_dir(root).output();
        assert!(git.unwrap().status.success());
        for file in ["book/b.rs", "a.rs", "target/debug/c.rs"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        fs::write(root.join(".gitignore"), "/target\n").unwrap();
        let files = below(root).unwrap();
        let expected = [".gitignore", "a.rs", "book/b.rs"].map(|file| root.join(file));
        assert_eq!(files, expected);
    }

    #[test]
    fn a_folder_in_no_checkout_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = below(folder.path()).unwrap_err().to_string();
        assert!(
            error.starts_with("git cannot list the files below "),
            "{error}"
        );
    }
}
