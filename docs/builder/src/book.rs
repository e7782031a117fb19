//! Everything that is read before the book is built.

use crate::{
    finding::Finding,
    page::Page,
    registry::{self, Tutorial},
    repository::Repository,
    summary,
    transcript::{self, Transcript},
};

/// The chapters in their order, and what they are made of.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) repository: Repository,
    pub(crate) pages: Vec<Page>,
    pub(crate) transcripts: Vec<Transcript>,
    pub(crate) tutorials: Vec<Tutorial>,
    /// Whether every chapter of the summary is there: without one mdBook cannot build the others.
    pub(crate) is_whole: bool,
}

impl Book {
    /// Reads it, and finds what is missing.
    pub(crate) fn read(repository: &Repository) -> (Self, Vec<Finding>) {
        let (entries, mut findings) = summary::entries(repository);
        let is_whole = findings.is_empty() && !entries.is_empty();
        let mut pages = Vec::new();
        for entry in &entries {
            let (page, wrong) = Page::read(repository, entry);
            pages.push(page);
            findings.extend(wrong);
        }
        let (tutorials, wrong) = registry::tutorials(repository);
        findings.extend(wrong);
        let book = Self {
            repository: repository.clone(),
            pages,
            transcripts: transcript::transcripts(repository),
            tutorials,
            is_whole,
        };
        (book, findings)
    }

    /// The tutorial that a chapter is about, if it is about one.
    pub(crate) fn tutorial(&self, page: &Page) -> Option<&Tutorial> {
        let mut tutorials = self.tutorials.iter();
        tutorials.find(|tutorial| tutorial.entry.chapter == page.entry.file)
    }
}
