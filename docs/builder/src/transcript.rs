//! Recorded terminal sessions: `$ command` lines, each with what it printed.

use crate::repository::{Repository, TRANSCRIPTS};

/// One file of `docs/transcripts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transcript {
    /// As seen from the repository's root.
    pub(crate) path: String,
    pub(crate) commands: Vec<String>,
}

/// All transcripts.
pub(crate) fn transcripts(repository: &Repository) -> Vec<Transcript> {
    let files = repository.files_below(TRANSCRIPTS).into_iter();
    let transcript = |path: String| {
        let text = repository.read(&path).ok()?;
        let commands = commands(&text);
        Some(Transcript { path, commands })
    };
    files
        .filter(|path| path.ends_with(".txt"))
        .filter_map(transcript)
        .collect()
}

/// The commands of a session. Lines with `> ` directly below a command go on with it.
fn commands(text: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(command.to_owned());
            goes_on = true;
        } else if let (Some(part), Some(command), true) =
            (line.strip_prefix("> "), commands.last_mut(), goes_on)
        {
            *command = format!("{} {part}", command.trim_end_matches('\\'));
        } else {
            goes_on = false;
        }
    }
    commands.iter().map(|command| words(command)).collect()
}

/// The text with one space between its words.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_may_go_on_in_the_next_lines() {
        let text = "# ANCHOR: a\n$ curl --silent \\\n>   http://127.0.0.1:8050/\n{}\n> no command\n$ cargo xtask list\nID\n";
        let expected = ["curl --silent http://127.0.0.1:8050/", "cargo xtask list"];
        assert_eq!(commands(text), expected);
    }
}
