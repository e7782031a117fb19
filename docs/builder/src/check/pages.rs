//! What the built pages point to: each address leads to a file and an id of the book, and none to another host.

use std::{collections::BTreeMap, fs, io, path::Path};

use anyhow::Context;

use crate::{
    book::Book,
    finding::{Finding, Place},
    html::{self, Address},
    link::{self, Target},
    page::Page,
    repository,
};

/// Addresses of this machine, where the reader's own tutorial runs.
const OWN: [&str; 2] = ["http://127.0.0.1", "http://localhost"];

type Pages = BTreeMap<String, html::Page>;

/// Everything that is wrong with the pages in `folder`. Other pages repeat what the chapters say: they are looked through only when
/// nothing is wrong there.
pub(crate) fn check(book: &Book, folder: &Path) -> anyhow::Result<Vec<Finding>> {
    let mut pages = Pages::new();
    read(folder, "", &mut pages).context("cannot read the built pages")?;
    let mut findings = Vec::new();
    for page in &book.pages {
        let wrong = wrong_addresses(&page.html(), &pages, folder).into_iter();
        findings.extend(wrong.map(|(address, message)| finding(page, address, &message)));
    }
    if findings.is_empty() {
        for file in pages.keys() {
            let wrong = wrong_addresses(file, &pages, folder).into_iter();
            findings.extend(wrong.map(|(address, message)| {
                let place = Place::new(format!("the built page {file}"), 0);
                place.finding(format!("`{}` {message}", address.value))
            }));
        }
    }
    Ok(findings)
}

/// Adds the pages in this folder of the book, by their paths from its root.
fn read(root: &Path, folder: &str, pages: &mut Pages) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = format!("{folder}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(root, &format!("{path}/"), pages)?;
        } else if path.ends_with(".html") {
            let page = html::Page::of(&fs::read_to_string(entry.path())?);
            pages.insert(path, page);
        }
    }
    Ok(())
}

/// A finding about an address in a chapter's page, in the words and in the line of the link that became it.
fn finding(page: &Page, address: &Address, message: &str) -> Finding {
    let (events, _) = page.events();
    let mut links = link::links(&events).into_iter();
    // A screenshot is written once and is there twice.
    let value = address.value.as_str();
    let written = value.replace("-dark.png", ".png");
    let link = links.find(|link| {
        let target = Target::of(&page.path(), &link.destination);
        link.destination == written || target.is_some_and(|target| target.address() == written)
    });
    match link {
        Some(link) if link.alternative.is_none() => {
            let message = format!("`{}` {message}", link.destination);
            page.finding(link.range.start, message)
        }
        Some(image) => page.finding(image.range.start, format!("`{value}` {message}")),
        None => Place::new(page.path(), 0).finding(format!("`{value}` {message}")),
    }
}

/// The addresses of a page that lead nowhere, or where none may lead.
fn wrong_addresses<'p>(file: &str, pages: &'p Pages, folder: &Path) -> Vec<(&'p Address, String)> {
    let addresses = pages.get(file).into_iter().flat_map(|page| &page.addresses);
    let wrong = addresses.filter_map(|address| {
        let message = wrong(address, file, pages, folder)?;
        Some((address, message))
    });
    wrong.collect()
}

fn wrong(address: &Address, file: &str, pages: &Pages, folder: &Path) -> Option<String> {
    let value = address.value.as_str();
    if address.lacks_words {
        return Some("is an image without words for those who do not see it".to_owned());
    }
    if value.contains(':') || value.starts_with("//") {
        let may_lead =
            value.starts_with("https://") || OWN.iter().any(|own| value.starts_with(own));
        return match address.tag.as_str() {
            "a" if may_lead => None,
            "a" => Some("is no `https://` address".to_owned()),
            tag => Some(format!(
                "in <{tag}> asks another host; the book works without network"
            )),
        };
    }
    let (path, fragment) = value.split_once('#').unwrap_or((value, ""));
    let target = match path.split('?').next() {
        None | Some("") => Some(file.to_owned()),
        Some(path) => repository::resolve(file, path),
    };
    let Some(target) = target.filter(|target| folder.join(target).is_file()) else {
        return Some("leads to no file of the book; was it moved?".to_owned());
    };
    let is_there = pages
        .get(&target)
        .is_none_or(|page| page.ids.contains(fragment));
    (!fragment.is_empty() && !is_there)
        .then(|| format!("leads to no place in {target}; was `{fragment}` renamed?"))
}
