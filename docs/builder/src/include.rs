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

/// A line of an included file with its number there, counted from 1.
pub(crate) type Line = (usize, String);

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
    pub(crate) fn lines(&self, repository: &Repository) -> Result<Vec<Line>, String> {
        let path = &self.path;
        let text = repository.read(path).map_err(|error| {
            format!("cannot include {path}: {error}; correct the path or write the file")
        })?;
        let (first, last) = match &self.anchor {
            None => (1, usize::MAX),
            Some(name) => {
                let (anchors, _) = anchors::anchors(path, &text);
                let Some(anchor) = anchors.iter().find(|anchor| anchor.name == *name) else {
                    let names: Vec<_> = anchors.iter().map(|anchor| &anchor.name).collect();
                    return Err(format!("{path} has no anchor `{name}`; it has {names:?}"));
                };
                (anchor.opened, anchor.closed)
            }
        };
        let mut lines: Vec<_> = (1..)
            .zip(text.lines())
            .filter(|(number, line)| {
                (first..=last).contains(number) && !anchors::is_mark(path, line)
            })
            .map(|(number, text)| (number, text.to_owned()))
            .collect();
        let is_blank = |(_, text): &Line| text.trim().is_empty();
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
fn move_to_the_margin(lines: &mut [Line]) {
    let spaces = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let texts = lines.iter().filter(|(_, text)| !text.trim().is_empty());
    let common = texts.map(|(_, text)| spaces(text)).min().unwrap_or(0);
    for (_, text) in lines {
        text.drain(..common.min(spaces(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_stands_further_in_is_moved_to_the_margin() {
        let part = ["    b", "", "        .c", " "];
        let mut lines: Vec<Line> = (1..).zip(part.map(str::to_owned)).collect();
        move_to_the_margin(&mut lines);
        let texts: Vec<_> = lines.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["b", "", "    .c", ""]);
    }
}
