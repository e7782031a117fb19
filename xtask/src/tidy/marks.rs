//! The part of a file that is generated from the registry, between two marks.

pub(super) const START: &str = "<!-- tutorials:start -->\n";
pub(super) const END: &str = "<!-- tutorials:end -->";

/// `text` with `part` between the marks; none if it has no marks.
pub(super) fn with_part(text: &str, part: &str) -> Option<String> {
    let (before, rest) = text.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}{part}{END}{after}"))
}

/// What is wrong with a file without marks, and what to do.
pub(super) fn missing() -> String {
    let start = START.trim_end();
    format!("no place for the tutorials; add the lines `{start}` and `{END}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_replaced_and_the_rest_stays() {
        let text = "# Title\n<!-- tutorials:start -->\nold\n<!-- tutorials:end -->\nend\n";
        let expected = "# Title\n<!-- tutorials:start -->\nnew\n<!-- tutorials:end -->\nend\n";
        let generated = with_part(text, "new\n").unwrap();
        assert_eq!(generated, expected);
        assert_eq!(with_part(&generated, "new\n").unwrap(), expected);
    }

    #[test]
    fn without_both_marks_there_is_no_place() {
        assert_eq!(with_part("# Title\n", "new\n"), None);
        assert_eq!(with_part("<!-- tutorials:start -->\n", "new\n"), None);
    }
}
