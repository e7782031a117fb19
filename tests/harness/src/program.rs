//! Programs that the tests need and cargo does not build.

use std::path::PathBuf;

/// The first of `names` that is a program in one of the folders of `PATH`.
pub(crate) fn find(what: &str, names: &[&str], packages: &str) -> PathBuf {
    look(names).unwrap_or_else(|| panic!("{what} is not in PATH: install {packages}"))
}

/// As [`find`], for those who can do without.
pub(crate) fn look(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| which::which(name).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "Xyzzy is not in PATH: install the package xyzzy-server")]
    fn a_program_that_is_missing_is_a_sentence_that_says_what_to_install() {
        find("Xyzzy", &["xyzzy-server"], "the package xyzzy-server");
    }
}
