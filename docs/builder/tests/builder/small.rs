//! A book of two chapters in a repository of its own, which every test may break in its own way.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

const FILES: [(&str, &str); 12] = [
    (
        "docs/book.toml",
        "[book]\ntitle = \"Small\"\nsrc = \"src\"\n\n[build]\ncreate-missing = false\n",
    ),
    (
        "docs/src/SUMMARY.md",
        "# Summary\n\n- [First](first.md)\n- [Second](second.md)\n",
    ),
    ("docs/src/first.md", FIRST),
    ("docs/src/second.md", SECOND),
    (
        "docs/src/images/drawing.svg",
        "<svg role=\"img\" aria-labelledby=\"drawing-title\">\n\n<title id=\"drawing-title\">A drawing</title>\n<desc>A line.</desc>\n</svg>\n",
    ),
    ("docs/src/screens/second.png", "light"),
    ("docs/src/screens/second-dark.png", "dark"),
    ("docs/src/screens/second.txt", "The page\n"),
    (
        "docs/transcripts/second.txt",
        "$ cargo xtask run second --workers 8\nlistening\n",
    ),
    ("tutorials/second/Cargo.toml", MANIFEST),
    (
        "tutorials/second/src/lib.rs",
        "// ANCHOR: app\npub fn app() {}\n// ANCHOR_END: app\n",
    ),
    ("tests/tests/all.rs", "#[test]\nfn it_holds() {}\n"),
];

const MANIFEST: &str = r#"[package]
name = "second"

[package.metadata.tutorial]
chapter = "second.md"

[[package.metadata.tutorial.apps]]
id = "second"
listing = "src/lib.rs"
summary = "It holds."
workers = "holds"
"#;

const FIRST: &str = "\
# First

**The reader knows what comes.**

You need nothing.

## Run it

See [the second](second.md).

## What you see

- It holds. ([test](../../tests/tests/all.rs#it_holds))

## The code

## Why

## With eight workers

## When to use it, and when not

Next: [the second](second.md).
";

const SECOND: &str = "\
# Second

**The reader can run it.**

You need [first](first.md).

## Run it

```console
{{#include ../transcripts/second.txt}}
```

## What you see

![The page](screens/second.png)

- It holds.
  ([test](../../tests/tests/all.rs#it_holds))

## The code

```rust,ignore
{{#include ../../tutorials/second/src/lib.rs:app}}
```

## Why

Because it is kept. See [why](first.md).

{{#include images/drawing.svg}}

## With eight workers

Run `cargo xtask run second`.

## When to use it, and when not

- Now.
";

/// A repository in a folder that goes away with this value.
pub(crate) struct SmallBook {
    folder: TempDir,
}

impl SmallBook {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let book = Self { folder };
        for (path, text) in FILES.into_iter().chain([("tests/Cargo.toml", "")]) {
            let path = book.path(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder"))
                .expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        }
        book
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// Where the built book is.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path("target/book")
    }

    /// Changes a file; it must become another.
    pub(crate) fn change(&self, file: &str, change: impl FnOnce(&str) -> String) {
        let path = self.path(file);
        let before = fs::read_to_string(&path).expect("the file is there");
        let after = change(&before);
        assert_ne!(before, after, "{file} has not changed");
        fs::write(path, after).expect("the file can be written");
    }

    pub(crate) fn build(&self) -> Output {
        program(self.root(), &["build"])
            .output()
            .expect("the program can be started")
    }

    /// A page of the built book.
    pub(crate) fn page(&self, file: &str) -> String {
        fs::read_to_string(self.folder().join(file)).expect("the book has this page")
    }
}

/// The program `book`, in this folder.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_builder"));
    command.args(arguments).current_dir(folder);
    command
}
