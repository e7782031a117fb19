//! The table of tutorials: for the terminal and for the README.

use std::path::Path;

use crate::registry::{App, Registry};

/// The table for a terminal. The summary is last, where a narrow window may wrap it.
pub(crate) fn plain(registry: &Registry) -> String {
    let heading = [
        "ID",
        "TITLE",
        "1 WORKER",
        "2 PEOPLE",
        "8 WORKERS",
        "WHAT IT SHOWS",
    ]
    .map(String::from);
    let rows = registry.apps().map(|(tutorial, app)| {
        [
            name(app),
            tutorial.entry.title.clone(),
            app.claim(1).word().to_owned(),
            app.people.word().to_owned(),
            app.claim(8).word().to_owned(),
            app.summary.replace('`', ""),
        ]
    });
    let rows: Vec<_> = std::iter::once(heading).chain(rows).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    let line = |[id, title, one, two, eight, summary]: &[String; 6]| {
        let [w0, w1, w2, w3, w4] = widths;
        format!("{id:w0$}  {title:w1$}  {one:w2$}  {two:w3$}  {eight:w4$}  {summary}\n")
    };
    rows.iter().map(line).collect()
}

/// The table for the README, whose links start at `root`: from each app to its listing, and from its lesson to the chapter.
pub(crate) fn markdown(registry: &Registry, root: &Path) -> String {
    let mut table = String::from(
        "| run | lesson | what it shows | 1 worker | 2 people | 8 workers |\n|---|---|---|---|---|---|\n",
    );
    for (tutorial, app) in registry.apps() {
        let listing = tutorial.folder.join(&app.listing);
        let link = listing.strip_prefix(root).unwrap_or(&listing).display();
        table += &format!(
            "| [`{}`]({link}) | [{}](docs/src/{}) | {} | {} | {} | {} |\n",
            app.id,
            tutorial.entry.title,
            tutorial.entry.chapter,
            app.summary,
            app.claim(1).word(),
            app.people.word(),
            app.claim(8).word(),
        );
    }
    table
}

fn name(app: &App) -> String {
    if app.slug == app.id {
        app.id.clone()
    } else {
        format!("{} ({})", app.id, app.slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::tests::two_tutorials;

    #[test]
    fn the_terminal_gets_aligned_columns_without_markdown() {
        let expected = "\
ID                             TITLE              1 WORKER  2 PEOPLE  8 WORKERS  WHAT IT SHOWS
global-variable                A global variable  holds     breaks    breaks     One copy each.
option2 (store)                A store            holds     holds     holds      In a dcc.Store.
option2-inputs (store-inputs)  A store            holds     holds     holds      Two inputs.
";
        assert_eq!(plain(&two_tutorials()), expected);
    }

    #[test]
    fn the_readme_gets_a_row_for_each_app_with_links_to_its_listing_and_its_chapter() {
        let expected = "\
| run | lesson | what it shows | 1 worker | 2 people | 8 workers |
|---|---|---|---|---|---|
| [`global-variable`](tutorials/global-variable/src/lib.rs) | [A global variable](docs/src/variable.md) | One copy each. | holds | breaks | breaks |
| [`option2`](tutorials/option2-store/src/lib.rs) | [A store](docs/src/store.md) | In a `dcc.Store`. | holds | holds | holds |
| [`option2-inputs`](tutorials/option2-store/src/inputs.rs) | [A store](docs/src/store.md) | Two inputs. | holds | holds | holds |
";
        assert_eq!(
            markdown(&two_tutorials(), Path::new("/workspace")),
            expected
        );
    }
}
