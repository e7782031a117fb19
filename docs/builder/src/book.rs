//! Everything that is read before the book is built.

use mdbook_driver::book;
use xtask::registry::{Registry, Tutorial};

use crate::{page::Page, repository::Repository};

/// The chapters in their order, and what they are made of.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) repository: Repository,
    /// All files of the repository.
    pub(crate) files: Vec<String>,
    pub(crate) pages: Vec<Page>,
    pub(crate) registry: Registry,
}

impl Book {
    /// Reads the chapters that mdBook has found in the summary, with what they include.
    pub(crate) fn read(
        repository: &Repository,
        registry: Registry,
        summary: &book::Book,
    ) -> anyhow::Result<Self> {
        let chapters = summary.chapters();
        let pages = chapters.map(|chapter| {
            let file = chapter.path.clone().unwrap_or_default();
            Page::read(repository, &chapter.name, &file.to_string_lossy())
        });
        let pages = pages.collect();
        Ok(Self {
            repository: repository.clone(),
            files: repository.files()?,
            pages,
            registry,
        })
    }

    /// The tutorial that a chapter is about, if it is about one.
    pub(crate) fn tutorial(&self, page: &Page) -> Option<&Tutorial> {
        let mut tutorials = self.registry.tutorials.iter();
        tutorials.find(|tutorial| tutorial.entry.chapter == page.file)
    }

    /// The file, as seen from the repository's root, that shows an app of a tutorial.
    pub(crate) fn listing(&self, tutorial: &Tutorial, app: &xtask::registry::App) -> String {
        self.repository
            .relative(&tutorial.folder.join(&app.listing))
    }
}
