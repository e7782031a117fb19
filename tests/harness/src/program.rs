//! Programs that the tests need and cargo does not build.

use std::{env, path::PathBuf};

/// The first of `names` that is a file in one of the folders of `PATH`.
///
/// # Panics
///
/// When there is none, with what to install.
pub fn find(what: &str, names: &[&str], packages: &str) -> PathBuf {
    look(names).unwrap_or_else(|| panic!("{what} is not in PATH: install {packages}"))
}

/// As [`find`], for those who can do without.
pub fn look(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "Xyzzy is not in PATH: install the package xyzzy-server")]
    fn a_program_that_is_missing_is_a_sentence_that_says_what_to_install() {
        find("Xyzzy", &["xyzzy-server"], "the package xyzzy-server");
    }

    #[test]
    fn any_of_the_names_will_do() {
        assert!(find("a shell", &["xyzzy", "sh"], "none").ends_with("sh"));
    }
}
