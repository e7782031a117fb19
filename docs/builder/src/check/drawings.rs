//! Drawings inside the page: each says in words what it shows, and asks no other host for anything.

use std::collections::HashSet;

use crate::{
    finding::Finding,
    page::{Include, Page},
};

/// What a drawing must have, and for whom.
const NEEDED: [(&str, &str); 4] = [
    ("role=\"img\"", "so that it is read out as one image"),
    ("aria-labelledby=", "which names its title and description"),
    ("<title", "which says in a few words what it is"),
    (
        "<desc",
        "which says what it shows to those who do not see it",
    ),
];

pub(super) fn check(page: &Page) -> Vec<Finding> {
    let is_drawing =
        |include: &&Include| include.directive.path.ends_with(".svg") && !include.range.is_empty();
    let drawings = page.includes.iter().filter(is_drawing);
    let mut ids = HashSet::new();
    let mut findings = Vec::new();
    for drawing in drawings {
        let text = &page.text[drawing.range.clone()];
        let mut add = |message: String| findings.push(drawing.place.clone().finding(message));
        for (part, why) in NEEDED {
            if !text.contains(part) {
                add(format!("{} has no `{part}`, {why}", path(drawing)));
            }
        }
        for foreign in ["<script", "href=\"http", "url(http", "@import"] {
            if text.contains(foreign) {
                add(format!(
                    "{} has `{foreign}`; a drawing neither runs nor fetches anything",
                    path(drawing)
                ));
            }
        }
        for id in text
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            if !ids.insert(id.to_owned()) {
                add(format!(
                    "{} has the id `{id}` once more on this page; begin its ids with the drawing's name",
                    path(drawing)
                ));
            }
        }
    }
    findings
}

fn path(drawing: &Include) -> &str {
    &drawing.directive.path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{chapter, lines};

    const GOOD: &str = "<svg role=\"img\" aria-labelledby=\"a-t\"><title id=\"a-t\">A</title><desc>B</desc></svg>\n";

    fn found(text: &str, drawing: &str) -> Vec<(usize, String)> {
        lines(&check(
            &chapter(text, &[("docs/src/images/a.svg", drawing)]).0,
        ))
    }

    #[test]
    fn a_drawing_with_words_is_in_order_once() {
        let text = "# A\n\n{{#include images/a.svg}}\n";
        assert_eq!(found(text, GOOD), []);
        let twice = found(&format!("{text}\n{{{{#include images/a.svg}}}}\n"), GOOD);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].0, 5);
        assert!(twice[0].1.contains("the id `a-t` once more"), "{twice:?}");
    }

    #[test]
    fn a_drawing_without_words_or_with_a_script_is_found() {
        let found = found(
            "\n{{#include images/a.svg}}\n",
            "<svg>\n<script></script></svg>\n",
        );
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|(line, _)| *line == 2), "{found:?}");
    }
}
