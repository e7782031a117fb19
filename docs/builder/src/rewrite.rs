//! A chapter's Markdown, made ready for mdBook: links into the repository lead to source pages, listings say where they come
//! from, a screenshot has its dark twin, and a tutorial's chapter has its card.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::{
    book::Book,
    card,
    check::links::{self, Link, SCREENS, Target},
    html, markdown, outline,
    page::Page,
    repository::{CHAPTERS, TRANSCRIPTS},
};

/// A piece of the text and what takes its place.
type Edit = (Range<usize>, String);

/// The chapter's Markdown for mdBook.
pub(crate) fn rewrite(page: &Page, book: &Book) -> String {
    let (events, _) = page.events();
    let mut edits = Vec::new();
    for link in links::links(&events) {
        edits.extend(link_edit(page, book, &link));
    }
    edits.extend(definitions(page, book));
    for (event, range) in &events {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) = event {
            edits.extend(caption(page, range));
        }
    }
    let blocks = outline::blocks(&events);
    if let (Some(tutorial), Some(title)) = (book.tutorial(page), outline::headings(&blocks).first())
    {
        let end = title.range.end;
        edits.push((end..end, format!("\n{}\n", card::card(tutorial))));
    }
    apply(&page.text, edits)
}

/// The page, inside the book, that shows a file of the repository.
pub(crate) fn source_page(path: &str) -> String {
    // mdBook takes `.md` out of every address, also in the middle.
    format!("source/{}.html", path.trim_end_matches(".md"))
}

/// Whether listings of this file lead to a source page: not for what is a page or a recording itself.
pub(crate) fn has_source_page(path: &str) -> bool {
    !path.starts_with(TRANSCRIPTS) && !path.starts_with(CHAPTERS)
}

fn link_edit(page: &Page, book: &Book, link: &Link) -> Option<Edit> {
    let target = links::target(&book.repository, page, &link.destination).ok()?;
    match (&target, &link.alternative) {
        (Target::Copied(path), Some(words)) => {
            let name = path.strip_prefix(SCREENS)?.strip_suffix(".png")?;
            Some((link.range.clone(), screenshot(name, words)))
        }
        (Target::Source { path, function }, None) => {
            let address = source_address(path, function.as_deref());
            // The destination is the last thing in `[text](destination)`; a link by name has none.
            let written = &page.text[link.range.clone()];
            let at = link.range.start + written.rfind(&link.destination)?;
            Some((at..at + link.destination.len(), address))
        }
        _ => None,
    }
}

/// The destinations of links by name.
fn definitions(page: &Page, book: &Book) -> Vec<Edit> {
    let edit = |(range, destination): (Range<usize>, String)| {
        let target = links::target(&book.repository, page, &destination).ok()?;
        let Target::Source { path, function } = target else {
            return None;
        };
        let at = range.start + page.text[range].rfind(&destination)?;
        let address = source_address(&path, function.as_deref());
        Some((at..at + destination.len(), address))
    };
    let definitions = markdown::definitions(&page.text).into_iter();
    definitions.filter_map(edit).collect()
}

fn source_address(path: &str, fragment: Option<&str>) -> String {
    let page = source_page(path);
    fragment.map_or_else(|| page.clone(), |fragment| format!("{page}#{fragment}"))
}

/// One image for each theme; the style sheet hides the other one.
fn screenshot(name: &str, words: &str) -> String {
    let words = html::escape(words);
    let image = |class: &str, file: &str| {
        format!("<img class=\"{class}\" src=\"screens/{file}.png\" alt=\"{words}\">")
    };
    let (light, dark) = (
        image("only-light", name),
        image("only-dark", &format!("{name}-dark")),
    );
    format!("{light}{dark}")
}

/// The line above a listing that says which file it is part of.
fn caption(page: &Page, block: &Range<usize>) -> Option<Edit> {
    let include = page
        .includes
        .iter()
        .find(|include| block.start <= include.range.start && include.range.end <= block.end)?;
    let path = &include.directive.path;
    if !has_source_page(path) {
        return None;
    }
    let line_start = page.text[..block.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = " ".repeat(page.text[line_start..block.start].chars().count());
    let address = source_address(path, Some(&format!("L{}", include.first_line)));
    let caption =
        format!("<p class=\"listing-path\"><a href=\"{address}\">{path}</a></p>\n\n{indent}");
    Some((block.start..block.start, caption))
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::new();
    let mut at = 0;
    for (range, replacement) in edits {
        // An image inside a link is replaced as a whole; nothing else overlaps.
        if range.start < at {
            continue;
        }
        edited += &text[at..range.start];
        edited += &replacement;
        at = range.end;
    }
    edited + &text[at..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::book;

    fn rewritten(text: &str) -> String {
        let files = [
            ("tests/a.rs", "#[test]\nfn it_holds() {}\n"),
            (
                "tutorials/a/src/lib.rs",
                "//! A.\n// ANCHOR: app\npub fn app() {}\n// ANCHOR_END: app\n",
            ),
            ("docs/transcripts/a.txt", "$ cargo xtask list\n"),
            ("docs/src/screens/a.png", ""),
        ];
        let (_folder, book) = book(&[("a.md", text), ("b.md", "")], &files);
        rewrite(&book.pages[0], &book)
    }

    #[test]
    fn links_into_the_repository_lead_to_source_pages_and_others_stay() {
        let text = "[b](b.md) [t](../../tests/a.rs#it_holds) [n][n] <https://example.org>\n\n[n]: ../../tests/a.rs\n";
        let expected = "[b](b.md) [t](source/tests/a.rs.html#it_holds) [n][n] <https://example.org>\n\n[n]: source/tests/a.rs.html\n";
        assert_eq!(rewritten(text), expected);
    }

    #[test]
    fn a_listing_says_where_it_comes_from_also_in_a_list_and_a_session_does_not() {
        let text = "- A\n\n  ```rust,ignore\n  {{#include ../../tutorials/a/src/lib.rs:app}}\n  ```\n\n```console\n{{#include ../transcripts/a.txt}}\n```\n";
        let expected = "- A\n\n  <p class=\"listing-path\"><a href=\"source/tutorials/a/src/lib.rs.html#L3\">tutorials/a/src/lib.rs</a></p>\n\n  ```rust,ignore\n  pub fn app() {}\n  ```\n\n```console\n$ cargo xtask list\n```\n";
        assert_eq!(rewritten(text), expected);
    }

    #[test]
    fn a_screenshot_has_an_image_for_each_theme() {
        let expected = "<img class=\"only-light\" src=\"screens/a.png\" alt=\"A &lt;page&gt;\"><img class=\"only-dark\" src=\"screens/a-dark.png\" alt=\"A &lt;page&gt;\">\n";
        assert_eq!(rewritten("![A `<page>`](screens/a.png)\n"), expected);
    }
}
