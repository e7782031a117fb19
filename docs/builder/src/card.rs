//! The card below the heading of a tutorial's chapter: how to run it, and what becomes of its claim.

use crate::{
    html,
    registry::{App, Tutorial},
    rewrite,
};

/// Where `cargo xtask run` listens unless told otherwise.
const RUNNING: &str = "http://127.0.0.1:8050/";

/// The card as HTML, without a blank line, which would end it.
pub(crate) fn card(tutorial: &Tutorial) -> String {
    let apps: String = tutorial
        .entry
        .apps
        .iter()
        .map(|app| row(tutorial, app))
        .collect();
    format!(
        "<aside class=\"card\" aria-label=\"Run this tutorial\">\n{apps}\
         <p class=\"card-running\">While it runs, its page is at <a href=\"{RUNNING}\">{RUNNING}</a>.</p>\n</aside>\n"
    )
}

fn row(tutorial: &Tutorial, app: &App) -> String {
    let App {
        id,
        listing,
        summary,
        workers,
    } = app;
    let listing = format!("{}/{listing}", tutorial.folder);
    let page = rewrite::source_page(&listing);
    let summary = code_marks(&html::escape(summary));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Entry;

    #[test]
    fn a_card_has_the_command_the_claims_and_the_listing_of_each_app() {
        let app = |id: &str, workers: &str| App {
            id: id.into(),
            listing: "src/lib.rs".into(),
            summary: "In a `dcc.Store`.".into(),
            workers: workers.into(),
        };
        let tutorial = Tutorial {
            folder: "tutorials/a".into(),
            entry: Entry {
                chapter: "a.md".into(),
                apps: vec![app("a", "holds"), app("b", "breaks")],
            },
        };
        let card = card(&tutorial);
        for part in [
            "<code>cargo xtask run b --workers 8</code>",
            "8 workers: <strong class=\"breaks\">breaks</strong>",
            "<a href=\"source/tutorials/a/src/lib.rs.html\">",
            "In a <code>dcc.Store</code>.",
        ] {
            assert!(card.contains(part), "{part} is not in\n{card}");
        }
        assert!(!card.contains("\n\n"), "{card}");
    }
}
