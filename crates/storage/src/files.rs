//! Files that several processes share: private to their owner, locked, and replaced in one step.
//!
//! # Why a reader never sees half a file
//!
//! [`replace`] writes a new file next to the old one, and renames it to the old one's name. A rename is one step: at any moment the
//! name refers to the whole old file or the whole new one. A process that is killed before the rename leaves the old one, and a
//! temporary file that the next write replaces.
//!
//! # Why a lock is checked after it was got
//!
//! A lock belongs to an open file, not to its name. While one process waits, another process may remove the file, or a person the whole
//! folder. A lock acquired after that excludes nobody: later processes lock the file that now has the name.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Only the owner of a folder may enter it.
const FOLDER_MODE: u32 = 0o700;
/// Only the owner of a file may read and write it.
const FILE_MODE: u32 = 0o600;

/// How often a lock's file may vanish, because somebody removes it or its folder, before that is an error.
const ATTEMPTS: u32 = 100;

/// Makes a folder that only its owner may enter, or closes an existing one to others.
///
/// # Errors
///
/// If it cannot be made, or its mode cannot be changed.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)?;
    if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

/// What to open a file with so that it is made if it is missing, and only its owner may read it.
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).mode(FILE_MODE);
    options
}

/// Waits for the lock on the file at this path. The file is made if it is missing, and so is its folder.
///
/// The lock is released when the file is closed, by the kernel if the process is killed.
///
/// # Errors
///
/// If the file cannot be made or locked, or it vanishes again and again.
pub fn lock(path: &Path) -> io::Result<File> {
    for _ in 0..ATTEMPTS {
        let file = match private().open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), create_folder)?;
                continue;
            }
            Err(error) => return Err(error),
        };
        wait(&file)?;
        if is_at(&file, path)? {
            return Ok(file);
        }
    }
    Err(io::Error::other("it vanished whenever it was made"))
}

/// Waits for the file's lock, whether or not it is still in its place.
///
/// # Errors
///
/// If the file system has no locks.
pub fn wait(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Whether this file is still the one at this path.
///
/// # Errors
///
/// If one of the two cannot be looked at.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    let there = found(fs::metadata(path))?;
    Ok(there.is_some_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino())))
}

/// Puts a new file in the place of the one at `path`, if there is one. The caller holds the lock that keeps others from
/// `temporary`, a path in the same file system.
///
/// With `flush` the content is on the disk before the rename, and the rename before this returns. Without it, a power cut may
/// leave what was there before.
///
/// # Errors
///
/// If the new file cannot be written or renamed. The old one is then as it was, except after a flush that failed last of all.
pub fn replace(path: &Path, temporary: &Path, content: &[u8], flush: bool) -> io::Result<()> {
    let written = write(temporary, content, flush).and_then(|()| fs::rename(temporary, path));
    if written.is_err() {
        // Half a file on a full disk is in everyone's way. If it cannot be removed either, the next write replaces it.
        let _ = fs::remove_file(temporary);
    }
    written?;
    match path.parent().filter(|_| flush) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn write(path: &Path, content: &[u8], flush: bool) -> io::Result<()> {
    let mut file = private().truncate(true).open(path)?;
    file.write_all(content)?;
    if flush { file.sync_data() } else { Ok(()) }
}

/// Removes a file, if there is one; says whether there was. Another worker may have been quicker.
///
/// # Errors
///
/// If it is there and cannot be removed.
pub fn remove(path: &Path) -> io::Result<bool> {
    Ok(found(fs::remove_file(path))?.is_some())
}

/// Ignores the error that a file does not exist.
///
/// # Errors
///
/// All others.
pub fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_removed_or_replaced_is_no_longer_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made by it/lock");
        let old = lock(&path).unwrap();
        assert!(is_at(&old, &path).unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!is_at(&old, &path).unwrap());
        // Another one is locked at once, whoever still holds the old one.
        let new = lock(&path).unwrap();
        assert!(is_at(&new, &path).unwrap());
        assert!(!is_at(&old, &path).unwrap());
    }

    #[test]
    fn a_folder_that_was_open_to_others_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        create_folder(folder.path()).unwrap();
        let mode = fs::metadata(folder.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (path, temporary) = (folder.path().join("a"), folder.path().join("a.tmp"));
        replace(&path, &temporary, b"old", true).unwrap();
        // Each write to it fails, as on a full disk.
        std::os::unix::fs::symlink("/dev/full", &temporary).unwrap();
        replace(&path, &temporary, b"new", false).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
