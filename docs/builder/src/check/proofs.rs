//! "What you see" claims nothing that no test shows: each of its items ends with a link to the test.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::links::{self, Target};
use crate::{
    finding::Finding, markdown::Events, outline, page::Page, repository::Repository, rust,
};

pub(super) fn check(page: &Page, repository: &Repository) -> Vec<Finding> {
    let (events, _) = page.events();
    let headings = outline::headings(&outline::blocks(&events));
    let Some(section) = outline::section(&headings, "What you see", page.text.len()) else {
        return Vec::new(); // The bones are checked elsewhere.
    };
    let items = items(&events, &section);
    if items.is_empty() {
        let message = "`## What you see` has no list; say as its items what is seen, each with the test that shows it";
        return vec![page.finding(section.start.saturating_sub(1), message)];
    }
    let wrong = items.iter().filter_map(|item| {
        let message = wrong(&events[item.clone()], page, repository)?;
        Some(page.finding(events[item.start].1.start, message))
    });
    wrong.collect()
}

/// The items of the lists in the section, as ranges of events.
fn items(events: &Events<'_>, section: &Range<usize>) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut items = Vec::new();
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Item) if section.contains(&range.start) => open.push(index),
            Event::End(TagEnd::Item) if section.contains(&range.start) => {
                items.extend(open.pop().map(|start| start..index));
            }
            _ => {}
        }
    }
    items.sort_by_key(|item| item.start);
    items
}

fn wrong(
    item: &[(Event<'_>, Range<usize>)],
    page: &Page,
    repository: &Repository,
) -> Option<String> {
    let last = item
        .iter()
        .rposition(|(event, _)| matches!(event, Event::End(TagEnd::Link)));
    let after = last.map_or(item, |last| &item[last..]);
    let rest = outline::text(after);
    if last.is_none() || !rest.trim_matches([')', '.', ' ']).is_empty() {
        return Some(
            "does not end with the test that shows it; add `([test](../../tests/…rs#name))`"
                .to_owned(),
        );
    }
    // The links of its end: one, or several with nothing but commas between them.
    let links = links::links(item);
    links
        .last()
        .and_then(|link| no_test(page, repository, &link.destination))
        .or_else(|| {
            let to_functions = links
                .iter()
                .filter(|link| link.destination.contains(".rs#"));
            to_functions
                .filter_map(|link| no_test(page, repository, &link.destination))
                .next()
        })
}

/// Why a link leads to no test that cargo runs.
fn no_test(page: &Page, repository: &Repository, destination: &str) -> Option<String> {
    let target = links::target(repository, page, destination).ok()?; // Broken links are found elsewhere.
    let Target::Source {
        path,
        function: Some(name),
    } = target
    else {
        return Some(format!(
            "`{destination}` is no test; link the function, as in `../../tests/…rs#name`"
        ));
    };
    let text = repository.read(&path).unwrap_or_default();
    let is_test = rust::functions(&text)
        .iter()
        .any(|function| function.name == name && function.is_test);
    if !is_test {
        Some(format!(
            "`{name}` in {path} is no test: it has neither `#[test]` nor `#[tokio::test]`"
        ))
    } else if !rust::is_compiled(repository, &path) {
        Some(format!(
            "no suite runs {path}: no `mod` leads to it from a test, a library or a program"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{chapter_in, lines, repository};

    const TEST: &str = "#[test]\nfn it_holds() {}\nfn helper() {}\n";

    fn found(items: &str) -> Vec<(usize, String)> {
        let files = [
            ("tests/Cargo.toml", ""),
            ("tests/tests/a.rs", TEST),
            ("tests/tests/lost/b.rs", TEST),
        ];
        let (_folder, repository) = repository(&files);
        let (page, _) = chapter_in(
            &repository,
            &format!("## What you see\n\n{items}\n## The code\n\n- No proof.\n"),
        );
        lines(&check(&page, &repository))
    }

    #[test]
    fn items_that_end_with_their_test_are_in_order() {
        let text = "- It holds. ([test](../../tests/tests/a.rs#it_holds))\n- And\n  - so\n    ([test](../../tests/tests/a.rs#it_holds)).\n";
        assert_eq!(found(text), []);
    }

    #[test]
    fn an_item_without_a_test_is_found_with_its_line() {
        let wrong = [
            ("- It holds.", "does not end with the test"),
            (
                "- ([test](../../tests/tests/a.rs#it_holds)) holds.",
                "does not end with the test",
            ),
            (
                "- It holds. ([test](../../tests/tests/a.rs))",
                "link the function",
            ),
            (
                "- It holds. ([test](../../tests/tests/a.rs#helper))",
                "is no test: it has neither",
            ),
            (
                "- It holds. ([test](../../tests/tests/lost/b.rs#it_holds))",
                "no suite runs",
            ),
        ];
        for (item, message) in wrong {
            let found = found(&format!("{item}\n"));
            assert_eq!(found.len(), 1, "{item}: {found:?}");
            assert_eq!(found[0].0, 3);
            assert!(found[0].1.contains(message), "{item}: {found:?}");
        }
        assert!(found("Words.\n")[0].1.contains("has no list"));
    }
}
