//! Functions in Rust files: where a link to one leads, and whether it is a test that runs.

/// Functions of a Rust text by name, each with the number of its line, of whatever module or type.
pub(crate) fn functions(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let lines = text.lines().zip(1..);
    lines.filter_map(|(line, number)| Some((name(line)?, number)))
}

/// The name in `pub(crate) async fn name(…)`.
fn name(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("fn ")?;
    let is_qualifier = |word: &str| {
        let words = ["async", "const", "extern", "default", "\"C\""];
        words.contains(&word) || word.starts_with("pub")
    };
    let end = after.find(|char: char| !(char.is_alphanumeric() || char == '_'))?;
    (end > 0 && before.split_whitespace().all(is_qualifier)).then_some(&after[..end])
}

/// Why a function of this text is no test that runs; none if it is one.
///
/// A test has an attribute that says so, or is named in its file without being called: in a list of tests.
pub(crate) fn no_test(text: &str, function: &str) -> Option<&'static str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let Some(at) = lines.iter().position(|line| name(line) == Some(function)) else {
        return Some("there is no such function");
    };
    let above = lines[..at].iter().rev();
    let above = above.take_while(|line| !line.is_empty() && !line.ends_with(['}', ';', '{']));
    let attributes: Vec<&&str> = above.filter(|line| !line.starts_with("//")).collect();
    let named: Vec<&&str> = lines.iter().filter(|line| names(line, function)).collect();
    let is_ignored = |lines: &[&&str]| lines.iter().any(|line| line.contains("ignore"));
    let is_test = |line: &&&str| {
        let path = line.trim_start_matches("#[").split(['(', ']']).next();
        path.is_some_and(|path| path == "test" || path.ends_with("::test"))
    };
    if is_ignored(&attributes) || is_ignored(&named) {
        Some("it is ignored")
    } else if attributes.iter().any(is_test) || !named.is_empty() {
        None
    } else {
        Some("it has neither `#[test]` nor a place in a list of tests")
    }
}

/// Whether a line of code has the function's name and does not call it.
fn names(line: &str, function: &str) -> bool {
    let is_part =
        |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
    let mut uses = line.match_indices(function);
    !line.starts_with("//")
        && uses.any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + function.len()..]);
            !is_part(before.chars().next_back())
                && !is_part(after.chars().next())
                && !after.starts_with(['(', '<', ':'])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
const TESTS: &[Test] = tests![
    listed,
    listed_and_ignored.ignored(),
];

#[test]
fn with_attribute() {}

/// A comment about `helper`.
#[tokio::test(
    flavor = \"multi_thread\"
)]
async fn with_long_attribute() { helper::<u8>(1) }

#[ignore]
#[test]
fn ignored() {}

pub(crate) fn helper<T>(a: T) {}
async fn listed() { helper(\"fn no_function()\") }
fn listed_and_ignored() {}
";

    #[test]
    fn a_test_has_an_attribute_or_a_place_in_a_list_and_is_not_ignored() {
        for name in ["with_attribute", "with_long_attribute", "listed"] {
            assert_eq!(no_test(TEXT, name), None, "{name}");
        }
        for name in ["ignored", "listed_and_ignored"] {
            assert_eq!(no_test(TEXT, name), Some("it is ignored"), "{name}");
        }
        assert!(
            no_test(TEXT, "helper")
                .unwrap()
                .starts_with("it has neither")
        );
        assert!(no_test(TEXT, "gone").is_some());
    }
}
