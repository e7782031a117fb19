//! Commands in the middle of a sentence: each is part of a recorded session, and so is run by a test.

use pulldown_cmark::Event;

use crate::{
    finding::Finding,
    page::Page,
    transcript::{self, Transcript},
};

/// The programs whose commands a reader copies.
const PROGRAMS: [&str; 2] = ["cargo ", "curl "];

/// The one chapter that may name a command with words in capitals for what the reader fills in.
const REFERENCE: &str = "reference.md";

pub(super) fn check(page: &Page, transcripts: &[Transcript]) -> Vec<Finding> {
    let (events, _) = page.events();
    let mut findings = Vec::new();
    for (event, range) in &events {
        let Event::Code(code) = event else {
            continue;
        };
        let code = transcript::words(code);
        let is_command = PROGRAMS.iter().any(|program| code.starts_with(program));
        let is_run = || {
            let mut commands = transcripts
                .iter()
                .flat_map(|transcript| &transcript.commands);
            commands.any(|command| command.contains(&code))
        };
        let is_pattern = || page.entry.file == REFERENCE && has_placeholder(&code);
        if is_command && !is_run() && !is_pattern() {
            let message = format!(
                "no transcript runs `{code}`; record it in docs/transcripts, so that a test runs what readers copy"
            );
            findings.push(page.finding(range.start, message));
        }
    }
    findings
}

/// Whether a word in capitals stands for what the reader fills in, as in `cargo xtask run ID`.
fn has_placeholder(code: &str) -> bool {
    code.split([' ', '[', ']', '=']).any(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|char| char.is_ascii_uppercase() || char == '-')
            && word.contains(|char: char| char.is_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{book, lines};

    fn found(file: &str, text: &str) -> Vec<(usize, String)> {
        let files = [(
            "docs/transcripts/a.txt",
            "$ cargo xtask run option1 --workers 8\n",
        )];
        let (_folder, book) = book(&[(file, text)], &files);
        lines(&check(&book.pages[0], &book.transcripts))
    }

    #[test]
    fn a_part_of_a_recorded_command_is_in_order() {
        assert_eq!(
            found(
                "a.md",
                "Run `cargo xtask run\noption1` with `--workers 1`.\n"
            ),
            []
        );
    }

    #[test]
    fn a_command_that_no_test_runs_is_found() {
        let found = found("a.md", "# A\n\nRun `cargo xtask run option9`.\n");
        assert_eq!(found[0].0, 3);
        assert!(
            found[0]
                .1
                .starts_with("no transcript runs `cargo xtask run option9`"),
            "{found:?}"
        );
    }

    #[test]
    fn only_the_reference_has_placeholders() {
        assert_eq!(
            found("reference.md", "`cargo xtask run ID [--workers N]`\n"),
            []
        );
        assert_eq!(found("a.md", "`cargo xtask run ID`\n").len(), 1);
        assert_eq!(found("reference.md", "`cargo xtask run id`\n").len(), 1);
    }
}
