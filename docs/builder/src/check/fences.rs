//! Code blocks: each is a part of a real file, a recorded session, or Rust that a test compiles.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::{finding::Finding, page::Page, repository::TRANSCRIPTS};

/// Where terminal output is that a program has recorded: sessions, and what `cargo xtask compare` printed.
const RECORDED: [&str; 2] = [TRANSCRIPTS, "docs/comparison"];

/// What documentation tests know besides `ignore`, which compiles nothing.
const COMPILED: [&str; 3] = ["no_run", "should_panic", "compile_fail"];

/// Languages that the book only shows from files.
const LISTED: [&str; 9] = [
    "toml", "js", "css", "html", "json", "http", "text", "nginx", "ini",
];

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let (events, _) = page.events();
    let wrong = events.iter().filter_map(|(event, range)| {
        let message = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                wrong(page, language, &inside(page, range))?
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                "an indented code block; use three backquotes and a language".to_owned()
            }
            _ => return None,
        };
        Some(page.finding(range.start, message))
    });
    wrong.collect()
}

/// The lines between the fences: from the end of the first line to the start of the last.
fn inside(page: &Page, block: &Range<usize>) -> Range<usize> {
    let text = &page.text[block.clone()];
    let first = text.find('\n').map_or(block.end, |at| block.start + at + 1);
    let last = text.trim_end().rfind('\n');
    let last = last.map_or(block.end, |at| block.start + at + 1);
    first..last.max(first)
}

/// What is wrong with a block, by the words behind its three backquotes.
fn wrong(page: &Page, language: &str, inside: &Range<usize>) -> Option<String> {
    let words = language.split([',', ' ']).filter(|word| !word.is_empty());
    let words: Vec<_> = words.collect();
    let file = page
        .include_at(inside)
        .map(|include| include.directive.path.as_str());
    let mut includes = page.includes.iter();
    let (holds, message) = match words.as_slice() {
        ["rust", "ignore"] => (
            file.is_some_and(|file| file.ends_with(".rs")),
            "holds one include of a Rust file, which is compiled where it is, and nothing else"
                .to_owned(),
        ),
        ["rust", rest @ ..] if rest.iter().all(|word| COMPILED.contains(word)) => (
            !includes.any(|include| inside.contains(&include.range.start)),
            "with an include is `rust,ignore`: its file is compiled where it is".to_owned(),
        ),
        ["console" | "sh"] => (
            file.is_some_and(|file| RECORDED.iter().any(|folder| file.starts_with(folder))),
            format!("holds one include of {TRANSCRIPTS}/, which a test runs, and nothing else"),
        ),
        // For readers who know Dash, beside the Rust that does the same.
        ["python"] => return None,
        [name] if LISTED.contains(name) => (
            file.is_some(),
            "holds one include of a real file, and nothing else: a copy would go stale".to_owned(),
        ),
        _ => (
            false,
            format!(
                "is unknown; use rust, `rust,ignore`, python, console, {}",
                LISTED.join(", ")
            ),
        ),
    };
    (!holds).then(|| format!("a `{language}` block {message}"))
}
