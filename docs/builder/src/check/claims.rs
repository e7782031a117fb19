//! "What you see" claims nothing that no test shows: each of its items ends with a link to the test.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::{
    book::Book,
    finding::Finding,
    functions,
    link::{self, Target},
    outline,
    page::Page,
};

pub(super) fn check(page: &Page, book: &Book) -> Vec<Finding> {
    let (events, _) = page.events();
    let headings = outline::headings(&outline::blocks(&events));
    let Some(section) = outline::section(&headings, "What you see", page.text.len()) else {
        return Vec::new(); // The outline is checked elsewhere.
    };
    let items = items(&events, &section);
    if items.is_empty() {
        let message =
            "`## What you see` has no list; name what is seen as its items, each with its test";
        return vec![page.finding(section.start.saturating_sub(1), message)];
    }
    let wrong = items.into_iter().filter_map(|item| {
        let message = wrong(item, page, book)?;
        Some(page.finding(item[0].1.start, message))
    });
    wrong.collect()
}

type Item<'e, 'a> = &'e [(Event<'a>, Range<usize>)];

/// The items of the lists in the section.
fn items<'e, 'a>(events: Item<'e, 'a>, section: &Range<usize>) -> Vec<Item<'e, 'a>> {
    let mut open = Vec::new();
    let mut items = Vec::new();
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Item) if section.contains(&range.start) => open.push(index),
            Event::End(TagEnd::Item) if section.contains(&range.start) => {
                items.extend(open.pop().map(|start| &events[start..index]));
            }
            _ => {}
        }
    }
    items
}

/// What is wrong with the link at the end of an item, or with another of its links to a function.
fn wrong(item: Item<'_, '_>, page: &Page, book: &Book) -> Option<String> {
    let mut backwards = item.iter().rev();
    let after = backwards.position(|(event, _)| *event == Event::End(TagEnd::Link));
    let rest = outline::text(&item[item.len() - after.unwrap_or(0)..]);
    if after.is_none() || !rest.trim_matches([')', '.', ' ']).is_empty() {
        let advice = "add `([test](../../tests/…rs#name))`";
        return Some(format!(
            "the item does not end with the test that shows it; {advice}"
        ));
    }
    let mut links = link::links(item);
    let last = links.pop();
    let others = links
        .into_iter()
        .filter(|link| link.destination.contains(".rs#"));
    let mut tests = others.chain(last);
    tests.find_map(|link| no_test(page, book, &link.destination))
}

/// Why a link leads to no test that cargo runs.
fn no_test(page: &Page, book: &Book, destination: &str) -> Option<String> {
    let target = Target::of(&page.path(), destination);
    let Some((path, name)) = target.and_then(|target| Some((target.path, target.fragment?))) else {
        let advice = "link the function, as in `../../tests/…rs#name`";
        return Some(format!("`{destination}` is no test; {advice}"));
    };
    let text = book.repository.read(&path).unwrap_or_default();
    if let Some(why) = functions::no_test(&text, &name) {
        return Some(format!("`{name}` in {path} is no test that runs: {why}"));
    }
    let message =
        format!("no program runs {path}: it is no root of one, and no `mod` beside it names it");
    (!is_compiled(book, &path)).then_some(message)
}

/// Whether a file is the root of a library, a program or a test, or a module that a file beside or above it names.
fn is_compiled(book: &Book, path: &str) -> bool {
    let folder = parent(path);
    let is_root = path.ends_with("/main.rs")
        || path.ends_with("/lib.rs")
        || book
            .files
            .contains(&format!("{}/Cargo.toml", parent(folder)))
            && folder.ends_with("/tests");
    let module = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let declaration = format!("mod {};", module.rsplit('/').next().unwrap_or_default());
    let beside = |file: &&String| {
        let near = parent(file);
        file.ends_with(".rs") && (near == folder || near == parent(folder))
    };
    let declares = |file: &String| {
        let text = book.repository.read(file).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        lines.any(|line| !line.starts_with("//") && line.ends_with(&declaration))
    };
    is_root || book.files.iter().filter(beside).any(declares)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}
