//! The bones that all chapters share: title, goal, what it needs, and six sections in one order.

use pulldown_cmark::HeadingLevel;

use crate::{finding::Finding, outline, page::Page};

/// The sections of every chapter.
pub(super) const SECTIONS: [&str; 6] = [
    "Run it",
    "What you see",
    "The code",
    "Why",
    "With eight workers",
    "When to use it, and when not",
];

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let (events, _) = page.events();
    let blocks = outline::blocks(&events);
    let headings = outline::headings(&blocks);
    let mut findings = opening(page, &blocks);
    let titles = headings
        .iter()
        .filter(|heading| heading.level == HeadingLevel::H1);
    findings.extend(titles.skip(1).map(|heading| {
        let message = "a second title; a chapter has one, and below it headings with `##`";
        page.finding(heading.range.start, message)
    }));
    findings.extend(sections(page, &headings));
    findings
}

/// The title, the goal and what is needed.
fn opening(page: &Page, blocks: &[outline::Block<'_, '_>]) -> Vec<Finding> {
    let title = &page.entry.title;
    let is_title = blocks.first().is_some_and(|block| {
        let headings = outline::headings(std::slice::from_ref(block));
        let heading = headings.first();
        heading.is_some_and(|heading| heading.level == HeadingLevel::H1 && heading.title == *title)
    });
    let is_goal = blocks.get(1).is_some_and(outline::Block::is_bold);
    let is_need = blocks
        .get(2)
        .is_some_and(|block| block.is_paragraph() && block.text().starts_with("You need"));
    let expected = [
        (is_title, format!("the chapter begins with `# {title}`, its title in SUMMARY.md")),
        (is_goal, "below the title stands the goal of the chapter: one sentence, all of it bold".to_owned()),
        (
            is_need,
            "below the goal stands what the chapter assumes: a paragraph that begins with `You need`".to_owned(),
        ),
    ];
    let missing = expected
        .into_iter()
        .enumerate()
        .filter(|(_, (holds, _))| !holds);
    let finding = |(index, (_, message))| {
        let at = blocks
            .get(index)
            .map_or(page.text.len(), |block: &outline::Block<'_, '_>| {
                block.range.start
            });
        page.finding(at, message)
    };
    missing.map(finding).collect()
}

fn sections(page: &Page, headings: &[outline::Heading]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut expected = SECTIONS.iter().peekable();
    for heading in headings
        .iter()
        .filter(|heading| heading.level == HeadingLevel::H2)
    {
        let title = heading.title.as_str();
        if expected.peek().is_some_and(|next| **next == title) {
            expected.next();
            continue;
        }
        let message = match expected.clone().position(|section| *section == title) {
            Some(missing) => {
                let names: Vec<_> = expected
                    .by_ref()
                    .take(missing)
                    .map(|name| format!("`## {name}`"))
                    .collect();
                expected.next();
                format!(
                    "{} must stand above `## {title}`; every chapter has the same sections",
                    names.join(" and ")
                )
            }
            None if SECTIONS.contains(&title) => {
                format!(
                    "`## {title}` is out of its place; the order is: {}",
                    SECTIONS.join(", ")
                )
            }
            None => format!(
                "`## {title}` is none of the sections that every chapter has ({}); use `###`",
                SECTIONS.join(", ")
            ),
        };
        findings.push(page.finding(heading.range.start, message));
    }
    let rest: Vec<_> = expected.map(|name| format!("`## {name}`")).collect();
    if !rest.is_empty() {
        let message = format!(
            "{} is missing at the end; every chapter has the same sections",
            rest.join(" and ")
        );
        findings.push(page.finding(page.text.len().saturating_sub(1), message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{chapter, lines};

    const WHOLE: &str = "\
# A

**You can do it.**

You need nothing.

## Run it

## What you see

## The code

## Why

### More

## With eight workers

## When to use it, and when not
";

    fn found(text: &str) -> Vec<(usize, String)> {
        lines(&check(&chapter(text, &[]).0))
    }

    #[test]
    fn a_whole_chapter_is_in_order() {
        assert_eq!(found(WHOLE), []);
    }

    #[test]
    fn another_title_a_plain_goal_and_no_needs_are_found() {
        let text = WHOLE
            .replace("# A\n", "# B\n")
            .replace("**You can do it.**", "You can do it.")
            .replace("You need nothing.", "Nothing.");
        let found = found(&text);
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 5]);
        assert!(found[0].1.contains("begins with `# A`"), "{found:?}");
    }

    #[test]
    fn a_section_that_is_missing_misplaced_or_unknown_is_found() {
        let found_in = |from: &str, to: &str| found(&WHOLE.replace(from, to));
        let missing = found_in("## Why\n", "");
        assert_eq!(missing[0].0, 16);
        assert!(
            missing[0]
                .1
                .starts_with("`## Why` must stand above `## With eight workers`"),
            "{missing:?}"
        );
        let unknown = found_in("### More", "## More");
        assert!(
            unknown[0]
                .1
                .starts_with("`## More` is none of the sections"),
            "{unknown:?}"
        );
        let misplaced = found_in("### More", "## Run it");
        assert!(misplaced[0].1.contains("out of its place"), "{misplaced:?}");
        let last = found_in("## When to use it, and when not\n", "");
        assert!(last[0].1.contains("is missing at the end"), "{last:?}");
    }
}
