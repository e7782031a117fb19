//! A book of two chapters in a repository of its own, which every test may break in its own way.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// The files of the repository. Pictures are texts here.
const FILES: &str = r#"
== docs/book.toml
[book]
title = "Small"
src = "src"
[build]
create-missing = false
== docs/src/SUMMARY.md
- [First](first.md)
- [Second](second.md)
== docs/src/images/drawing.svg
<svg role="img">

</svg>
== docs/src/screens/second.png
light
== docs/src/screens/second-dark.png
dark
== docs/src/screens/second.txt
The page
== docs/transcripts/second.txt
$ cargo xtask run second \
>   --workers 8
listening
== Cargo.toml
[workspace]
resolver = "3"
members = ["tutorials/*"]
== tutorials/second/Cargo.toml
[package]
name = "second"
[package.metadata.tutorial]
order = 1
title = "Second"
chapter = "second.md"
[[package.metadata.tutorial.apps]]
id = "second"
slug = "second"
listing = "src/lib.rs"
summary = "In a `dcc.Store`."
promises = [{ workers = [8], breaks = ["linearizable"] }]
== tutorials/second/src/lib.rs
// ANCHOR: app
pub fn app() {}
// ANCHOR_END: app
== tests/Cargo.toml
== tests/tests/all.rs
#[test]
fn it_holds() {}
mod again { fn it_holds() {} }
fn helper() {}
#[test]
#[ignore]
fn it_waits() {}
"#;

/// A chapter of everything that a chapter may have.
pub(crate) const SECOND: &str = "\
# Second

**The reader can run it.**

You need [first](first.md).

## Run it

```console
{{#include ../transcripts/second.txt}}
```

## What you see

![The `<page>`](screens/second.png)

- It holds.
  ([test](../../tests/tests/all.rs#it_holds))

## The code

```rust,ignore
{{#include ../../tutorials/second/src/lib.rs:app}}
```

## Why

See [why](first.md#why), [by name][n] and [the app](http://127.0.0.1:8050/).

{{#include images/drawing.svg}}

## With eight workers

Run `cargo xtask run
second --workers 8` once more.

## When to use it, and when not

[n]: ../../tests/tests/all.rs

<fieldset class=\"predict\" data-run=\"transcripts/second.txt\" data-shows=\"listening\"></fieldset>

<fieldset class=\"predict\" data-run=\"transcripts/second.txt\" data-shows=\"--workers 8&#10;listening\"></fieldset>

<fieldset class=\"predict\" data-run=\"transcripts/second.txt\" data-shows=\"cargo\"></fieldset>
";

/// A repository in a folder that goes away with this value.
pub(crate) struct SmallBook {
    folder: TempDir,
}

impl SmallBook {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let book = Self { folder };
        book.write("docs/src/first.md", &SECOND.replace("# Second", "# First"));
        book.write("docs/src/second.md", SECOND);
        book.write_all(FILES);
        let git = Command::new("git")
            .args(["init", "--quiet"])
            .current_dir(book.root())
            .status();
        assert!(git.expect("git can be started").success());
        book
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// Writes several files, each below a line with its path.
    pub(crate) fn write_all(&self, files: &str) {
        for file in files.split("\n== ").skip(1) {
            let (path, text) = file.split_once('\n').unwrap_or((file, ""));
            self.write(path, &format!("{text}\n"));
        }
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Changes the second chapter; it must become another.
    pub(crate) fn change(&self, from: &str, to: &str) {
        let before =
            fs::read_to_string(self.path("docs/src/second.md")).expect("the file is there");
        assert!(before.contains(from), "{from:?} is not in {before}");
        self.write("docs/src/second.md", &before.replace(from, to));
    }

    /// What `builder` with these arguments ends with and has written.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        run(self.root(), arguments)
    }

    /// A page of the built book.
    pub(crate) fn page(&self, file: &str) -> String {
        let path = self.path("target/book").join(file);
        fs::read_to_string(path).expect("the book has this page")
    }
}

/// The program, in this folder.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_builder"));
    command.args(arguments).current_dir(folder);
    command
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = program(folder, arguments).output();
    let output = output.expect("the program can be started");
    let written = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8(written).expect("it writes text"),
    )
}
