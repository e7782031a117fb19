//! A chapter with everything that it includes, each line of which still knows where it was written.

use std::ops::Range;

use crate::{
    finding::{Finding, Place},
    include::Directive,
    markdown::{self, Events, Lines, Undefined},
    repository::{CHAPTERS, Repository},
};

/// One chapter.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its title in the summary.
    pub(crate) title: String,
    /// Its file, as seen from `docs/src`.
    pub(crate) file: String,
    /// The chapter's Markdown, with the included lines in place of the directives.
    pub(crate) text: String,
    pub(crate) includes: Vec<Include>,
    lines: Lines,
    /// Where each line of `text` was written.
    origins: Vec<Place>,
}

/// One include directive of a chapter, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Include {
    pub(crate) directive: Directive,
    /// The included lines' bytes in the page's text.
    pub(crate) range: Range<usize>,
    /// The number of the first included line in its file.
    pub(crate) first_line: usize,
}

/// Includes lie in one another only where Markdown is included; this deep is enough for any.
const DEEPEST: usize = 4;

impl Page {
    /// Reads a chapter and what it includes. What cannot be included is found, and left out.
    pub(crate) fn read(repository: &Repository, title: &str, file: &str) -> (Self, Vec<Finding>) {
        let mut reader = Reader {
            repository,
            text: String::new(),
            origins: Vec::new(),
            includes: Vec::new(),
            findings: Vec::new(),
        };
        let path = format!("{CHAPTERS}/{file}");
        match repository.read(&path) {
            Ok(text) => {
                let lines = (1..).zip(text.lines().map(str::to_owned));
                reader.add(lines.collect(), &path, 0);
            }
            Err(error) => {
                let finding = Place::new(path, 0).finding(error.to_string());
                reader.findings.push(finding);
            }
        }
        let page = Self {
            title: title.to_owned(),
            file: file.to_owned(),
            lines: Lines::of(&reader.text),
            text: reader.text,
            includes: reader.includes,
            origins: reader.origins,
        };
        (page, reader.findings)
    }

    /// The chapter's file, as seen from the repository's root.
    pub(crate) fn path(&self) -> String {
        format!("{CHAPTERS}/{}", self.file)
    }

    /// The chapter's page in the built book.
    pub(crate) fn html(&self) -> String {
        self.file.replace(".md", ".html")
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
            None => Place::new(self.path(), 1),
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
    use crate::repository::tests::repository;

    /// The chapter `a.md` in a repository with this other file.
    fn chapter(text: &str, path: &str, other: &str) -> (Page, Vec<Finding>) {
        let (_folder, repository) = repository(&[("docs/src/a.md", text), (path, other)]);
        Page::read(&repository, "A", "a.md")
    }

    #[test]
    fn a_place_is_where_the_line_was_written_in_the_chapter_or_in_what_it_includes() {
        let text = "# A\n\n{{#include part.md}}\n\nend\n";
        let (page, findings) = chapter(text, "docs/src/part.md", "one\n\ntwo [x](gone.md)\n");
        assert_eq!(findings, []);
        let place = |word: &str| page.place(page.text.find(word).unwrap());
        assert_eq!(place("# A"), Place::new("docs/src/a.md", 1));
        assert_eq!(place("gone"), Place::new("docs/src/part.md", 3));
        assert_eq!(place("end"), Place::new("docs/src/a.md", 5));
    }

    #[test]
    fn a_drawing_loses_its_blank_lines_and_is_a_figure_where_it_stands_alone() {
        let path = "docs/src/images/x.svg";
        let drawn = |text| {
            chapter(text, path, "<svg>\n\n<title>X</title>\n</svg>\n")
                .0
                .text
        };
        let svg = "<svg>\n<title>X</title>\n</svg>\n";
        assert_eq!(
            drawn("{{#include images/x.svg}}\n# A\n"),
            format!("<figure class=\"diagram\">\n{svg}</figure>\n\n# A\n")
        );
        assert_eq!(
            drawn("<div>\n{{#include images/x.svg}}\n</div>\n"),
            format!("<div>\n{svg}</div>\n")
        );
    }
}
