//! What is checked in the pages that mdBook has written, because only there it is known.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use super::links::{self, Target};
use crate::{
    book::Book,
    finding::{Finding, Place},
    html,
    page::Page,
    repository,
};

/// The ids and addresses of one page.
#[derive(Debug, Default)]
struct Built {
    ids: HashSet<String>,
    /// Tag, attribute and value.
    addresses: Vec<(String, String, String)>,
    text: String,
}

/// Everything that is wrong with the built pages in `folder`. What the chapters lack is missing in their pages too: those are looked
/// through only when `whole`, when nothing is wrong with the chapters themselves.
pub(crate) fn check(book: &Book, folder: &Path, whole: bool) -> Vec<Finding> {
    let pages = read(folder);
    let mut findings = Vec::new();
    for (number, page) in book.pages.iter().enumerate() {
        findings.extend(fragments(page, book, &pages));
        let file = html_file(&page.entry.file);
        let Some(built) = pages.get(&file) else {
            let message = "mdBook has written no page for this chapter";
            findings.push(Place::new(page.entry.path(), 0).finding(message));
            continue;
        };
        findings.extend(neighbours(number, page, book, built));
    }
    if whole && findings.is_empty() {
        let mut files: Vec<_> = pages.keys().collect();
        files.sort();
        for file in files {
            findings.extend(page_itself(file, &pages, folder));
        }
    }
    findings
}

fn html_file(chapter: &str) -> String {
    format!("{}.html", chapter.trim_end_matches(".md"))
}

/// All pages below `folder`, by their path from there.
fn read(folder: &Path) -> HashMap<String, Built> {
    let files = repository::Repository::new(folder).files_below(".");
    let mut pages = HashMap::new();
    for file in files.iter().filter_map(|file| file.strip_prefix("./")) {
        if file.ends_with(".html") {
            let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
            pages.insert(file.to_owned(), Built::of(text));
        }
    }
    pages
}

impl Built {
    fn of(text: String) -> Self {
        let mut built = Self::default();
        for attribute in html::attributes(&text) {
            let value = html::unescape(attribute.value);
            match attribute.name {
                "id" => drop(built.ids.insert(value)),
                "href" | "src" | "srcset" | "action" => {
                    let (tag, name) = (attribute.tag.to_owned(), attribute.name.to_owned());
                    built.addresses.push((tag, name, value));
                }
                _ => {}
            }
        }
        built.text = text;
        built
    }
}

/// The headings that links of the chapter name are there.
fn fragments(page: &Page, book: &Book, pages: &HashMap<String, Built>) -> Vec<Finding> {
    let (events, _) = page.events();
    let mut findings = Vec::new();
    for link in links::links(&events) {
        let target = links::target(&book.repository, page, &link.destination);
        let Ok(Target::Chapter {
            file,
            fragment: Some(fragment),
        }) = target
        else {
            continue;
        };
        let Some(built) = pages.get(&html_file(&file)) else {
            continue;
        };
        if !built.ids.contains(&fragment) {
            let message = format!(
                "{file} has no heading `#{fragment}`; mdBook makes it of the heading's words, in small letters with hyphens"
            );
            findings.push(page.finding(link.range.start, message));
        }
    }
    findings
}

/// The template's links to the chapters before and after.
fn neighbours(number: usize, page: &Page, book: &Book, built: &Built) -> Vec<Finding> {
    let before = number
        .checked_sub(1)
        .and_then(|before| book.pages.get(before));
    let after = book.pages.get(number + 1);
    let missing = [("prev", before), ("next prefetch", after)]
        .into_iter()
        .filter_map(|(relation, other)| {
            let file = html_file(&other?.entry.file);
            let link = format!("rel=\"{relation}\" href=\"{file}\"");
            (!built.text.contains(&link)).then(|| {
                format!("the page has no `{link}`; does the theme's index.hbs leave it out?")
            })
        });
    missing
        .map(|message| Place::new(page.entry.path(), 0).finding(message))
        .collect()
}

/// What must hold of every page of the book, source pages included.
fn page_itself(file: &str, pages: &HashMap<String, Built>, folder: &Path) -> Vec<Finding> {
    let built = &pages[file];
    let place = || Place::new(format!("the built page {file}"), 0);
    let mut findings = Vec::new();
    // A source page shows whatever its file holds.
    if !file.starts_with("source/") && built.text.contains("{{#") {
        findings.push(
            place().finding("a directive `{{#…}}` is left over; only `{{#include …}}` is known"),
        );
    }
    for (tag, name, value) in &built.addresses {
        let is_foreign = value.contains("://") || value.starts_with("//");
        if is_foreign && tag != "a" {
            findings.push(place().finding(format!(
                "<{tag} {name}=\"{value}\"> asks another host; the book works without network"
            )));
        }
        let is_inside = !is_foreign
            && !value.starts_with(['#', '/'])
            && !value.contains(':')
            && !value.is_empty();
        if is_inside && let Some(message) = leads_nowhere(file, value, pages, folder) {
            findings.push(place().finding(message));
        }
    }
    findings
}

fn leads_nowhere(
    file: &str,
    value: &str,
    pages: &HashMap<String, Built>,
    folder: &Path,
) -> Option<String> {
    let (path, fragment) = value.split_once('#').unwrap_or((value, ""));
    let target = repository::resolve(file, path.split('?').next().unwrap_or(path));
    let Some(target) = target.filter(|target| folder.join(target).is_file()) else {
        return Some(format!("the link `{value}` leads to no file of the book"));
    };
    let ids = &pages.get(&target)?.ids;
    (!fragment.is_empty() && !ids.contains(fragment))
        .then(|| format!("the link `{value}` leads to no place in {target}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{book, messages};

    fn found(pages: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in pages {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let built = read(folder.path());
        let mut files: Vec<_> = built.keys().collect();
        files.sort();
        let findings: Vec<_> = files
            .into_iter()
            .flat_map(|file| page_itself(file, &built, folder.path()))
            .collect();
        messages(&findings)
    }

    #[test]
    fn a_page_whose_links_lead_somewhere_is_in_order() {
        let one = "<h1 id=\"top\"></h1><a href=\"b.html#x\"></a><a href=\"https://example.org\"></a><img src=\"a.png\"><a href=\"#top\">";
        assert_eq!(
            found(&[("a.html", one), ("b.html", "<p id=\"x\">"), ("a.png", "")]),
            [""; 0]
        );
    }

    #[test]
    fn left_over_directives_dead_links_and_other_hosts_are_found() {
        let page = "{{#include x}} <a href=\"b.html\"></a><a href=\"c.html#y\"></a><script src=\"https://example.org/x.js\"></script><link href=\"//example.org/x.css\">";
        let found = found(&[
            ("a.html", page),
            ("c.html", ""),
            ("source/d.html", "{{#include x}}"),
        ]);
        let expected = [
            "a directive `{{#…}}` is left over",
            "the link `b.html` leads to no file of the book",
            "the link `c.html#y` leads to no place in c.html",
            "<script src=\"https://example.org/x.js\"> asks another host",
            "<link href=\"//example.org/x.css\"> asks another host",
        ];
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                found.starts_with(&format!("the built page a.html: {expected}")),
                "{found}"
            );
        }
    }

    #[test]
    fn a_page_without_the_way_to_its_neighbours_is_found_also_when_its_text_links_them() {
        let (_folder, book) = book(&[("a.md", ""), ("b.md", ""), ("c.md", "")], &[]);
        let found = |html: &str| {
            let built = Built::of(html.to_owned());
            messages(&neighbours(1, &book.pages[1], &book, &built))
        };
        let whole = "<a rel=\"prev\" href=\"a.html\"><a rel=\"next prefetch\" href=\"c.html\">";
        assert_eq!(found(whole), [""; 0]);
        let found = found("<a href=\"a.html\"><a href=\"c.html\">");
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("docs/src/b.md: the page has no `rel=\"prev\""),
            "{found:?}"
        );
    }

    #[test]
    fn a_heading_that_is_not_there_is_found_where_it_is_linked() {
        let (_folder, book) = book(
            &[
                ("a.md", "\n[x](b.md#why) [y](b.md#how) [z](#gone)\n"),
                ("b.md", ""),
            ],
            &[],
        );
        let pages = HashMap::from([
            ("a.html".to_owned(), Built::default()),
            (
                "b.html".to_owned(),
                Built::of("<h2 id=\"why\">Why</h2>".to_owned()),
            ),
        ]);
        let found = messages(&fragments(&book.pages[0], &book, &pages));
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("docs/src/a.md:2: b.md has no heading `#how`"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("docs/src/a.md:2: a.md has no heading `#gone`"),
            "{found:?}"
        );
    }
}
