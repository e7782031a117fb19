//! `cargo xtask new`: writes a small lesson with its tests and its chapter. Its author changes it step by step.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use clap::Parser;

use crate::{Cli, cargo, registry::Registry, usage::UsageError, workspace::Workspace};

/// Write a small tutorial with its tests and its chapter, and register it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The name of its program and its chapter: lower-case letters, digits and hyphens
    name: String,

    /// The title of its chapter [default: the name, in words]
    #[arg(long)]
    title: Option<String>,
}

macro_rules! templates {
    ($($path:literal: $template:literal,)+) => {
        [$(($path, include_str!(concat!("../templates/", $template)))),+]
    };
}

/// The files to write, each with its template. The templates' lesson is `new-lesson`, has the title "A new lesson" and the order 0.
const TEMPLATES: [(&str, &str); 8] = templates! {
    "tutorials/new-lesson/Cargo.toml": "manifest.toml",
    "tutorials/new-lesson/src/lib.rs": "lib.rs",
    "tutorials/new-lesson/src/main.rs": "main.rs",
    "tutorials/new-lesson/src/tests.rs": "tests.rs",
    "tutorials/new-lesson/src/snapshots/new-lesson.snap": "snapshots/new-lesson.snap",
    "tests/tests/browser/new_lesson.rs": "browser.rs",
    "docs/src/new-lesson.md": "chapter.md",
    "docs/transcripts/new-lesson.txt": "transcript.txt",
};

/// What to add to files that exist: the file, a text in it, and what to insert after that text.
const ADDITIONS: [(&str, &str, &str); 2] = [
    (BROWSER, "\nmod ", "new_lesson;\nmod "),
    (BROWSER, "vec![", "new_lesson::TESTS,"),
];

/// The program of the browser tests, which lists its files.
const BROWSER: &str = "tests/tests/browser/main.rs";

/// Rust's keywords and its own crates, which cargo and the compiler refuse as names of a package.
const KEYWORDS: &str = "abstract alloc as async await become box break const continue core crate do dyn else enum extern false final fn for \
    gen if impl in let loop macro match mod move mut override priv pub ref return self static std struct super test trait true try type typeof \
    unsafe unsized use virtual where while yield";

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let registry = Registry::of(&workspace)?;
    let locked = fs::read_to_string(workspace.root.join("Cargo.lock"));
    let words = args.words(&registry, &locked.context("cannot read Cargo.lock")?)?;
    let files = TEMPLATES.map(|(path, text)| (fill(path, &words), fill(text, &words)));
    let mut files = BTreeMap::from(files);
    if let Some(path) = files.keys().find(|path| workspace.root.join(path).exists()) {
        let message = format!("{path} already exists; choose another name for the tutorial");
        return Err(UsageError(message).into());
    }
    for (path, place, addition) in ADDITIONS {
        let text = match files.remove(path) {
            Some(text) => text,
            None => fs::read_to_string(workspace.root.join(path))
                .with_context(|| format!("cannot read {path}"))?,
        };
        let Some((before, after)) = text.split_once(place) else {
            bail!(
                "{path} has no place for a tutorial; expected the text {place:?}, to insert it after that"
            );
        };
        let text = format!("{before}{place}{}{after}", fill(addition, &words));
        files.insert(path.to_owned(), text);
    }
    for (path, text) in &files {
        write(&workspace.root.join(path), text)?;
        println!("{path}");
    }
    // The name may change line breaks and the order of the modules.
    let format = ["fmt", "--package", "tests", "--package", &args.name];
    if !cargo::command().args(format).status()?.success() {
        bail!("cargo fmt failed; its message is above");
    }
    let tidy = Cli::parse_from(["cargo xtask", "tidy", "--fix"]);
    let tidied = tidy.command.execute()?;
    println!(
        "\nThe lesson is ready: `cargo xtask run {}` shows it. CONTRIBUTING.md says how to make it your own.",
        args.name
    );
    Ok(tidied)
}

/// Words of the templates, each with its replacement.
type Words = [(&'static str, String); 4];

fn fill(text: &str, words: &Words) -> String {
    let replace = |text: String, (old, new): &(&str, String)| text.replace(old, new);
    words.iter().fold(text.to_owned(), replace)
}

impl Args {
    /// What the lesson is called, if its name is free: `locked` is the text of Cargo.lock.
    fn words(&self, registry: &Registry, locked: &str) -> Result<Words, UsageError> {
        let name = self.name.as_str();
        let is_word = |word: &str| {
            let letter = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
            !word.is_empty() && word.chars().all(letter)
        };
        let is_name = name.split('-').all(is_word) && !name.starts_with(char::is_numeric);
        if !is_name || KEYWORDS.split(' ').any(|word| word == name) {
            return Err(UsageError(format!(
                "a new tutorial cannot be called `{name}`; expected lower-case letters, digits and hyphens, as in `two-tabs`, \
                 but no Rust keyword"
            )));
        }
        let package = format!("\nname = \"{name}\"\n");
        if registry.find(name).is_ok() || locked.contains(&package) {
            return Err(UsageError(format!(
                "`{name}` is already the name of a tutorial or of a package in Cargo.lock; choose another one"
            )));
        }
        let (first, rest) = name.split_at(1);
        let in_words = || first.to_uppercase() + &rest.replace('-', " ");
        let title = self.title.clone().unwrap_or_else(in_words);
        // The title is written into Rust, TOML and Markdown, unescaped.
        let is_plain = |char: char| char.is_alphanumeric() || " ,.:;!?'()-".contains(char);
        if title.trim().is_empty() || !title.chars().all(is_plain) {
            return Err(UsageError(format!(
                "`{title}` cannot be a title; expected only letters, digits, spaces and , . : ; ! ? ' ( ) -"
            )));
        }
        let orders = registry
            .tutorials
            .iter()
            .map(|tutorial| tutorial.entry.order);
        let order = orders.max().unwrap_or(0) + 1;
        Ok([
            ("order = 0", format!("order = {order}")),
            ("new-lesson", name.to_owned()),
            ("new_lesson", name.replace('-', "_")),
            ("A new lesson", title),
        ])
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The template lesson's tests run as tests of this program, so a new lesson passes them.
#[cfg(test)]
#[path = "../templates/lib.rs"]
#[expect(unreachable_pub, reason = "the library of a tutorial")]
mod lesson;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::tests::two_tutorials;

    fn words(name: &str, title: Option<&str>) -> Result<Words, UsageError> {
        let (name, title) = (name.to_owned(), title.map(str::to_owned));
        Args { name, title }.words(&two_tutorials(), "[[package]]\nname = \"serde\"\n")
    }

    #[test]
    fn a_name_that_cannot_be_one_is_a_usage_error() {
        for name in [
            "",
            "Two",
            "2tabs",
            "two_tabs",
            "two--tabs",
            "../a",
            "loop",
            "fn",
            "store",
            "serde",
        ] {
            assert!(words(name, None).is_err(), "{name}");
        }
        assert!(words("two-tabs", Some("Two \"tabs\"")).is_err());
    }

    #[test]
    fn a_lesson_has_its_own_name_its_title_and_the_next_place() {
        let words = words("two-tabs", None).unwrap();
        let files = TEMPLATES.map(|(path, text)| fill(&format!("{path}\n{text}"), &words));
        for file in &files {
            let left = ["new-lesson", "new_lesson", "new lesson"].map(|word| file.contains(word));
            assert_eq!(left, [false; 3], "{file}");
        }
        assert!(
            files[0].contains("order = 3\ntitle = \"Two tabs\"\n"),
            "{}",
            files[0]
        );
    }
}
