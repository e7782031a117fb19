//! `cargo xtask new`: a small lesson that runs, is tested and has its chapter. Its author changes it step by step.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use clap::Parser;

use crate::{Cli, cargo, registry::Registry, usage::UsageError, workspace::Workspace};

/// Write a tutorial that runs and is tested, and register it: the beginning of a lesson.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The name of its program and its chapter: small letters, digits and hyphens
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

/// What is written where, for a lesson `new-lesson` with the title "A new lesson" and no place in the order.
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

/// What is added where: the file, a text in it, and what is written behind that.
const ADDITIONS: [(&str, &str, &str); 3] = [
    (BROWSER, "\nmod ", "new_lesson;\nmod "),
    (BROWSER, "vec![", "new_lesson::TESTS,"),
    (
        "CHANGELOG.md",
        "## [Unreleased]\n\n### Added\n\n",
        "- Tutorial `new-lesson`, with the chapter \"A new lesson\".\n",
    ),
];

/// The program of the browser tests, which lists its files.
const BROWSER: &str = "tests/tests/browser/main.rs";

/// Cargo takes no word of Rust for a package. These are the likely ones.
const KEYWORDS: [&str; 10] = [
    "async", "box", "loop", "match", "move", "static", "super", "test", "type", "yield",
];

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    let registry = Registry::of(&workspace)?;
    let words = args.words(&registry)?;
    let files = TEMPLATES.map(|(path, text)| (fill(path, &words), fill(text, &words)));
    let mut files = BTreeMap::from(files);
    if let Some(path) = files.keys().find(|path| workspace.root.join(path).exists()) {
        let message = format!("{path} is there already; choose another name for the tutorial");
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
                "{path} has no place for a tutorial; expected {place:?}, to write it behind that"
            );
        };
        let text = format!("{before}{place}{}{after}", fill(addition, &words));
        files.insert(path.to_owned(), text);
    }
    for (path, text) in &files {
        write(&workspace.root.join(path), text)?;
        println!("{path}");
    }
    // A name may change what fits into a line, and where a module stands among the others.
    let format = ["fmt", "--package", "tests", "--package", &args.name];
    if !cargo::command().args(format).status()?.success() {
        bail!("cargo fmt failed; its message is above");
    }
    let tidy = Cli::parse_from(["cargo xtask", "tidy", "--fix"]);
    let tidied = tidy.command.execute()?;
    println!(
        "\nThis is a whole lesson: `cargo xtask run {}` shows it. CONTRIBUTING.md says how to make yours of it.",
        args.name
    );
    Ok(tidied)
}

/// What stands in the templates, and what stands for it in the lesson.
type Words = [(&'static str, String); 4];

fn fill(text: &str, words: &Words) -> String {
    let replace = |text: String, (old, new): &(&str, String)| text.replace(old, new);
    words.iter().fold(text.to_owned(), replace)
}

impl Args {
    fn words(&self, registry: &Registry) -> Result<Words, UsageError> {
        let name = self.name.as_str();
        let is_word = |word: &str| {
            let letter = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
            !word.is_empty() && word.chars().all(letter)
        };
        let is_name = name.split('-').all(is_word) && !name.starts_with(char::is_numeric);
        if !is_name || KEYWORDS.contains(&name) || registry.find(name).is_ok() {
            return Err(UsageError(format!(
                "a new tutorial cannot be `{name}`; expected small letters, digits and hyphens, as in `two-tabs`, \
                 no word of Rust, and no name that `cargo xtask list` shows"
            )));
        }
        let (first, rest) = name.split_at(1);
        let in_words = || first.to_uppercase() + &rest.replace('-', " ");
        let title = self.title.clone().unwrap_or_else(in_words);
        // It stands in Rust, TOML and Markdown alike.
        let is_plain = |char: char| char.is_alphanumeric() || " ,.:;!?'()-".contains(char);
        if title.trim().is_empty() || !title.chars().all(is_plain) {
            return Err(UsageError(format!(
                "`{title}` is no title; expected words, with no other marks than , . : ; ! ? ' ( ) -"
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

/// The tests of the templates' lesson are tests of this program: a lesson that is written passes them.
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
        Args { name, title }.words(&two_tutorials())
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
            "store",
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
