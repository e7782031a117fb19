//! What is checked before the book is built. Each file holds one kind of mistake that mdBook would print without a word.

mod bones;
pub(crate) mod built;
mod commands;
mod drawings;
mod fences;
pub(crate) mod links;
mod order;
mod proofs;
mod python;
mod unused;

use crate::{book::Book, finding::Finding};

pub(crate) use python::Python;

/// Everything that is wrong with the chapters and with what they point to.
pub(crate) fn check(book: &Book, python: &Python) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in &book.pages {
        findings.extend(bones::check(page));
        findings.extend(order::check(page, &book.pages));
        findings.extend(fences::check(page));
        findings.extend(links::check(page, book));
        findings.extend(proofs::check(page, &book.repository));
        findings.extend(commands::check(page, &book.transcripts));
        findings.extend(drawings::check(page));
        findings.extend(python::check(page, python));
    }
    findings.extend(unused::check(book));
    findings
}
