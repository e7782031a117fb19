//! Anchors: the comments `ANCHOR: name` and `ANCHOR_END: name`, between which lies what a chapter includes.

/// A named part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) name: String,
    /// The line of the comment that opens it, counted from 1.
    pub(crate) opened: usize,
    /// The line of the comment that closes it.
    pub(crate) closed: usize,
}

/// The anchors of a file's text, and what is wrong with them, by line.
pub(crate) fn anchors(path: &str, text: &str) -> (Vec<Anchor>, Vec<(usize, String)>) {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut found: Vec<Anchor> = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((opens, name)) = mark(path, line) else {
            continue;
        };
        let at = open.iter().position(|(other, _)| *other == name);
        let message = match (opens, at) {
            (true, None) if found.iter().all(|anchor| anchor.name != name) => {
                open.push((name, number));
                continue;
            }
            (false, Some(at)) => {
                found.push(Anchor {
                    name: name.to_owned(),
                    opened: open.remove(at).1,
                    closed: number,
                });
                continue;
            }
            (true, _) => "is opened a second time; rename one".to_owned(),
            (false, None) => format!("is closed and was never opened; add `ANCHOR: {name}` above"),
        };
        wrong.push((number, format!("the anchor `{name}` {message}")));
    }
    wrong.extend(open.into_iter().map(|(name, line)| {
        (
            line,
            format!("the anchor `{name}` is never closed; add `ANCHOR_END: {name}` below"),
        )
    }));
    found.sort_by_key(|anchor| anchor.opened);
    (found, wrong)
}

/// Whether a line of this file is about an anchor, and therefore never shown.
pub(crate) fn is_mark(path: &str, line: &str) -> bool {
    mark(path, line).is_some()
}

/// The anchor that a line opens, or else closes: in a comment of its own, in the language of its file.
fn mark<'a>(path: &str, line: &'a str) -> Option<(bool, &'a str)> {
    let openings: &[&str] = match path.rsplit('.').next() {
        Some("rs" | "js" | "mjs" | "css") => &["//", "/*"],
        Some("md" | "html" | "svg") => &["<!--"],
        // TOML, shell scripts, transcripts.
        _ => &["#"],
    };
    let line = line.trim();
    let mut openings = openings.iter();
    let comment = openings
        .find_map(|opening| line.strip_prefix(opening))?
        .trim_start();
    let name = |word: &str| comment.strip_prefix(word)?.split_whitespace().next();
    name("ANCHOR_END:")
        .map(|name| (false, name))
        .or_else(|| Some((true, name("ANCHOR:")?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_may_lie_inside_one_another_and_across() {
        let text = "// ANCHOR: a\n1\n// ANCHOR: b\n2\n// ANCHOR_END: a\n3\n// ANCHOR_END: b\n";
        let (found, wrong) = anchors("a.rs", text);
        let ranges: Vec<_> = found
            .iter()
            .map(|anchor| (anchor.name.as_str(), anchor.opened, anchor.closed))
            .collect();
        assert_eq!(ranges, [("a", 1, 5), ("b", 3, 7)]);
        assert_eq!(wrong, []);
    }

    #[test]
    fn each_language_has_its_comments_and_a_mention_is_no_anchor() {
        for (path, line) in [
            ("a.rs", "  // ANCHOR: x"),
            ("a.toml", "# ANCHOR: x"),
            ("a.txt", "# ANCHOR: x"),
            ("a.md", "<!-- ANCHOR: x -->"),
            ("a.css", "/* ANCHOR: x */"),
        ] {
            assert_eq!(mark(path, line), Some((true, "x")), "{path}");
        }
        assert_eq!(mark("a.rs", "let a = \"// ANCHOR: x\";"), None);
        assert_eq!(mark("a.rs", "// write ANCHOR: x"), None);
        assert_eq!(mark("a.rs", "# ANCHOR: x"), None);
    }
}
