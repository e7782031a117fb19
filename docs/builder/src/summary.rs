//! The list of chapters in `SUMMARY.md`, with the line of each.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::{
    finding::{Finding, Place},
    markdown,
    repository::{CHAPTERS, Repository},
};

/// The file that lists the chapters.
pub(crate) const SUMMARY: &str = "docs/src/SUMMARY.md";

/// One line of the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) title: String,
    /// The chapter's file, as seen from `docs/src`.
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// The chapters in their order, and those that are listed and missing.
pub(crate) fn entries(repository: &Repository) -> (Vec<Entry>, Vec<Finding>) {
    let text = match repository.read(SUMMARY) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("{error}; it lists the chapters");
            return (Vec::new(), vec![Place::new(SUMMARY, 0).finding(message)]);
        }
    };
    let (there, missing): (Vec<_>, Vec<_>) = parse(&text)
        .into_iter()
        .partition(|entry| repository.is_file(&entry.path()));
    let findings = missing.into_iter().map(|entry| {
        let path = entry.path();
        let message = format!("the chapter {path} is missing; write it, or take this line out");
        Place::new(SUMMARY, entry.line).finding(message)
    });
    (there, findings.collect())
}

impl Entry {
    /// The chapter's file, as seen from the repository's root.
    pub(crate) fn path(&self) -> String {
        format!("{CHAPTERS}/{}", self.file)
    }
}

fn parse(text: &str) -> Vec<Entry> {
    let lines = markdown::Lines::of(text);
    let mut entries = Vec::new();
    let mut open: Option<Entry> = None;
    for (event, range) in markdown::events(text).0 {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                open = Some(Entry {
                    title: String::new(),
                    file: dest_url.into_string(),
                    line: lines.number(range.start),
                });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(entry) = &mut open {
                    entry.title += &text;
                }
            }
            Event::End(TagEnd::Link) => entries.extend(open.take()),
            _ => {}
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chapter_has_its_title_its_file_and_its_line() {
        let entries = parse("# Summary\n\n- [The `first`](first.md)\n  - [Second](second.md)\n");
        let expected = [
            Entry {
                title: "The first".into(),
                file: "first.md".into(),
                line: 3,
            },
            Entry {
                title: "Second".into(),
                file: "second.md".into(),
                line: 4,
            },
        ];
        assert_eq!(entries, expected);
    }

    #[test]
    fn a_chapter_that_is_listed_and_missing_is_found_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::new(folder.path());
        std::fs::create_dir_all(repository.path(CHAPTERS)).unwrap();
        std::fs::write(repository.path(SUMMARY), "# Summary\n\n- [Gone](gone.md)\n").unwrap();
        let (entries, findings) = entries(&repository);
        assert_eq!(entries, []);
        assert_eq!(
            findings[0].to_string(),
            "docs/src/SUMMARY.md:3: the chapter docs/src/gone.md is missing; write it, or take this line out"
        );
    }
}
