//! Python blocks parse. Nobody runs them: they are for readers who know Dash, beside the Rust that does the same.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::{finding::Finding, page::Page};

/// Reads Python on standard input, and prints the line and the message of the first mistake.
const PARSE: &str = "
import ast, sys
try:
    ast.parse(sys.stdin.buffer.read())
except SyntaxError as error:
    print(error.lineno or 1, error.msg)
";

/// The Python of this machine, if it has one.
#[derive(Debug)]
pub(crate) struct Python {
    program: Option<PathBuf>,
}

impl Python {
    /// Looks for `python3` in `PATH`.
    pub(crate) fn find() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut programs = env::split_paths(&path).map(|folder| folder.join("python3"));
        Self {
            program: programs.find(|program| program.is_file()),
        }
    }

    pub(crate) fn is_there(&self) -> bool {
        self.program.is_some()
    }

    /// The first mistake in `text`: its line, from 1, and what is wrong. None also when Python cannot be started.
    fn mistake(&self, text: &str) -> Option<(usize, String)> {
        let mut python = Command::new(self.program.as_ref()?)
            .args(["-c", PARSE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        // Its end tells Python that the text is whole. A pipe that broke is seen in what Python prints.
        let _ = python.stdin.take()?.write_all(text.as_bytes());
        let output = python.wait_with_output().ok()?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let (line, message) = printed.trim().split_once(' ')?;
        Some((line.parse().ok()?, message.to_owned()))
    }
}

pub(super) fn check(page: &Page, python: &Python) -> Vec<Finding> {
    let (events, _) = page.events();
    let mut findings = Vec::new();
    for pair in events.windows(2) {
        let [
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))), start),
            _,
        ] = pair
        else {
            continue;
        };
        if &**language != "python" {
            continue;
        }
        let inside = events
            .iter()
            .filter(|(_, range)| start.contains(&range.start));
        let texts = inside.filter_map(|(event, _)| match event {
            Event::Text(text) => Some(&**text),
            _ => None,
        });
        let text: String = texts.collect();
        if let Some((line, message)) = python.mistake(&text) {
            let mut finding =
                page.finding(start.start, format!("Python cannot read this: {message}"));
            finding.place.line += line;
            findings.push(finding);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{chapter, lines};

    #[test]
    fn python_that_does_not_parse_is_found_with_its_line() {
        let python = Python::find();
        let text =
            "# A\n\n```python\na = 1\nb = = 2\n```\n\n```python\ndef c():\n    return 3\n```\n";
        let found = lines(&check(&chapter(text, &[]).0, &python));
        if python.is_there() {
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, 5);
            assert!(
                found[0].1.starts_with("Python cannot read this: "),
                "{found:?}"
            );
        } else {
            assert_eq!(found, []);
        }
    }
}
