//! Questions that a reader answers before a run: three in each tutorial's chapter, each with an answer that a recording shows.

use pulldown_cmark::Event;

use crate::{book::Book, finding::Finding, page::Page};

/// How many a tutorial's chapter asks.
const QUESTIONS: usize = 3;

pub(super) fn check(page: &Page, book: &Book) -> Vec<Finding> {
    let (events, _) = page.events();
    let questions = events.iter().filter_map(|(event, range)| match event {
        Event::Html(html) if html.contains("class=\"predict\"") => Some((html, range.start)),
        _ => None,
    });
    let questions: Vec<_> = questions.collect();
    let mut findings: Vec<_> = questions
        .iter()
        .filter_map(|(html, at)| Some(page.finding(*at, not_shown(html, book)?)))
        .collect();
    if (book.tutorial(page).is_some() || !questions.is_empty()) && questions.len() != QUESTIONS {
        let found = questions.len();
        findings.push(page.finding(0, format!("the chapter asks {found} questions and not {QUESTIONS}; write them, as in `<fieldset class=\"predict\" …>`")));
    }
    findings
}

/// Why the recording that a question names does not show what it says.
fn not_shown(html: &str, book: &Book) -> Option<String> {
    let attribute = |name: &str| {
        let (_, rest) = html.split_once(&format!(" {name}=\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(value.replace("&quot;", "\"").replace("&#10;", "\n"))
    };
    let (Some(run), Some(shows)) = (attribute("data-run"), attribute("data-shows")) else {
        return Some("a question has `data-run`, a recording below docs, and `data-shows`, what it shows there".to_owned());
    };
    let text = book
        .repository
        .read(&format!("docs/{run}"))
        .unwrap_or_default();
    (!text.contains(&shows)).then(|| {
        format!("docs/{run} does not show {shows:?}; ask something else, or answer what it shows")
    })
}
