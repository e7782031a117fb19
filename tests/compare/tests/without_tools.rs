//! On a machine without Chromium and Redis, what needs neither is measured, and the rest is said to be left out.

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The programs that this machine is to be without.
const MISSING: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chromedriver",
    "redis-server",
];

/// A folder with all programs in `PATH` but the missing ones.
fn programs(folder: &Path) -> OsString {
    let path = env::var_os("PATH").expect("cargo has a PATH");
    for place in env::split_paths(&path) {
        for program in fs::read_dir(place).into_iter().flatten().flatten() {
            let name = program.file_name();
            if !MISSING.iter().any(|missing| name == *missing) {
                // The first of a name counts, as in PATH.
                let _ = symlink(program.path(), folder.join(name));
            }
        }
    }
    folder.into()
}

fn compare(path: &OsString, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_compare"));
    let output = program.args(arguments).env("PATH", path).output();
    output.expect("the program was built for this test")
}

#[test]
fn what_needs_a_missing_program_is_left_out_and_said() {
    let folder = TempDir::new().expect("the temporary folder can be written to");
    let path = programs(folder.path());
    let output = compare(
        &path,
        &[
            "--facts",
            "--json",
            "--options",
            "global-variable,option1-redis",
        ],
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(
        told.contains("Chromium is missing: what needs a browser is left out.\n"),
        "{told}"
    );
    assert!(
        told.contains("redis-server is missing: what needs Redis is left out.\n"),
        "{told}"
    );

    let report: Value =
        serde_json::from_slice(&output.stdout).expect("standard output is the report");
    let left_out = json!([
        {"what": "browser", "why": "Chromium is missing"},
        {"what": "redis", "why": "redis-server is missing"},
    ]);
    assert_eq!(report["left_out"], left_out);
    let answer = |question: &str| {
        let facts = report["facts"].as_array().expect("there are facts");
        let wanted = |fact: &&Value| fact["question"] == question && fact["workers"] == 8;
        let answers: Vec<_> = facts.iter().filter(wanted).collect();
        assert_eq!(
            answers.len(),
            1,
            "one option, because the other needs Redis: {facts:?}"
        );
        (answers[0]["answer"].clone(), answers[0]["how"].clone())
    };
    assert_eq!(
        answer("reload"),
        ("not-measured".into(), "Chromium is missing".into())
    );
    assert_eq!(answer("another-worker"), ("no".into(), Value::Null));
}

#[test]
fn the_book_is_not_written_from_half_a_measurement() {
    let folder = TempDir::new().expect("the temporary folder can be written to");
    let output = compare(&programs(folder.path()), &["--bless"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{told}");
    assert!(
        told.contains("error: Chromium is missing, and the book's comparison is to be whole"),
        "{told}"
    );
}

#[test]
fn an_option_that_there_is_not_is_a_usage_error_that_names_the_nearest() {
    let path = env::var_os("PATH").expect("cargo has a PATH");
    let output = compare(&path, &["--options", "option1-sqlit"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("'option1-sqlite'"), "{told}");
}
