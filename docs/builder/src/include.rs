//! `{{#include …}}`: what a chapter shows of other files.

use crate::{
    anchors,
    repository::{self, Repository},
};

/// What stands between the braces: a file, and one of its anchors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directive {
    /// As seen from the repository's root.
    pub(crate) path: String,
    pub(crate) anchor: Option<String>,
}

/// A line of an included file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncludedLine {
    /// In the file that it comes from, counted from 1.
    pub(crate) number: usize,
    pub(crate) text: String,
}

impl Directive {
    /// Reads a line that is an include directive; none if it is something else. `Err` says what is wrong with the directive.
    pub(crate) fn parse(line: &str, from: &str) -> Option<Result<Self, String>> {
        let line = line.trim();
        if !line.contains("{{#") {
            return None;
        }
        let inside = line
            .strip_prefix("{{#include ")
            .and_then(|rest| rest.strip_suffix("}}"))
            .filter(|inside| !inside.contains("{{#"));
        let Some(inside) = inside else {
            let message = "only `{{#include path}}` or `{{#include path:anchor}}` is known here, alone on its line";
            return Some(Err(message.to_owned()));
        };
        let (path, anchor) = match inside.trim().split_once(':') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (inside.trim(), None),
        };
        Some(match repository::resolve(from, path) {
            Some(path) => Ok(Self { path, anchor }),
            None => Err(format!(
                "`{path}` leads out of the repository; include a file of it"
            )),
        })
    }

    /// The lines that the directive stands for, without those that are about anchors.
    pub(crate) fn lines(&self, repository: &Repository) -> Result<Vec<IncludedLine>, String> {
        let path = &self.path;
        let text = repository.read(path).map_err(|error| {
            format!("cannot include {path}: {error}; correct the path or write the file")
        })?;
        let (first, last) = match &self.anchor {
            None => (1, usize::MAX),
            Some(name) => {
                let (anchors, _) = anchors::anchors(path, &text);
                let Some(anchor) = anchors.iter().find(|anchor| anchor.name == *name) else {
                    return Err(no_such_anchor(path, name, &anchors));
                };
                (anchor.opened, anchor.closed)
            }
        };
        let mut lines: Vec<_> = (1..)
            .zip(text.lines())
            .filter(|(number, line)| {
                (first..=last).contains(number) && !anchors::is_mark(path, line)
            })
            .map(|(number, text)| IncludedLine {
                number,
                text: text.to_owned(),
            })
            .collect();
        let is_blank = |line: &IncludedLine| line.text.trim().is_empty();
        if lines.iter().all(is_blank) {
            return Err(match &self.anchor {
                Some(name) => format!(
                    "the anchor `{name}` in {path} is empty; move its comments around what it shows"
                ),
                None => format!("{path} is empty; there is nothing to include"),
            });
        }
        while lines.last().is_some_and(is_blank) {
            lines.pop();
        }
        let blank = lines.iter().take_while(|line| is_blank(line)).count();
        lines.drain(..blank);
        if self.anchor.is_some() {
            move_to_the_margin(&mut lines);
        }
        Ok(lines)
    }
}

/// Takes away the spaces with which all lines begin: a part of a function stands further in than its chapter has room for.
fn move_to_the_margin(lines: &mut [IncludedLine]) {
    let spaces = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let is_text = |line: &&IncludedLine| !line.text.trim().is_empty();
    let texts = lines.iter().filter(is_text);
    let common = texts.map(|line| spaces(&line.text)).min().unwrap_or(0);
    for line in lines {
        let taken = common.min(spaces(&line.text));
        line.text.drain(..taken);
    }
}

fn no_such_anchor(path: &str, name: &str, anchors: &[anchors::Anchor]) -> String {
    let names: Vec<_> = anchors
        .iter()
        .map(|anchor| format!("`{}`", anchor.name))
        .collect();
    let there = match names.as_slice() {
        [] => "it has none".to_owned(),
        names => format!("it has {}", names.join(", ")),
    };
    format!("{path} has no anchor `{name}`; {there}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::tests::repository;

    fn lines(text: &str, anchor: &str) -> Vec<(usize, String)> {
        let (_folder, repository) = repository(&[("l.rs", text)]);
        let directive = format!("{{{{#include ../../l.rs:{anchor}}}}}");
        let directive = Directive::parse(&directive, "docs/src/a.md").unwrap();
        let lines = directive.unwrap().lines(&repository).unwrap().into_iter();
        lines.map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn an_anchor_stands_for_its_lines_without_the_comments_about_anchors() {
        let text = "a\n// ANCHOR: x\n\nb\n// ANCHOR: y\nc\n// ANCHOR_END: y\n// ANCHOR_END: x\nd\n";
        let found = lines(text, "x");
        assert_eq!(found, [(4, "b".to_owned()), (6, "c".to_owned())]);
    }

    #[test]
    fn a_part_that_stands_further_in_is_moved_to_the_margin() {
        let text = "fn a() {\n    // ANCHOR: x\n    b\n\n        .c\n    // ANCHOR_END: x\n}\n";
        let found = lines(text, "x").into_iter().map(|(_, text)| text);
        assert_eq!(found.collect::<Vec<_>>(), ["b", "", "    .c"]);
    }
}
