//! The card below the heading of a tutorial's chapter: how to run it, and what becomes of its claim.

use xtask::registry::{App, Claim, Tutorial};

use crate::{book::Book, html, link};

/// Where `cargo xtask run` listens unless told otherwise.
const RUNNING: &str = "http://127.0.0.1:8050/";

/// The card as HTML, without a blank line, which would end it.
pub(crate) fn card(tutorial: &Tutorial, book: &Book) -> String {
    let apps = tutorial.entry.apps.iter();
    let apps: String = apps
        .map(|app| row(app, &book.listing(tutorial, app)))
        .collect();
    format!(
        "<aside class=\"card\" aria-label=\"Run this tutorial\">\n{apps}\
         <p class=\"card-running\">While it runs, its page is at <a href=\"{RUNNING}\">{RUNNING}</a>.</p>\n</aside>\n"
    )
}

fn row(app: &App, listing: &str) -> String {
    let id = &app.id;
    let workers = match app.workers {
        Claim::Holds => "holds",
        Claim::Breaks => "breaks",
    };
    let page = link::source_page(listing);
    let summary = code_marks(&html::escape(&app.summary));
    format!(
        "<div class=\"card-app\">\n\
         <p class=\"card-summary\">{summary}</p>\n\
         <p class=\"card-command\"><code>cargo xtask run {id} --workers 8</code></p>\n\
         <p class=\"card-claims\">1 worker: <strong class=\"holds\">holds</strong> · \
         8 workers: <strong class=\"{workers}\">{workers}</strong> · \
         <a href=\"{page}\">the listing</a></p>\n\
         </div>\n"
    )
}

/// Markdown's code marks, as the registry's sentences have them.
fn code_marks(text: &str) -> String {
    let mut parts = text.split('`');
    let mut html = parts.next().unwrap_or_default().to_owned();
    while let Some(code) = parts.next() {
        let after = parts.next().unwrap_or_default();
        html += &format!("<code>{code}</code>{after}");
    }
    html
}
