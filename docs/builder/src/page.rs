//! A chapter with everything that it includes, each line of which still knows where it was written.

use std::ops::Range;

use crate::{
    finding::{Finding, Place},
    include::Directive,
    markdown::{self, Events, Lines, Undefined},
    repository::Repository,
    summary::Entry,
};

/// One chapter.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) entry: Entry,
    /// The chapter's Markdown, with the included lines in place of the directives.
    pub(crate) text: String,
    pub(crate) includes: Vec<Include>,
    lines: Lines,
    /// Where each line of `text` was written.
    origins: Vec<Place>,
}

/// One include directive of a chapter, and what became of it. Of one that is broken nothing is left but its place.
#[derive(Debug, Clone)]
pub(crate) struct Include {
    pub(crate) directive: Directive,
    /// Where the directive is written.
    pub(crate) place: Place,
    /// The included lines' bytes in the page's text.
    pub(crate) range: Range<usize>,
    /// The number of the first included line in its file.
    pub(crate) first_line: usize,
}

/// Includes lie in one another only where Markdown is included; this deep is enough for any.
const DEEPEST: usize = 4;

impl Page {
    /// Reads a chapter and what it includes. What cannot be included is found, and left out.
    pub(crate) fn read(repository: &Repository, entry: &Entry) -> (Self, Vec<Finding>) {
        let mut reader = Reader {
            repository,
            text: String::new(),
            origins: Vec::new(),
            includes: Vec::new(),
            findings: Vec::new(),
        };
        let path = entry.path();
        match repository.read(&path) {
            Ok(text) => {
                let lines = (1..).zip(text.lines());
                reader.add(
                    lines
                        .map(|(number, line)| (number, line.to_owned()))
                        .collect(),
                    &path,
                    0,
                );
            }
            Err(error) => reader
                .findings
                .push(Place::new(path, 0).finding(error.to_string())),
        }
        let page = Self {
            entry: entry.clone(),
            lines: Lines::of(&reader.text),
            text: reader.text,
            includes: reader.includes,
            origins: reader.origins,
        };
        (page, reader.findings)
    }

    /// The chapter's Markdown, parsed, and the links in it whose names are not defined.
    pub(crate) fn events(&self) -> (Events<'_>, Vec<Undefined>) {
        markdown::events(&self.text)
    }

    /// Where the byte `at` of the text was written.
    pub(crate) fn place(&self, at: usize) -> Place {
        let index = self.lines.number(at).min(self.origins.len());
        match index.checked_sub(1) {
            Some(index) => self.origins[index].clone(),
            None => Place::new(self.entry.path(), 1),
        }
    }

    /// A finding about the byte `at` of the text.
    pub(crate) fn finding(&self, at: usize, message: impl Into<String>) -> Finding {
        self.place(at).finding(message)
    }

    /// The include that is all there is between these bytes; none if there is other text or no include.
    pub(crate) fn include_at(&self, range: &Range<usize>) -> Option<&Include> {
        let is_all = |include: &&Include| {
            let before = self.text.get(range.start..include.range.start);
            let after = self.text.get(include.range.end..range.end);
            let is_blank = |text: Option<&str>| text.is_some_and(|text| text.trim().is_empty());
            is_blank(before) && is_blank(after)
        };
        self.includes.iter().find(is_all)
    }
}

struct Reader<'a> {
    repository: &'a Repository,
    text: String,
    origins: Vec<Place>,
    includes: Vec<Include>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn add(&mut self, lines: Vec<(usize, String)>, path: &str, depth: usize) {
        for (number, line) in lines {
            let place = Place::new(path, number);
            match Directive::parse(&line, path) {
                None => self.push(&line, place),
                Some(Err(message)) => self.findings.push(place.finding(message)),
                Some(Ok(_)) if depth == DEEPEST => {
                    let message = "includes lie too deep in one another; does one include itself?";
                    self.findings.push(place.finding(message));
                }
                Some(Ok(directive)) => {
                    let indent = line.len() - line.trim_start().len();
                    self.include(directive, place, &line[..indent], depth);
                }
            }
        }
    }

    fn include(&mut self, directive: Directive, place: Place, indent: &str, depth: usize) {
        let lines = directive.lines(self.repository).unwrap_or_else(|message| {
            self.findings.push(place.clone().finding(message));
            Vec::new()
        });
        let start = self.text.len();
        let first_line = lines.first().map_or(1, |line| line.number);
        // A directive inside a list stands for lines inside that list.
        let numbered = lines.into_iter().map(|line| {
            let indent = if line.text.is_empty() { "" } else { indent };
            (line.number, format!("{indent}{}", line.text))
        });
        let path = directive.path.clone();
        if path.ends_with(".md") {
            self.add(numbered.collect(), &path, depth + 1);
        } else if path.ends_with(".svg") && numbered.len() > 0 {
            // A blank line would end the HTML in the middle of the drawing.
            let lines: Vec<_> = numbered
                .filter(|(_, line)| !line.trim().is_empty())
                .collect();
            self.draw(&lines, &path, &place);
        } else {
            for (number, line) in numbered {
                self.push(&line, Place::new(&path, number));
            }
        }
        self.includes.push(Include {
            directive,
            place,
            range: start..self.text.len(),
            first_line,
        });
    }

    /// Adds a drawing, as a figure if it stands alone and not inside HTML of the chapter's own.
    fn draw(&mut self, lines: &[(usize, String)], path: &str, place: &Place) {
        let stands_alone = self.text.is_empty() || self.text.ends_with("\n\n");
        if stands_alone {
            self.push("<figure class=\"diagram\">", place.clone());
        }
        for (number, line) in lines {
            self.push(line, Place::new(path, *number));
        }
        if stands_alone {
            self.push("</figure>", place.clone());
            self.push("", place.clone());
        }
    }

    fn push(&mut self, line: &str, place: Place) {
        self.text += line;
        self.text.push('\n');
        self.origins.push(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{chapter, messages};

    #[test]
    fn a_place_is_where_the_line_was_written_in_the_chapter_or_in_what_it_includes() {
        let files = [("docs/src/part.md", "one\n\ntwo [x](gone.md)\n")];
        let (page, findings) = chapter("# A\n\n{{#include part.md}}\n\nend\n", &files);
        assert_eq!(messages(&findings), [""; 0]);
        let place = |word: &str| page.place(page.text.find(word).unwrap());
        assert_eq!(place("# A"), Place::new("docs/src/a.md", 1));
        assert_eq!(place("gone"), Place::new("docs/src/part.md", 3));
        assert_eq!(place("end"), Place::new("docs/src/a.md", 5));
    }

    #[test]
    fn a_drawing_loses_its_blank_lines_and_is_a_figure() {
        let files = [(
            "docs/src/images/x.svg",
            "<svg>\n\n<title>X</title>\n</svg>\n",
        )];
        let (page, _) = chapter("{{#include images/x.svg}}\n# A\n", &files);
        let expected =
            "<figure class=\"diagram\">\n<svg>\n<title>X</title>\n</svg>\n</figure>\n\n# A\n";
        assert_eq!(page.text, expected);
        let (page, _) = chapter("<div>\n{{#include images/x.svg}}\n</div>\n", &files);
        assert_eq!(
            page.text,
            "<div>\n<svg>\n<title>X</title>\n</svg>\n</div>\n"
        );
    }

    #[test]
    fn a_broken_include_is_found_with_its_line() {
        let (_, findings) = chapter("# A\n\n{{#include gone.md}}\n", &[]);
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .to_string()
                .starts_with("docs/src/a.md:3: cannot include docs/src/gone.md: ")
        );
        let (_, findings) = chapter("{{#include a.md}}\n", &[]);
        assert!(
            messages(&findings)[0].contains("does one include itself?"),
            "{findings:?}"
        );
    }
}
