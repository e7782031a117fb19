//! Markdown as mdBook reads it, with the place of everything in the text.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, Options, Parser};

/// What the parser reports, in order, each with its bytes in the text.
pub(crate) type Events<'a> = Vec<(Event<'a>, Range<usize>)>;

/// Parses `text`. Also gives the links by names that the text does not define, which Markdown itself takes for plain text: each
/// name, and where the link begins.
pub(crate) fn events(text: &str) -> (Events<'_>, Vec<(String, usize)>) {
    let mut undefined = Vec::new();
    let mut note = |link: BrokenLink<'_>| {
        undefined.push((link.reference.to_string(), link.span.start));
        None
    };
    let parser = Parser::new_with_broken_link_callback(text, options(), Some(&mut note));
    let events = parser.into_offset_iter().collect();
    (events, undefined)
}

/// Where each definition of a link's name stands, with what it leads to.
pub(crate) fn definitions(text: &str) -> Vec<(Range<usize>, String)> {
    let parser = Parser::new_ext(text, options());
    let definitions = parser.reference_definitions().iter();
    let found = definitions.map(|(_, found)| (found.span.clone(), found.dest.to_string()));
    found.collect()
}

/// mdBook's options but for its typographic quotes: a check compares what is written.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}
