//! Commands in the middle of a sentence: each is part of a recorded session, and so is run by a test.

use pulldown_cmark::Event;

use crate::{book::Book, finding::Finding, page::Page, repository::TRANSCRIPTS};

/// The programs whose commands a reader copies.
const PROGRAMS: [&str; 2] = ["cargo ", "curl "];

/// The one chapter that may name a command with words in capitals for what the reader fills in.
const REFERENCE: &str = "reference.md";

/// The commands of all sessions, each with one space between its words.
pub(super) fn recorded(book: &Book) -> Vec<String> {
    let files = book
        .files
        .iter()
        .filter(|file| file.starts_with(TRANSCRIPTS));
    let texts = files.filter_map(|file| book.repository.read(file).ok());
    texts.flat_map(|text| commands(&text)).collect()
}

/// The lines after `$ `, with those after `> ` in which they go on.
fn commands(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n> ", " ").replace("\n> ", " ");
    let commands = joined.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(words).collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn check(page: &Page, recorded: &[String]) -> Vec<Finding> {
    let (events, _) = page.events();
    let wrong = events.iter().filter_map(|(event, range)| {
        let Event::Code(code) = event else {
            return None;
        };
        let code = words(code);
        let is_command = PROGRAMS.iter().any(|program| code.starts_with(program));
        let is_run = recorded.iter().any(|command| command.contains(&code));
        let is_pattern = page.file == REFERENCE && has_placeholder(&code);
        let message = format!(
            "no transcript runs `{code}`; record it in {TRANSCRIPTS}, so that a test runs it"
        );
        (is_command && !is_run && !is_pattern).then(|| page.finding(range.start, message))
    });
    wrong.collect()
}

/// Whether a word in capitals stands for what the reader fills in, as in `cargo xtask run ID`.
fn has_placeholder(code: &str) -> bool {
    let mut words = code.split([' ', '[', ']', '=']);
    let is_capital = |char: char| char.is_ascii_uppercase() || char == '-';
    words.any(|word| word.chars().all(is_capital) && word.contains(|char: char| char != '-'))
}
