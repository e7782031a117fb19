//! On a machine without Chromium or Redis, or where one of them does not start, nothing passes for an answer that was not given.

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// What cargo needs to bring an app up to date.
const CARGO: [&str; 4] = ["cargo", "rustc", "cc", "ld"];

/// A new folder for programs.
fn folder() -> TempDir {
    TempDir::new().expect("the temporary folder can be written to")
}

/// A `PATH` in which `broken` comes first: a program that ends at once, with status 1.
fn path_with_broken(broken: &str, folder: &Path) -> OsString {
    let program = folder.join(broken);
    fs::write(&program, "#!/bin/sh\nexit 1\n").expect("the folder can be written to");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
        .expect("a file of our own can be made executable");
    let path = env::var_os("PATH").expect("cargo has a PATH");
    let folders = [folder.to_owned()].into_iter();
    env::join_paths(folders.chain(env::split_paths(&path))).expect("the folders were in a PATH")
}

fn compare(path: impl Into<OsString>, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_compare"));
    let output = program.args(arguments).env("PATH", path.into()).output();
    output.expect("the program was built for this test")
}

/// The one sentence with which it ended, before it had measured anything.
fn refusal(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let error = told.strip_prefix("error: ").unwrap_or_default();
    assert_eq!(error.lines().count(), 1, "{told:?}");
    error.trim_end().to_owned()
}

#[test]
fn the_book_is_neither_checked_nor_written_without_a_browser() {
    let folder = folder();
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/comparison/comparison.json");
    let before = fs::read(&book).expect("the book has a comparison");
    for option in ["--check", "--bless"] {
        let refusal = refusal(&compare(folder.path(), &[option]));
        let told = format!("Chromium is missing, and `{option}` leaves nothing out: install it");
        assert!(refusal.starts_with(&told), "{refusal}");
    }
    assert_eq!(fs::read(&book).expect("it is still there"), before);
}

#[test]
fn a_tool_that_does_not_start_is_a_sentence_and_no_answer() {
    for (broken, option, told) in [
        ("chromedriver", "option3", "ChromeDriver did not start"),
        ("chromium", "option3", "Chromium did not start"),
        (
            "redis-server",
            "option1-redis",
            "redis-server did not start",
        ),
    ] {
        for kind in ["--check", "--facts"] {
            let folder = folder();
            let path = path_with_broken(broken, folder.path());
            let refusal = refusal(&compare(path, &[kind, "--options", option]));
            assert!(refusal.starts_with(told), "{refusal}");
            assert!(refusal.contains("start it by hand"), "{refusal}");
        }
    }
}

#[test]
fn a_reader_without_tools_gets_what_needs_none_and_is_told() {
    let (folder, path) = (folder(), env::var_os("PATH").expect("cargo has a PATH"));
    for name in CARGO {
        let mut files = env::split_paths(&path).map(|folder| folder.join(name));
        let file = files.find(|file| file.is_file());
        let file = file.expect("cargo needs it to build this test");
        symlink(file, folder.path().join(name)).expect("the folder can be written to");
    }
    let options = "global-variable,option1-redis";
    let output = compare(folder.path(), &["--facts", "--options", options]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    for sentence in [
        "Chromium is missing: what needs a browser is left out.\n",
        "redis-server is missing: what needs Redis is left out.\n",
    ] {
        assert!(told.contains(sentence), "{told}");
    }
    // Of two options one needs Redis; of nine questions one needs no browser.
    let printed = String::from_utf8_lossy(&output.stdout);
    let rows = printed
        .lines()
        .filter(|line| line.starts_with("| A global variable "));
    let mut cells = rows.map(|row| row.split('|').skip(2).map(str::trim).collect::<Vec<_>>());
    let eight_workers = ["?", "?", "?", "?", "?", "?", "?", "?", "no", ""];
    assert_eq!(cells.nth(1), Some(eight_workers.to_vec()), "{printed}");
    assert!(!printed.contains("| Option 1, Redis"), "{printed}");
    assert!(
        printed.contains("\nNot measured: Chromium is missing.\n"),
        "{printed}"
    );
}
