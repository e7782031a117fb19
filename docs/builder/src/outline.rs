//! The headings of a chapter, and its blocks: paragraphs, lists and whatever else stands at the outermost level.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::markdown::Events;

/// A heading outside of lists and quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) level: HeadingLevel,
    pub(crate) title: String,
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
}

/// Something at the outermost level, with what the parser reports of it.
#[derive(Debug)]
pub(crate) struct Block<'e, 'a> {
    pub(crate) events: &'e [(Event<'a>, Range<usize>)],
    pub(crate) range: Range<usize>,
}

/// The outermost blocks in their order.
pub(crate) fn blocks<'e, 'a>(events: &'e Events<'a>) -> Vec<Block<'e, 'a>> {
    let mut blocks = Vec::new();
    let (mut depth, mut first) = (0, 0);
    for (index, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let start = events[first].1.start;
            blocks.push(Block {
                events: &events[first..=index],
                range: start..range.end,
            });
            first = index + 1;
        }
    }
    blocks
}

/// The headings among the blocks.
pub(crate) fn headings(blocks: &[Block<'_, '_>]) -> Vec<Heading> {
    let heading = |block: &Block<'_, '_>| match block.events.first() {
        Some((Event::Start(Tag::Heading { level, .. }), _)) => Some(Heading {
            level: *level,
            title: block.text(),
            range: block.range.clone(),
        }),
        _ => None,
    };
    blocks.iter().filter_map(heading).collect()
}

pub(crate) fn of_level(
    headings: &[Heading],
    level: HeadingLevel,
) -> impl Iterator<Item = &Heading> {
    headings
        .iter()
        .filter(move |heading| heading.level == level)
}

/// The bytes between the heading `title` of level 2 and the next one of its level.
pub(crate) fn section(headings: &[Heading], title: &str, end: usize) -> Option<Range<usize>> {
    let sections: Vec<_> = of_level(headings, HeadingLevel::H2).collect();
    let at = sections.iter().position(|heading| heading.title == title)?;
    let next = sections.get(at + 1).map_or(end, |next| next.range.start);
    Some(sections[at].range.end..next)
}

impl Block<'_, '_> {
    pub(crate) fn is_paragraph(&self) -> bool {
        matches!(self.events.first(), Some((Event::Start(Tag::Paragraph), _)))
    }

    /// Whether it is a paragraph of nothing but bold text.
    pub(crate) fn is_bold(&self) -> bool {
        let is_end = |(event, _): &&(Event<'_>, _)| *event == Event::End(TagEnd::Strong);
        let [_, first, .., last, _] = self.events else {
            return false;
        };
        let ends = self.events.iter().filter(is_end).count();
        self.is_paragraph() && first.0 == Event::Start(Tag::Strong) && is_end(&last) && ends == 1
    }

    /// Its words, without marks.
    pub(crate) fn text(&self) -> String {
        text(self.events)
    }
}

/// The words of these events.
pub(crate) fn text(events: &[(Event<'_>, Range<usize>)]) -> String {
    let mut words = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => words += text,
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}
