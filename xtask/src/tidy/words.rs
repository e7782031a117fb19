//! Words that must not be written in certain places.

use super::{
    source::Source,
    tree::{File, Finding, Tree},
};

/// The one file where the tests wait: it looks at a state again and again, up to a deadline.
const WAITING: &str = "tests/src/wait.rs";

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in &tree.files {
        if let Some(source) = &file.source {
            findings.extend(sleeps(file, source));
            findings.extend(fixed_ports(file, source));
            findings.extend(unsafe_code(file, source));
            findings.extend(markup(file, source));
            findings.extend(unfinished(file, source));
        }
    }
    Ok(findings)
}

fn sleeps(file: &File, source: &Source) -> Vec<Finding> {
    if file.path == WAITING {
        return Vec::new();
    }
    let words = ["sleep", "sleep_until", "sleep_ms", "setTimeout"];
    let message =
        format!("a test that waits for time is slow or flaky; wait for a state, as {WAITING} does");
    in_tests(
        file,
        &source.code(),
        |line| words.iter().any(|word| has_word(line, word)),
        &message,
    )
}

/// An address with a port other than 0 that is listened on, connected to or given to a program.
///
/// Such an address may be written where it is only read or shown.
fn fixed_ports(file: &File, source: &Source) -> Vec<Finding> {
    let users = ["bind(", "connect(", "goto(", "arg(", "args("];
    let message = "another test, or the reader's own app, may have this port; bind port 0 and ask which it became";
    let fixed = |line: &str| has_fixed_port(line) && users.iter().any(|user| line.contains(user));
    in_tests(file, &source.code_and_texts(), fixed, message)
}

fn unsafe_code(file: &File, source: &Source) -> Vec<Finding> {
    let message = "no `unsafe` in this workspace; use a crate that wraps the call";
    in_lines(
        file,
        1,
        &source.code(),
        |line| has_word(line, "unsafe"),
        message,
    )
}

fn markup(file: &File, source: &Source) -> Vec<Finding> {
    if !file.path.contains("/client/") || file.path.contains("/client/test/") {
        return Vec::new();
    }
    let words = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
    ];
    let message = "text would become markup; use `textContent` or `createElement`";
    let found = |line: &str| words.iter().any(|word| line.contains(word));
    in_lines(file, 1, &source.code_and_texts(), found, message)
}

fn unfinished(file: &File, source: &Source) -> Vec<Finding> {
    let marks = ["TODO", "FIXME", "XXX"];
    let macros = ["todo!", "unimplemented!", "dbg!"];
    let message = "unfinished; do it, or file it as an issue";
    let mut findings = in_lines(
        file,
        1,
        &source.comments(),
        |line| marks.iter().any(|mark| has_word(line, mark)),
        message,
    );
    let in_code = |line: &str| macros.iter().any(|name| has_word(line, name));
    findings.extend(in_lines(file, 1, &source.code(), in_code, message));
    findings
}

fn in_tests(file: &File, view: &str, found: impl Fn(&str) -> bool, message: &str) -> Vec<Finding> {
    let first = file.tests_from().unwrap_or(usize::MAX);
    in_lines(file, first, view, found, message)
}

/// One finding for each line from `first` on that is `found`.
fn in_lines(
    file: &File,
    first: usize,
    view: &str,
    found: impl Fn(&str) -> bool,
    message: &str,
) -> Vec<Finding> {
    let lines = (1..).zip(view.lines());
    let lines = lines.filter(|(number, line)| *number >= first && found(line));
    lines.map(|(number, _)| file.at(number, message)).collect()
}

/// Whether `word` stands in `line` on its own, not inside a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

fn has_fixed_port(line: &str) -> bool {
    ["127.0.0.1:", "localhost:", "0.0.0.0:", "[::1]:"]
        .iter()
        .any(|host| {
            let mut ports = line
                .match_indices(host)
                .map(|(at, _)| &line[at + host.len()..]);
            ports.any(|port| port.starts_with(|char: char| matches!(char, '1'..='9')))
        })
}

#[cfg(test)]
mod tests {
    use super::{super::tree::tests::file, *};

    /// The lines at which `check` finds something.
    fn found(check: fn(&File, &Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        let file = file(path, text);
        let findings = check(&file, file.source.as_ref().unwrap());
        let line = |number: &usize| {
            findings.iter().any(|finding| {
                finding
                    .to_string()
                    .starts_with(&format!("{path}:{number}: "))
            })
        };
        (1..=text.lines().count()).filter(line).collect()
    }

    #[test]
    fn a_sleep_in_a_test_is_found() {
        let text =
            "use std::thread;\nfn a() { thread::sleep(b); }\n// sleep(1)\nfn never_sleep() {}\n";
        assert_eq!(found(sleeps, "tests/tests/faults.rs", text), [2]);
        assert_eq!(found(sleeps, WAITING, text), [0; 0]);
        assert_eq!(found(sleeps, "crates/a/src/lib.rs", text), [0; 0]);
        let text = "fn a() { sleep(b); }\n#[cfg(test)]\nmod tests {\n    fn c() { sleep(d); }\n}\n";
        assert_eq!(found(sleeps, "crates/a/src/lib.rs", text), [4]);
    }

    #[test]
    fn a_fixed_port_that_a_test_uses_is_found() {
        let text = concat!(
            "TcpListener::bind(\"127.0.0.1:",
            "8050\");\n",
            "TcpListener::bind(\"127.0.0.1:0\");\n",
            "assert_eq!(line, \"listening on 127.0.0.1:",
            "8050\");\n",
            "command.args([\"--bind\", \"localhost:",
            "1234\"]);\n",
        );
        assert_eq!(found(fixed_ports, "tests/tests/faults.rs", text), [1, 4]);
        assert_eq!(found(fixed_ports, "crates/a/src/lib.rs", text), [0; 0]);
    }

    #[test]
    fn unsafe_is_found_as_a_keyword_and_nowhere_else() {
        let text = "// unsafe\nlet a = \"unsafe\";\nunsafe { b() }\n#![forbid(unsafe_code)]\n";
        assert_eq!(found(unsafe_code, "crates/a/src/lib.rs", text), [3]);
    }

    #[test]
    fn markup_from_text_is_found_in_the_client_also_by_its_name_in_quotes() {
        let text = "a.innerHTML = b;\n// innerHTML\na['innerHTML'] = b;\na.textContent = b;\n";
        assert_eq!(
            found(markup, "crates/callbacks/client/render.js", text),
            [1, 3]
        );
        assert_eq!(found(markup, "docs/theme.js", text), [0; 0]);
    }

    #[test]
    fn unfinished_work_is_found_in_comments_and_in_code() {
        let text = concat!(
            "// TO",
            "DO: later\nlet a = \"TODO\";\nto",
            "do!();\nlet todo = dbg",
            "!(b);\n// a todo list\n"
        );
        assert_eq!(found(unfinished, "crates/a/src/lib.rs", text), [1, 3, 4]);
    }
}
