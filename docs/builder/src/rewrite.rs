//! A chapter's Markdown, made ready for mdBook: links into the repository lead to source pages, listings say where they come
//! from, a screenshot has its dark twin, and a tutorial's chapter has its card.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::{
    book::Book,
    card, html,
    link::{self, Link, Target},
    markdown, outline,
    page::Page,
    repository::{CHAPTERS, TRANSCRIPTS},
};

/// A piece of the text and what takes its place.
type Edit = (Range<usize>, String);

/// Where the screenshots are, as seen from the book.
const SCREENS: &str = "screens/";

/// The chapter's Markdown for mdBook.
pub(crate) fn rewrite(page: &Page, book: &Book) -> String {
    let (events, _) = page.events();
    let mut edits = Vec::new();
    for link in link::links(&events) {
        edits.extend(match link.alternative {
            Some(_) => screenshot(page, &link),
            None => source(page, link.range, &link.destination),
        });
    }
    for (range, destination) in markdown::definitions(&page.text) {
        edits.extend(source(page, range, &destination));
    }
    for (event, range) in &events {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) = event {
            edits.extend(caption(page, range));
        }
    }
    let headings = outline::headings(&outline::blocks(&events));
    if let (Some(tutorial), Some(title)) = (book.tutorial(page), headings.first()) {
        let end = title.range.end;
        edits.push((end..end, format!("\n{}\n", card::card(tutorial, book))));
    }
    apply(&page.text, edits)
}

/// Whether listings of this file lead to a source page: not for what is a page or a recording itself.
pub(crate) fn has_source_page(path: &str) -> bool {
    !path.starts_with(CHAPTERS) && !path.starts_with(TRANSCRIPTS)
}

/// Another destination for a link, or the definition of one, that leads to a file outside of the book.
fn source(page: &Page, range: Range<usize>, destination: &str) -> Option<Edit> {
    let target = Target::of(&page.path(), destination).filter(Target::is_source)?;
    // The destination is the last thing in `[text](destination)`; a link by name has none.
    let at = range.start + page.text[range].rfind(destination)?;
    Some((at..at + destination.len(), target.address()))
}

/// One image for each theme; the style sheet hides the other one.
fn screenshot(page: &Page, link: &Link) -> Option<Edit> {
    let words = html::escape(link.alternative.as_deref()?);
    let address = Target::of(&page.path(), &link.destination)?.address();
    let name = address
        .strip_suffix(".png")
        .filter(|name| name.starts_with(SCREENS))?;
    let images = format!(
        "<img class=\"only-light\" src=\"{name}.png\" alt=\"{words}\">\
         <img class=\"only-dark\" src=\"{name}-dark.png\" alt=\"{words}\">"
    );
    Some((link.range.clone(), images))
}

/// The line above a listing that says which file it is part of.
fn caption(page: &Page, block: &Range<usize>) -> Option<Edit> {
    let mut includes = page.includes.iter();
    let include = includes
        .find(|include| block.start <= include.range.start && include.range.end <= block.end)?;
    let path = &include.directive.path;
    if include.range.is_empty() || !has_source_page(path) {
        return None;
    }
    let line_start = page.text[..block.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = " ".repeat(page.text[line_start..block.start].chars().count());
    let address = format!("{}#L{}", link::source_page(path), include.first_line);
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
        if range.start >= at {
            edited += &text[at..range.start];
            edited += &replacement;
            at = range.end;
        }
    }
    edited + &text[at..]
}
