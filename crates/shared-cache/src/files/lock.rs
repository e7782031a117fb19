//! Locks that are files which may be removed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Waits for the lock on the file at this path. It is released when the file is closed, by the kernel if the process is killed.
pub(super) fn lock(path: &Path) -> io::Result<File> {
    loop {
        let file = open(path)?;
        wait(&file)?;
        // Who holds the lock of a file that is no longer there, excludes nobody.
        if is_at(&file, path)? {
            return Ok(file);
        }
    }
}

/// Opens the file, which is made if it is missing.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

/// Waits for the file's lock, whether or not it is still in its place.
pub(super) fn wait(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Whether this file is still the one at this path.
pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_removed_or_replaced_is_no_longer_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let old = lock(&path).unwrap();
        assert!(is_at(&old, &path).unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!is_at(&old, &path).unwrap());
        // Another one is locked at once, whoever still holds the old one.
        let new = lock(&path).unwrap();
        assert!(is_at(&new, &path).unwrap());
        assert!(!is_at(&old, &path).unwrap());
    }
}
