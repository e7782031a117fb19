//! The program behind `cargo xtask`, and what it has built.

use std::{
    env,
    path::{Path, PathBuf},
};

/// With this variable, `xtask run` and `xtask compare` take the programs that are there and build none.
pub(crate) const BUILT: (&str, &str) = ("TUTORIALS_BUILT", "true");

/// The program, which was built together with the tests.
pub(crate) fn program() -> PathBuf {
    let file = target().join("debug/xtask");
    assert!(
        file.is_file(),
        "{} is not built; build first: cargo xtask test browser -- NAME",
        file.display()
    );
    file
}

/// Cargo's target folder, in which this test program lies too.
pub(crate) fn target() -> PathBuf {
    // `target/debug/deps/browser-0123456789abcdef`, or `target/debug/compare`.
    let program = env::current_exe().expect("a running program has a file");
    let debug = program
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps"));
    let target = debug.and_then(Path::parent);
    target
        .expect("cargo has put this program into a folder of its target folder")
        .to_owned()
}

/// The folder of the workspace, in which `cargo xtask` is called.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this package lies two folders below the workspace")
}
