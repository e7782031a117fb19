//! Code blocks: each is a part of a real file, a recorded session, or Rust that a test compiles.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::{finding::Finding, page::Page, repository::TRANSCRIPTS};

/// Where terminal output is that a program has recorded: sessions, and what `cargo xtask compare` printed.
const RECORDED: [&str; 2] = [TRANSCRIPTS, "docs/comparison"];

/// What a code block of a language may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Part of a file of the repository, and nothing else.
    Listing,
    /// A recorded session, and nothing else.
    Session,
    /// Rust that the documentation tests of this package compile.
    Compiled,
    /// Python of the book's own, which must at least parse.
    Python,
}

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let (events, _) = page.events();
    let mut findings = Vec::new();
    for (event, range) in &events {
        let Event::Start(Tag::CodeBlock(kind)) = event else {
            continue;
        };
        let message = match kind {
            CodeBlockKind::Indented => Some(
                "an indented code block; use three backquotes and the name of the language"
                    .to_owned(),
            ),
            CodeBlockKind::Fenced(language) => wrong(page, language, &inside(page, range)),
        };
        findings.extend(message.map(|message| page.finding(range.start, message)));
    }
    findings
}

/// The lines between the fences: from the end of the first line to the start of the last.
fn inside(page: &Page, block: &Range<usize>) -> Range<usize> {
    let text = &page.text[block.clone()];
    let first = text.find('\n').map_or(block.end, |at| block.start + at + 1);
    let last = text.trim_end().rfind('\n');
    let last = last.map_or(block.end, |at| block.start + at + 1);
    first..last.max(first)
}

fn wrong(page: &Page, language: &str, inside: &Range<usize>) -> Option<String> {
    let rule = match rule(language) {
        Ok(rule) => rule,
        Err(message) => return Some(message),
    };
    let include = page.include_at(inside);
    let file = include.map(|include| include.directive.path.as_str());
    let is_session =
        file.is_some_and(|file| RECORDED.iter().any(|folder| file.starts_with(folder)));
    match rule {
        Rule::Session if !is_session => Some(format!(
            "a block of shell commands holds one include of {TRANSCRIPTS}/, and nothing else: a test runs what stands there"
        )),
        Rule::Listing if file.is_none() => Some(format!(
            "a `{language}` block holds one include of a real file, and nothing else: a copy would go stale"
        )),
        Rule::Listing if language.starts_with("rust") && file.is_some_and(|file| !file.ends_with(".rs")) => {
            Some("a `rust,ignore` block holds part of a Rust file, which is compiled where it is".to_owned())
        }
        Rule::Compiled if page.includes.iter().any(|include| inside.contains(&include.range.start)) => {
            Some("a `rust` block with an include is `rust,ignore`: the file that it comes from is compiled".to_owned())
        }
        _ => None,
    }
}

/// The rule for the words behind the three backquotes.
fn rule(language: &str) -> Result<Rule, String> {
    let words: Vec<_> = language
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [] => {
            Err("a code block without a language; write it behind the three backquotes".to_owned())
        }
        ["rust", "ignore"] => Ok(Rule::Listing),
        ["rust", rest @ ..] if rest.iter().all(|word| COMPILED.contains(word)) => {
            Ok(Rule::Compiled)
        }
        ["console" | "sh"] => Ok(Rule::Session),
        ["python"] => Ok(Rule::Python),
        [name] if LISTED.contains(name) => Ok(Rule::Listing),
        _ => Err(format!(
            "the book has no `{language}` blocks; use rust, `rust,ignore`, python, console, {}",
            LISTED.join(", ")
        )),
    }
}

/// What documentation tests know besides `ignore`, which compiles nothing.
const COMPILED: [&str; 3] = ["no_run", "should_panic", "compile_fail"];

/// Languages that the book only shows from files.
const LISTED: [&str; 9] = [
    "toml", "js", "css", "html", "json", "http", "text", "nginx", "ini",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{chapter, lines};

    fn found(text: &str) -> Vec<(usize, String)> {
        let files = [
            ("tutorials/a/src/lib.rs", "pub fn app() {}\n"),
            ("docs/transcripts/a.txt", "$ cargo xtask list\n"),
        ];
        let (page, findings) = chapter(text, &files);
        assert_eq!(lines(&findings), []);
        lines(&check(&page))
    }

    #[test]
    fn parts_of_files_sessions_and_compiled_rust_are_in_order() {
        let text = "\
```rust,ignore
{{#include ../../tutorials/a/src/lib.rs}}
```

```console
{{#include ../transcripts/a.txt}}
```

- In a list:

  ```rust,no_run
  let a = 1;
  ```
";
        assert_eq!(found(text), []);
    }

    #[test]
    fn copies_and_unknown_blocks_are_found_with_their_lines() {
        let text = "\
```rust,ignore
pub fn copied() {}
```

```console
$ cargo xtask list
```

```
none
```

    indented

```rust
{{#include ../../tutorials/a/src/lib.rs}}
```

```cobol
```
";
        let found = found(text);
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 5, 9, 13, 15, 19]);
        assert!(
            found[1].1.contains("a test runs what stands there"),
            "{found:?}"
        );
    }

    #[test]
    fn an_include_with_more_beside_it_is_found() {
        let text = "```console\n{{#include ../transcripts/a.txt}}\n$ rm -r /\n```\n";
        assert_eq!(found(text).len(), 1);
    }

    #[test]
    fn rust_that_nothing_compiles_is_found() {
        let found = found("\n```rust,ignore\n{{#include ../transcripts/a.txt}}\n```\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 2);
        assert!(found[0].1.contains("part of a Rust file"), "{found:?}");
    }
}
