//! Links and images of a chapter, and where they lead in the built book.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::{
    outline,
    repository::{self, CHAPTERS},
};

/// A link or an image as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) destination: String,
    pub(crate) range: Range<usize>,
    /// The words for those who do not see the image; none if it is a link.
    pub(crate) alternative: Option<String>,
}

/// The file of the repository that a link names, and what it names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) path: String,
    pub(crate) fragment: Option<String>,
}

/// The links and images of a text, in their order.
pub(crate) fn links(events: &[(Event<'_>, Range<usize>)]) -> Vec<Link> {
    let mut links = Vec::new();
    for (index, (event, range)) in events.iter().enumerate() {
        let (destination, alternative) = match event {
            Event::Start(Tag::Link { dest_url, .. }) => (dest_url, None),
            Event::Start(Tag::Image { dest_url, .. }) => {
                let mut inside = events[index..].iter();
                let end = inside.position(|(event, _)| *event == Event::End(TagEnd::Image));
                let words = outline::text(&events[index..index + end.unwrap_or(0)]);
                (dest_url, Some(words))
            }
            _ => continue,
        };
        links.push(Link {
            destination: destination.to_string(),
            range: range.clone(),
            alternative,
        });
    }
    links
}

impl Target {
    /// Follows a link of the file `from`; none if it leads to another host, inside its own page, or out of the repository.
    pub(crate) fn of(from: &str, destination: &str) -> Option<Self> {
        let (path, fragment) = match destination.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment.to_owned())),
            None => (destination, None),
        };
        if path.is_empty() || path.contains(':') {
            return None;
        }
        let path = repository::resolve(from, path)?;
        Some(Self { path, fragment })
    }

    /// Whether the book shows the file in a source page, as everything that is not below its own folder.
    pub(crate) fn is_source(&self) -> bool {
        !self.path.starts_with(CHAPTERS)
    }

    /// Where the file is in the book: chapters and pictures where they were, all others below `source`.
    pub(crate) fn address(&self) -> String {
        let own = self.path.strip_prefix(CHAPTERS);
        let page = match own.map(|path| path.trim_start_matches('/')) {
            Some(path) => path.replace(".md", ".html"),
            None => source_page(&self.path),
        };
        match &self.fragment {
            Some(fragment) => format!("{page}#{fragment}"),
            None => page,
        }
    }
}

/// The page, inside the book, that shows a file of the repository.
pub(crate) fn source_page(path: &str) -> String {
    // mdBook takes `.md` out of every address, also in the middle.
    format!("source/{}.html", path.trim_end_matches(".md"))
}
