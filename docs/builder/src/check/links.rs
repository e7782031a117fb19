//! Links and images: each leads somewhere, inside the repository, without asking another host.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::{
    book::Book,
    finding::Finding,
    outline,
    page::Page,
    repository::{self, CHAPTERS, Repository},
    rust,
};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Another host, or the tutorial that runs on this one.
    Elsewhere,
    /// A chapter, by its file as seen from `docs/src`.
    Chapter {
        file: String,
        fragment: Option<String>,
    },
    /// A file that mdBook copies into the book.
    Copied(String),
    /// A file of the repository that gets a source page.
    Source {
        path: String,
        function: Option<String>,
    },
}

/// A link or an image as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) destination: String,
    pub(crate) range: Range<usize>,
    /// The words for those who do not see the image; none if it is a link.
    pub(crate) alternative: Option<String>,
}

/// Where the screenshots are, each with its dark twin and its text.
pub(crate) const SCREENS: &str = "docs/src/screens/";

/// Addresses of this machine, where the reader's own tutorial runs.
const OWN: [&str; 2] = ["http://127.0.0.1", "http://localhost"];

pub(super) fn check(page: &Page, book: &Book) -> Vec<Finding> {
    let (events, undefined) = page.events();
    let mut findings: Vec<_> = undefined
        .iter()
        .map(|link| {
            let message = format!(
                "`[{0}]` is defined nowhere; add `[{0}]: …`, or write it as code",
                link.name
            );
            page.finding(link.at, message)
        })
        .collect();
    for link in links(&events) {
        let at = link.range.start;
        match target(&book.repository, page, &link.destination) {
            Err(message) => findings.push(page.finding(at, message)),
            Ok(target) => {
                let wrong = wrong_chapter(&target, book)
                    .or_else(|| wrong_image(&link, &target, &book.repository));
                findings.extend(wrong.map(|message| page.finding(at, message)));
            }
        }
    }
    findings.extend(raw(page, &events));
    findings
}

/// The links and images of a text, in their order.
pub(crate) fn links(events: &[(Event<'_>, Range<usize>)]) -> Vec<Link> {
    let mut links = Vec::new();
    for (index, (event, range)) in events.iter().enumerate() {
        let (destination, alternative) = match event {
            Event::Start(Tag::Link { dest_url, .. }) => (dest_url, None),
            Event::Start(Tag::Image { dest_url, .. }) => {
                let inside = &events[index..];
                let end = inside
                    .iter()
                    .position(|(event, _)| matches!(event, Event::End(TagEnd::Image)));
                let words = outline::text(&inside[..end.unwrap_or(0)]);
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

/// Follows a link of a chapter. `Err` says why it leads nowhere.
pub(crate) fn target(
    repository: &Repository,
    page: &Page,
    destination: &str,
) -> Result<Target, String> {
    if OWN.iter().any(|own| destination.starts_with(own)) || destination.starts_with("https://") {
        return Ok(Target::Elsewhere);
    }
    if destination.contains("://") || destination.starts_with("mailto:") {
        return Err(format!("`{destination}` is no `https://` address"));
    }
    let (path, fragment) = match destination.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment.to_owned())),
        None => (destination, None),
    };
    if path.is_empty() {
        let file = page.entry.file.clone();
        return Ok(Target::Chapter { file, fragment });
    }
    let Some(found) = repository::resolve(&page.entry.path(), path) else {
        return Err(format!("`{path}` leads out of the repository"));
    };
    if repository.path(&found).is_dir() {
        return Err(format!("`{path}` is a folder; link a file in it"));
    }
    if !repository.is_file(&found) {
        return Err(format!("`{path}` leads nowhere: there is no file {found}"));
    }
    let in_book = found
        .strip_prefix(CHAPTERS)
        .and_then(|rest| rest.strip_prefix('/'));
    match (in_book, fragment) {
        (Some(file), fragment) if file.ends_with(".md") => {
            let file = file.to_owned();
            Ok(Target::Chapter { file, fragment })
        }
        (Some(_), None) => Ok(Target::Copied(found)),
        (_, fragment) => source(repository, found, fragment),
    }
}

fn source(
    repository: &Repository,
    path: String,
    function: Option<String>,
) -> Result<Target, String> {
    let text = repository
        .read(&path)
        .map_err(|error| format!("{path} cannot be shown as text: {error}"))?;
    if let Some(name) = &function {
        if !path.ends_with(".rs") {
            return Err(format!(
                "`#{name}` names a part of {path}, and only Rust functions can be named so; link the file"
            ));
        }
        if !rust::functions(&text)
            .iter()
            .any(|function| function.name == *name)
        {
            return Err(format!("{path} has no function `{name}`; was it renamed?"));
        }
    }
    Ok(Target::Source { path, function })
}

fn wrong_chapter(target: &Target, book: &Book) -> Option<String> {
    let Target::Chapter { file, .. } = target else {
        return None;
    };
    let listed = book.pages.iter().any(|page| page.entry.file == *file);
    (!listed).then(|| format!("`{file}` is not in SUMMARY.md, so that the book has no page for it"))
}

fn wrong_image(link: &Link, target: &Target, repository: &Repository) -> Option<String> {
    let words = link.alternative.as_deref()?;
    if words.trim().is_empty() {
        return Some(
            "an image without words for those who do not see it; write them between the brackets"
                .to_owned(),
        );
    }
    let Target::Copied(path) = target else {
        return Some(format!(
            "`{}` is not in {CHAPTERS}, and so is not copied into the book",
            link.destination
        ));
    };
    let name = path.strip_prefix(SCREENS)?.strip_suffix(".png")?;
    let twins = [
        format!("{SCREENS}{name}-dark.png"),
        format!("{SCREENS}{name}.txt"),
    ];
    let missing = twins.iter().find(|twin| !repository.is_file(twin))?;
    Some(format!(
        "the screenshot has no {missing}; `cargo xtask docs --bless` takes it"
    ))
}

/// Links and images in HTML, which nothing follows.
fn raw(page: &Page, events: &[(Event<'_>, Range<usize>)]) -> Vec<Finding> {
    const TAGS: [&str; 6] = ["<a ", "<img", "<iframe", "<script", "<link", "<style"];
    let is_drawing = |at: usize| {
        let mut drawings = page
            .includes
            .iter()
            .filter(|include| include.directive.path.ends_with(".svg"));
        drawings.any(|include| include.range.contains(&at))
    };
    let mut findings = Vec::new();
    for (event, range) in events {
        if let Event::Html(html) | Event::InlineHtml(html) = event
            && !is_drawing(range.start)
            && let Some(tag) = TAGS.iter().find(|tag| html.contains(**tag))
        {
            let message = format!(
                "`{}…` as HTML is followed by no check; write it as Markdown",
                tag.trim()
            );
            findings.push(page.finding(range.start, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{book, lines};

    const FILES: [(&str, &str); 5] = [
        ("docs/book.toml", ""),
        ("tests/a.rs", "#[test]\nfn it_holds() {}\n"),
        ("docs/src/screens/a.png", ""),
        ("docs/src/screens/b.png", ""),
        ("docs/src/images/one.svg", "<svg></svg>"),
    ];

    fn found(text: &str) -> Vec<(usize, String)> {
        let mut files = FILES.to_vec();
        files.extend([
            ("docs/src/screens/a-dark.png", ""),
            ("docs/src/screens/a.txt", ""),
        ]);
        let (_folder, book) = book(&[("a.md", text), ("b.md", "# B\n")], &files);
        lines(&check(&book.pages[0], &book))
    }

    #[test]
    fn what_leads_somewhere_is_in_order() {
        let text = "\
[b](b.md#why) [own](#here) [file](../../tests/a.rs) [test](../../tests/a.rs#it_holds)
<https://example.org> <http://127.0.0.1:8050/> [by name][n]
![A page](screens/a.png) ![A drawing](images/one.svg)

[n]: ../../tests/a.rs
";
        assert_eq!(found(text), []);
    }

    #[test]
    fn what_leads_nowhere_is_found_with_its_line() {
        let wrong = [
            ("[x](gone.md)", "there is no file docs/src/gone.md"),
            ("[x](../../tests)", "is a folder"),
            ("[x](../../../x.rs)", "leads out of the repository"),
            (
                "[x](../../tests/a.rs#it_breaks)",
                "has no function `it_breaks`",
            ),
            ("[x](../book.toml#build)", "only Rust functions"),
            ("[x](http://example.org)", "no `https://` address"),
            ("[x][y]", "`[y]` is defined nowhere"),
            ("![](screens/a.png)", "without words"),
            ("![b](screens/b.png)", "has no docs/src/screens/b-dark.png"),
            ("![b](../../tests/a.rs)", "not copied into the book"),
            ("<img src=x>", "as HTML is followed by no check"),
        ];
        for (text, message) in wrong {
            let found = found(&format!("# A\n\n{text}\n"));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, 3, "{text}");
            assert!(found[0].1.contains(message), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_chapter_that_the_summary_does_not_list_is_found() {
        let (_folder, book) = book(&[("a.md", "[x](part.md)\n")], &[("docs/src/part.md", "")]);
        let found = lines(&check(&book.pages[0], &book));
        assert!(found[0].1.contains("not in SUMMARY.md"), "{found:?}");
    }
}
