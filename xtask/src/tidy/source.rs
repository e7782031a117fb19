//! How long a file may be, and words that must not be written in certain places.

use super::tree::{File, Finding, Tree};

/// A source file is about one subject.
const LIMIT: usize = 400;

/// What is looked for in source files: where, in which lines, and what to do instead.
struct Pattern {
    applies: fn(&File) -> bool,
    found: fn(&str) -> bool,
    message: &'static str,
}

const PATTERNS: [Pattern; 4] = [
    Pattern {
        applies: |_| true,
        found: |line| words(line).any(|word| ["TODO", "FIXME", "XXX"].contains(&word)),
        message: "unfinished; do it, or file it as an issue",
    },
    Pattern {
        applies: is_test,
        found: |line| {
            let users = ["bind(", "connect(", "goto(", "arg(", "args("];
            has_fixed_port(line) && users.iter().any(|user| line.contains(user))
        },
        message: "another test, or the reader's own app, may have this port; bind port 0 and ask which port it got",
    },
    // In Rust, clippy.toml disallows the methods that sleep.
    Pattern {
        applies: |file| file.path.contains("/client/test/"),
        found: |line| line.contains("setTimeout("),
        message: "a test that sleeps is slow or flaky; wait for a state",
    },
    Pattern {
        applies: |file| file.path.contains("/client/") && !is_test(file),
        found: |line| line.contains("innerHTML") || line.contains("insertAdjacentHTML"),
        message: "text would become markup; use `textContent` or `createElement`",
    },
];

pub(super) fn rule(tree: &Tree<'_>) -> anyhow::Result<Vec<Finding>> {
    let sources = tree
        .files
        .iter()
        .filter(|file| file.is(&["rs", "js", "css"]));
    // This file would find itself.
    let sources = sources.filter(|file| !file.path.ends_with("tidy/source.rs"));
    Ok(sources.flat_map(findings).collect())
}

fn findings(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = file.text.lines().count();
    if lines >= LIMIT {
        let message = format!(
            "{lines} lines, but it must be under {LIMIT}; split it where its subject changes"
        );
        findings.push(Finding::of(&file.path, message));
    }
    for pattern in PATTERNS.iter().filter(|pattern| (pattern.applies)(file)) {
        let lines = (1..).zip(file.text.lines());
        let found = lines.filter(|(_, line)| (pattern.found)(line));
        findings.extend(found.map(|(number, _)| file.at(number, pattern.message)));
    }
    findings
}

fn is_test(file: &File) -> bool {
    let path = &file.path;
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/test/")
        || path.ends_with("/tests.rs")
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|char: char| !char.is_alphanumeric() && char != '_')
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

    #[test]
    fn what_must_not_be_written_is_found_where_it_must_not() {
        let test = "tests/tests/faults.rs";
        for (path, text, is_found) in [
            (test, "TcpListener::bind(\"127.0.0.1:8050\");", true),
            (test, "TcpListener::bind(\"127.0.0.1:0\");", false),
            (
                test,
                "assert_eq!(line, \"listening on 127.0.0.1:8050\");",
                false,
            ),
            (
                test,
                "command.args([\"--bind\", \"localhost:1234\"]);",
                true,
            ),
            ("crates/a/src/lib.rs", "bind(\"127.0.0.1:8050\")", false),
            ("crates/a/src/lib.rs", "// TODO: later", true),
            ("crates/a/src/lib.rs", "let todo = list;", false),
            (
                "crates/callbacks/client/render.js",
                "a.innerHTML = b;",
                true,
            ),
            (
                "crates/callbacks/client/render.js",
                "a.textContent = b;",
                false,
            ),
            (
                "crates/callbacks/client/test/queue.test.js",
                "setTimeout(done, 10);",
                true,
            ),
        ] {
            assert_eq!(
                !findings(&file(path, text)).is_empty(),
                is_found,
                "{path}: {text}"
            );
        }
    }

    #[test]
    fn a_source_has_under_400_lines() {
        assert_eq!(findings(&file("a.rs", &"\n".repeat(399))), []);
        let long = findings(&file("a.rs", &"\n".repeat(400)));
        assert_eq!(
            long[0].to_string(),
            "a.rs: 400 lines, but it must be under 400; split it where its subject changes"
        );
    }
}
