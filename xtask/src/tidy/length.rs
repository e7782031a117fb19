//! How long a file may be.

use super::tree::{Finding, Tree};

/// A listing fits into a chapter.
const LISTING: usize = 120;

/// Any other source file is about one subject.
const SOURCE: usize = 400;

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let listings: Vec<_> = tree
        .registry
        .apps()
        .filter_map(|(tutorial, app)| tree.file(&tutorial.folder.join(&app.listing)))
        .map(|file| file.path.as_str())
        .collect();
    let sources = tree
        .files
        .iter()
        .filter(|file| file.is(&["rs", "js", "css"]));
    let findings = sources.filter_map(|file| {
        let is_listing = listings.contains(&file.path.as_str());
        let lines = if is_listing {
            shown_lines(&file.text)
        } else {
            file.text.lines().count()
        };
        finding(&file.path, lines, is_listing)
    });
    Ok(findings.collect())
}

/// How many lines a reader of the chapter gets to see: a comment about an anchor is for the book's builder alone.
fn shown_lines(text: &str) -> usize {
    let is_shown = |line: &&str| !line.trim_start().starts_with("// ANCHOR");
    text.lines().filter(is_shown).count()
}

fn finding(path: &str, lines: usize, is_listing: bool) -> Option<Finding> {
    let (limit, mend) = if is_listing {
        (LISTING, "move what is not the lesson to another file")
    } else {
        (SOURCE, "split it where its subject changes")
    };
    let message = format!("{lines} lines, and {limit} are too many; {mend}");
    (lines >= limit).then(|| Finding::of(path, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_about_an_anchor_is_no_line_of_a_listing() {
        assert_eq!(
            shown_lines("// ANCHOR: a\nfn a() {\n    // ANCHOR_END: a\n}\n"),
            2
        );
    }

    #[test]
    fn a_listing_has_under_120_lines_and_any_other_source_under_400() {
        assert_eq!(finding("a.rs", 119, true), None);
        assert_eq!(finding("a.rs", 399, false), None);
        let long = finding("a.rs", 120, true).unwrap().to_string();
        assert_eq!(
            long,
            "a.rs: 120 lines, and 120 are too many; move what is not the lesson to another file"
        );
        let long = finding("a.rs", 400, false).unwrap().to_string();
        assert_eq!(
            long,
            "a.rs: 400 lines, and 400 are too many; split it where its subject changes"
        );
    }
}
