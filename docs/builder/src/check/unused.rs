//! What was made for the book and stands in no chapter: anchors, transcripts, screenshots, drawings.

use std::collections::HashSet;

use pulldown_cmark::Event;

use super::links::{self, SCREENS, Target};
use crate::{
    anchors,
    book::Book,
    finding::{Finding, Place},
    repository::TRANSCRIPTS,
};

/// Where anchors are for the book.
const ANCHORED: [&str; 5] = ["crates", "tests", "tutorials", "xtask/src", TRANSCRIPTS];

/// Where the drawings are.
const DRAWINGS: &str = "docs/src/images";

pub(super) fn check(book: &Book) -> Vec<Finding> {
    let mut findings = anchors_without_use(book);
    let included: HashSet<&str> = book
        .pages
        .iter()
        .flat_map(|page| &page.includes)
        .map(|include| include.directive.path.as_str())
        .collect();
    let transcripts = book
        .transcripts
        .iter()
        .map(|transcript| transcript.path.clone());
    let drawings = book.repository.files_below(DRAWINGS).into_iter();
    let drawings = drawings.filter(|path| path.ends_with(".svg"));
    let unused = transcripts
        .chain(drawings)
        .filter(|path| !included.contains(path.as_str()));
    findings.extend(
        unused.map(|path| {
            Place::new(path, 0).finding("no chapter includes this; use it or delete it")
        }),
    );
    findings.extend(screens(book));
    findings
}

/// Anchors that no chapter includes, and those that are not well formed.
fn anchors_without_use(book: &Book) -> Vec<Finding> {
    let mut used = HashSet::new();
    for include in book.pages.iter().flat_map(|page| &page.includes) {
        let directive = &include.directive;
        used.insert((directive.path.as_str(), directive.anchor.as_deref()));
    }
    let mut findings = Vec::new();
    for path in ANCHORED
        .iter()
        .flat_map(|folder| book.repository.files_below(folder))
    {
        // What is no text holds no anchors.
        let Ok(text) = book.repository.read(&path) else {
            continue;
        };
        let (found, wrong) = anchors::anchors(&path, &text);
        findings.extend(
            wrong
                .into_iter()
                .map(|(line, message)| Place::new(&path, line).finding(message)),
        );
        for anchor in found {
            let is_used = used.contains(&(path.as_str(), Some(anchor.name.as_str())));
            if !is_used && !used.contains(&(path.as_str(), None)) {
                let message = format!(
                    "no chapter includes the anchor `{}`; use it or take its comments out",
                    anchor.name
                );
                findings.push(Place::new(&path, anchor.opened).finding(message));
            }
        }
    }
    findings
}

/// Screenshots that no chapter shows, and twins of screenshots that are gone.
fn screens(book: &Book) -> Vec<Finding> {
    let mut shown = HashSet::new();
    for page in &book.pages {
        let (events, _): (Vec<(Event<'_>, _)>, _) = page.events();
        for link in links::links(&events) {
            if let Ok(Target::Copied(path)) =
                links::target(&book.repository, page, &link.destination)
            {
                shown.insert(path);
            }
        }
    }
    let files = book.repository.files_below(SCREENS.trim_end_matches('/'));
    let is_shown = |path: &str| {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let name = stem.strip_suffix("-dark").unwrap_or(stem);
        shown.contains(&format!("{name}.png"))
    };
    let unused = files.into_iter().filter(|path| !is_shown(path));
    unused
        .map(|path| {
            Place::new(path, 0).finding("no chapter shows this screenshot; use it or delete it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{book, messages};

    #[test]
    fn what_no_chapter_uses_is_found() {
        let files = [
            (
                "tutorials/a/src/lib.rs",
                "// ANCHOR: used\na\n// ANCHOR_END: used\n// ANCHOR: lost\nb\n// ANCHOR_END: lost\n// ANCHOR: open\n",
            ),
            ("docs/transcripts/a.txt", "$ cargo\n"),
            ("docs/transcripts/b.txt", "$ cargo\n"),
            ("docs/src/images/a.svg", "<svg></svg>\n"),
            ("docs/src/screens/a.png", ""),
            ("docs/src/screens/a-dark.png", ""),
            ("docs/src/screens/b.txt", ""),
        ];
        let text = "{{#include ../../tutorials/a/src/lib.rs:used}}\n{{#include ../transcripts/a.txt}}\n![A](screens/a.png)\n";
        let (_folder, book) = book(&[("a.md", text)], &files);
        let expected = [
            "tutorials/a/src/lib.rs:7: the anchor `open` is never closed; add `ANCHOR_END: open` below",
            "tutorials/a/src/lib.rs:4: no chapter includes the anchor `lost`; use it or take its comments out",
            "docs/transcripts/b.txt: no chapter includes this; use it or delete it",
            "docs/src/images/a.svg: no chapter includes this; use it or delete it",
            "docs/src/screens/b.txt: no chapter shows this screenshot; use it or delete it",
        ];
        assert_eq!(messages(&check(&book)), expected);
    }
}
