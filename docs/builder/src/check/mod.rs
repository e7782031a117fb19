//! What is checked around mdBook. Each file holds one kind of mistake that mdBook would print without a word.

mod claims;
mod commands;
mod fences;
mod outline;
pub(crate) mod pages;
mod unused;

use crate::{book::Book, finding::Finding};

/// Everything that is wrong with the chapters and with what they are made of.
pub(crate) fn check(book: &Book) -> Vec<Finding> {
    let commands = commands::recorded(book);
    let mut findings = unused::check(book);
    for page in &book.pages {
        findings.extend(page.findings.clone());
        findings.extend(outline::check(page));
        findings.extend(fences::check(page));
        findings.extend(claims::check(page, book));
        findings.extend(commands::check(page, &commands));
        findings.extend(undefined(page));
    }
    findings
}

/// Links by names that are defined nowhere, which Markdown takes for plain text.
fn undefined(page: &crate::page::Page) -> Vec<Finding> {
    let (_, undefined) = page.events();
    let found = undefined.iter().map(|link| {
        let name = &link.name;
        let message =
            format!("`[{name}]` is defined nowhere; add `[{name}]: …`, or write it as code");
        page.finding(link.at, message)
    });
    found.collect()
}
