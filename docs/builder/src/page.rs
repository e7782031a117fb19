//! A chapter with everything that it includes, each line of which still knows where it was written.

use std::ops::Range;

use crate::{
    finding::{Finding, Place},
    include::{Directive, Line},
    markdown::{self, Events},
    repository::{CHAPTERS, Repository},
};

/// One chapter.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its title in the summary.
    pub(crate) title: String,
    /// Its file, as seen from `docs/src`.
    pub(crate) file: String,
    /// The chapter's Markdown, with the included lines in place of the directives.
    pub(crate) text: String,
    pub(crate) includes: Vec<Include>,
    /// What could not be included.
    pub(crate) findings: Vec<Finding>,
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
    /// Reads a chapter and what it includes.
    pub(crate) fn read(repository: &Repository, title: &str, file: &str) -> Self {
        let mut page = Self {
            title: title.to_owned(),
            file: file.to_owned(),
            ..Self::default()
        };
        let path = page.path();
        match repository.read(&path) {
            Ok(text) => {
                let lines = (1..).zip(text.lines().map(str::to_owned));
                page.add(repository, lines.collect(), &path, 0);
            }
            Err(error) => page
                .findings
                .push(Place::new(path, 0).finding(error.to_string())),
        }
        page
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
    pub(crate) fn events(&self) -> (Events<'_>, Vec<(String, usize)>) {
        markdown::events(&self.text)
    }

    /// Where the byte `at` of the text was written.
    pub(crate) fn place(&self, at: usize) -> Place {
        let line = self.text[..at].matches('\n').count();
        let origin = self.origins.get(line).or(self.origins.last());
        origin.map_or(Place::new(self.path(), 1), Place::clone)
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

    fn add(&mut self, repository: &Repository, lines: Vec<Line>, path: &str, depth: usize) {
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
                    let indent = &line[..line.len() - line.trim_start().len()];
                    self.include(repository, directive, place, indent, depth);
                }
            }
        }
    }

    fn include(
        &mut self,
        repository: &Repository,
        directive: Directive,
        place: Place,
        indent: &str,
        depth: usize,
    ) {
        let mut lines = directive.lines(repository).unwrap_or_else(|message| {
            self.findings.push(place.clone().finding(message));
            Vec::new()
        });
        // A directive inside a list stands for lines inside that list.
        for (_, text) in lines.iter_mut().filter(|(_, text)| !text.is_empty()) {
            text.insert_str(0, indent);
        }
        let start = self.text.len();
        let first_line = lines.first().map_or(1, |(number, _)| *number);
        let path = &directive.path;
        // A drawing is a figure if it stands alone and not inside HTML of the chapter's own.
        let is_drawing = path.ends_with(".svg") && !lines.is_empty();
        let is_figure = is_drawing && (self.text.is_empty() || self.text.ends_with("\n\n"));
        if is_drawing {
            // A blank line would end the HTML in the middle.
            lines.retain(|(_, line)| !line.trim().is_empty());
        }
        if is_figure {
            self.push("<figure class=\"diagram\">", place.clone());
        }
        if path.ends_with(".md") {
            self.add(repository, lines, path, depth + 1);
        } else {
            for (number, line) in lines {
                self.push(&line, Place::new(path, number));
            }
        }
        if is_figure {
            self.push("</figure>\n", place);
        }
        self.includes.push(Include {
            directive,
            range: start..self.text.len(),
            first_line,
        });
    }

    /// Adds text that was written at this place.
    fn push(&mut self, text: &str, place: Place) {
        self.text += text;
        self.text.push('\n');
        let lines = text.matches('\n').count() + 1;
        self.origins.extend(vec![place; lines]);
    }
}
