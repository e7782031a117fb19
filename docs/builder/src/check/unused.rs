//! What was made for the book and stands in no chapter: anchors, transcripts, screenshots, drawings.

use std::collections::HashSet;

use crate::{
    anchors,
    book::Book,
    finding::{Finding, Place},
    include::Directive,
    link::{self, Target},
    repository::{CHAPTERS, TRANSCRIPTS},
};

/// Where anchors need no use: in the tests of this package, and in what `cargo xtask new` writes a lesson of.
const FREE: [&str; 2] = ["docs/builder/", "xtask/templates/"];

pub(super) fn check(book: &Book) -> Vec<Finding> {
    let includes = book.pages.iter().flat_map(|page| &page.includes);
    let used: HashSet<_> = includes
        .map(|include| {
            let Directive { path, anchor } = &include.directive;
            (path.as_str(), anchor.as_deref())
        })
        .collect();
    let included: HashSet<_> = used.iter().map(|(path, _)| *path).collect();
    let is_made_for_it = |path: &str| {
        path.starts_with(TRANSCRIPTS) && path.ends_with(".txt")
            || path.starts_with(CHAPTERS) && path.ends_with(".svg")
    };
    let mut findings = screens(book);
    for path in &book.files {
        if is_made_for_it(path) && !included.contains(path.as_str()) {
            let message = "no chapter includes this; use it or delete it";
            findings.push(Place::new(path, 0).finding(message));
        }
        // What is no text holds no anchors.
        if let Ok(text) = book.repository.read(path)
            && !FREE.iter().any(|folder| path.starts_with(folder))
        {
            findings.extend(wrong_anchors(path, &text, &used));
        }
    }
    findings
}

/// Anchors of a file that no chapter includes, and those that are not well formed.
fn wrong_anchors(path: &str, text: &str, used: &HashSet<(&str, Option<&str>)>) -> Vec<Finding> {
    let (found, mut wrong) = anchors::anchors(path, text);
    let unused = found.into_iter().filter(|anchor| {
        let name = Some(anchor.name.as_str());
        !used.contains(&(path, name)) && !used.contains(&(path, None))
    });
    wrong.extend(unused.map(|anchor| {
        let message = format!(
            "no chapter includes the anchor `{}`; use it or delete its comments",
            anchor.name
        );
        (anchor.opened, message)
    }));
    let wrong = wrong.into_iter();
    wrong
        .map(|(line, message)| Place::new(path, line).finding(message))
        .collect()
}

/// Screenshots that no chapter shows, and those that lack their dark twin or their text.
fn screens(book: &Book) -> Vec<Finding> {
    let mut expected = HashSet::new();
    for page in &book.pages {
        let (events, _) = page.events();
        let links = link::links(&events).into_iter();
        let targets = links.filter_map(|link| Target::of(&page.path(), &link.destination));
        for name in targets.filter_map(|target| Some(target.path.strip_suffix(".png")?.to_owned()))
        {
            expected.extend([".png", "-dark.png", ".txt"].map(|end| format!("{name}{end}")));
        }
    }
    let folder = format!("{CHAPTERS}/screens/");
    let is_screen = |path: &&String| path.starts_with(&folder);
    let there: HashSet<_> = book.files.iter().filter(is_screen).cloned().collect();
    expected.retain(|path| is_screen(&path));
    let finding = |message: &'static str| move |path| Place::new(path, 0).finding(message);
    let unused = there.difference(&expected).map(finding(
        "no chapter shows this screenshot; use it or delete it",
    ));
    let missing = expected.difference(&there).map(finding(
        "a chapter needs this; `cargo xtask docs --bless` takes it",
    ));
    unused.chain(missing).collect()
}
