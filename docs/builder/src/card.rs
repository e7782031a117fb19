//! The card below the heading of a tutorial's chapter: how to run it, and what becomes of its claim.

use xtask::registry::{App, Tutorial};

use crate::{book::Book, link};

/// Where `cargo xtask run` listens unless told otherwise.
const RUNNING: &str = "http://127.0.0.1:8050/";

/// The card as HTML, which a blank line ends: so mdBook reads the Markdown of a summary.
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
    let [one, workers] = [1, 8].map(|workers| app.claim(workers).word());
    let people = app.people.word();
    let page = link::source_page(listing);
    let summary = &app.summary;
    format!(
        "<div class=\"card-app\">\n\n{summary}\n\n\
         <p class=\"card-command\"><code>cargo xtask run {id} --workers 8</code></p>\n\
         <p class=\"card-claims\">1 worker: <strong class=\"{one}\">{one}</strong> · \
         2 people: <strong class=\"{people}\">{people}</strong> · \
         8 workers: <strong class=\"{workers}\">{workers}</strong> · \
         <a href=\"{page}\">the listing</a></p>\n\
         </div>\n"
    )
}
