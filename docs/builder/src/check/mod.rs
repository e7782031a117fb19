//! What is checked around mdBook. Each file holds one kind of mistake that mdBook would print without a word.

mod claims;
mod commands;
mod fences;
mod outline;
pub(crate) mod pages;
mod predict;
mod unused;

use crate::{book::Book, finding::Finding, link, page::Page};

/// Everything that is wrong with the chapters and with what they are made of.
pub(crate) fn check(book: &Book) -> Vec<Finding> {
    let commands = commands::recorded(book);
    let mut findings = unused::check(book);
    for page in &book.pages {
        findings.extend(page.findings.clone());
        findings.extend(outline::check(page, book.tutorial(page).is_some()));
        findings.extend(fences::check(page));
        findings.extend(claims::check(page, book));
        findings.extend(predict::check(page, book));
        findings.extend(commands::check(page, &commands));
        findings.extend(undefined(page));
        findings.extend(numbered(page));
    }
    findings
}

/// Links by names that are defined nowhere, which Markdown takes for plain text.
fn undefined(page: &Page) -> Vec<Finding> {
    let (_, undefined) = page.events();
    let found = undefined.iter().map(|(name, at)| {
        let message =
            format!("`[{name}]` is defined nowhere; add `[{name}]: …`, or write it as code");
        page.finding(*at, message)
    });
    found.collect()
}

/// Links to a line by its number, which lead to another line after the next change.
fn numbered(page: &Page) -> Vec<Finding> {
    let (events, _) = page.events();
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|char| char.is_ascii_digit());
    let links = link::links(&events).into_iter().filter(|link| {
        let number = link.destination.split_once("#L");
        number.is_some_and(|(_, number)| is_number(number))
    });
    let found = links.map(|link| {
        let message = format!(
            "`{}` names a line, which moves; name a function",
            link.destination
        );
        page.finding(link.range.start, message)
    });
    found.collect()
}
