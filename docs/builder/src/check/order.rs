//! The order never looks forward: what a chapter needs has been told before.
//!
//! A chapter may point to a later one in two places: where it ends, in its last paragraph or list, which says how to go on; and in
//! the first chapter, which says what is to come. Anywhere else the reader would have to leave in the middle of a thought. The
//! reference is no such chapter: one looks something up in it and comes back.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::{finding::Finding, outline, page::Page, repository};

/// The chapter that is looked things up in, and not read.
const REFERENCE: &str = "reference.md";

pub(super) fn check(page: &Page, pages: &[Page]) -> Vec<Finding> {
    let (events, _) = page.events();
    let blocks = outline::blocks(&events);
    let own = position(page, pages);
    let needs = blocks
        .iter()
        .find(|block| block.text().starts_with("You need"));
    let needs = needs.map_or(0..0, |block| block.range.clone());
    let last = blocks.last().map_or(0..0, |block| block.range.clone());

    let looks_forward =
        |chapter: usize| chapter > own && own > 0 && pages[chapter].entry.file != REFERENCE;

    let mut findings = Vec::new();
    let mut names_a_chapter = false;
    for (target, range) in links(&events) {
        let in_needs = contains(&needs, &range);
        let message = match chapter(page, &target, pages) {
            Some(chapter) if in_needs && chapter < own => {
                names_a_chapter = true;
                None
            }
            Some(_) if in_needs => Some(format!(
                "`{target}` does not come before this chapter; what a chapter needs has been told before"
            )),
            Some(chapter) if looks_forward(chapter) && !contains(&last, &range) => Some(format!(
                "`{target}` comes later; a chapter points forward only in its last paragraph, where it says how to go on"
            )),
            None if in_needs && !target.starts_with("https://") => Some(format!(
                "`{target}` is no chapter; what is needed links to the earlier chapter that tells it"
            )),
            _ => None,
        };
        findings.extend(message.map(|message| page.finding(range.start, message)));
    }
    if own > 0 && !names_a_chapter && needs.end > 0 {
        let message = "what is needed links to no chapter; name the earlier one that tells it";
        findings.push(page.finding(needs.start, message));
    }
    findings
}

/// The chapter's place in the book, from 0.
fn position(page: &Page, pages: &[Page]) -> usize {
    pages
        .iter()
        .position(|other| other.entry.file == page.entry.file)
        .unwrap_or(0)
}

/// The place of the chapter that a link leads to.
fn chapter(page: &Page, target: &str, pages: &[Page]) -> Option<usize> {
    let file = target.split('#').next().filter(|file| !file.is_empty())?;
    let path = repository::resolve(&page.entry.path(), file)?;
    pages.iter().position(|other| other.entry.path() == path)
}

fn links(events: &[(Event<'_>, Range<usize>)]) -> Vec<(String, Range<usize>)> {
    let link = |(event, range): &(Event<'_>, Range<usize>)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some((dest_url.to_string(), range.clone())),
        _ => None,
    };
    events.iter().filter_map(link).collect()
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{book, lines};

    /// What is found in the second of three chapters.
    fn found(text: &str) -> Vec<(usize, String)> {
        let chapters = [
            ("first.md", ""),
            ("a.md", text),
            ("last.md", ""),
            (REFERENCE, ""),
        ];
        let (_folder, book) = book(&chapters, &[]);
        lines(&check(&book.pages[1], &book.pages))
    }

    #[test]
    fn back_is_anywhere_and_forward_is_at_the_end() {
        let text = "You need [the first](first.md).\n\nAs [told](first.md#why), see [the reference](reference.md).\n\nNext: [the last](last.md).\n";
        assert_eq!(found(text), []);
    }

    #[test]
    fn forward_in_the_middle_is_found() {
        let found = found("You need [the first](first.md).\n\nSee [the last](last.md).\n\nEnd.\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 3);
        assert!(found[0].1.starts_with("`last.md` comes later"), "{found:?}");
    }

    #[test]
    fn a_need_that_is_not_told_before_is_found() {
        assert!(
            found("You need [this](last.md).\n\nEnd.\n")[0]
                .1
                .contains("does not come before")
        );
        assert!(
            found("You need [this](../../README.md).\n\nEnd.\n")[0]
                .1
                .contains("is no chapter")
        );
        assert!(
            found("You need nothing.\n\nEnd.\n")[0]
                .1
                .contains("links to no chapter")
        );
    }

    #[test]
    fn the_first_chapter_says_what_is_to_come() {
        let text = "You need nothing.\n\nSee [the last](last.md).\n\nEnd.\n";
        let (_folder, book) = book(&[("a.md", text), ("last.md", "")], &[]);
        assert_eq!(lines(&check(&book.pages[0], &book.pages)), []);
    }
}
