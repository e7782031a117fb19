//! The outline that the chapters of tutorials share: title, goal, what it needs, and six sections in one order. Others need a title alone.

use pulldown_cmark::HeadingLevel;

use crate::{
    finding::Finding,
    outline::{self, Block, Heading},
    page::Page,
};

/// The sections of a tutorial's chapter.
const SECTIONS: [&str; 6] = [
    "Run it",
    "What you see",
    "The code",
    "Why",
    "With eight workers",
    "When to use it, and when not",
];

pub(super) fn check(page: &Page, is_tutorial: bool) -> Vec<Finding> {
    let (events, _) = page.events();
    let blocks = outline::blocks(&events);
    let headings = outline::headings(&blocks);
    // A chapter that begins like a tutorial's goes on like one.
    let is_tutorial = is_tutorial || headings.iter().any(|heading| heading.title == SECTIONS[0]);
    let mut findings = opening(page, &blocks, &headings, is_tutorial);
    findings.extend(second_title(page, &headings));
    findings.extend(sections(page, &headings).filter(|_| is_tutorial));
    findings
}

/// The title; for a tutorial, the goal and what is needed too.
fn opening(
    page: &Page,
    blocks: &[Block<'_, '_>],
    headings: &[Heading],
    is_tutorial: bool,
) -> Vec<Finding> {
    let title = &page.title;
    let is_title = |block: &Block<'_, '_>| {
        headings.first().is_some_and(|heading| {
            heading.range == block.range
                && heading.level == HeadingLevel::H1
                && heading.title == *title
        })
    };
    let is_need =
        |block: &Block<'_, '_>| block.is_paragraph() && block.text().starts_with("You need");
    let expected = [
        (
            blocks.first().is_some_and(is_title),
            format!("the chapter begins with `# {title}`, its title in the contents"),
        ),
        (
            blocks.get(1).is_some_and(Block::is_bold),
            "below the title stands the goal: one sentence, all of it bold".to_owned(),
        ),
        (
            blocks.get(2).is_some_and(is_need),
            "below the goal stands a paragraph that begins with `You need`".to_owned(),
        ),
    ];
    let finding = |(index, (holds, message)): (usize, (bool, String))| {
        let at = blocks
            .get(index)
            .map_or(page.text.len(), |block| block.range.start);
        (!holds).then(|| page.finding(at, message))
    };
    let count = if is_tutorial { expected.len() } else { 1 };
    let expected = expected.into_iter().take(count).enumerate();
    expected.filter_map(finding).collect()
}

fn second_title(page: &Page, headings: &[Heading]) -> Option<Finding> {
    let second = outline::of_level(headings, HeadingLevel::H1).nth(1)?;
    Some(page.finding(second.range.start, "a second title; write `##` or `###`"))
}

/// The first section that is not the one that belongs there.
fn sections(page: &Page, headings: &[Heading]) -> Option<Finding> {
    let found: Vec<_> = outline::of_level(headings, HeadingLevel::H2).collect();
    let title = |at: usize| found.get(at).map(|heading| heading.title.as_str());
    let wrong =
        (0..SECTIONS.len().max(found.len())).find(|at| title(*at) != SECTIONS.get(*at).copied())?;
    let at = found
        .get(wrong)
        .map_or(page.text.len().saturating_sub(1), |heading| {
            heading.range.start
        });
    let name =
        |title: Option<&str>| title.map_or("nothing".to_owned(), |title| format!("`## {title}`"));
    let message = format!(
        "expected {}, found {}; a tutorial's chapter has the sections {}, and `###` below them",
        name(SECTIONS.get(wrong).copied()),
        name(title(wrong)),
        SECTIONS.join(", ")
    );
    Some(page.finding(at, message))
}
