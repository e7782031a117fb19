//! The text of a transcript: what was typed, and what came back.

use std::fmt;

/// A transcript's entries, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) entries: Vec<Entry>,
}

/// What somebody typed or remarked, and the output below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// As it is written, prompts included.
    written: Vec<String>,
    pub(super) output: Vec<String>,
    /// How many empty lines follow, which are layout and no output.
    space: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `$ command`, without its prompts.
    Command(String),
    /// `^C`: the key that ends what runs in the terminal in question.
    Interrupt,
    /// `# The first terminal …`: which of the servers is in question, counted from 0, and up to which text its output is awaited.
    Terminal {
        number: usize,
        up_to: Option<String>,
    },
    /// Any other line with `#`.
    Comment,
}

/// A line that is not as a transcript's lines are.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct ScriptError {
    line: usize,
    what: &'static str,
}

/// How a terminal is called in a comment, by the order in which their servers were started.
const TERMINALS: [&str; 4] = [
    "# The first terminal",
    "# The second terminal",
    "# The third terminal",
    "# The fourth terminal",
];

impl Script {
    /// Reads a transcript.
    pub(super) fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut entries: Vec<Entry> = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let error = |what| Err(ScriptError { line: number, what });
            if let Some(kind) = Kind::of(line).map_err(|what| ScriptError { line: number, what })? {
                entries.push(Entry::new(kind, line));
                continue;
            }
            let Some(entry) = entries.last_mut() else {
                return error("a transcript begins with a command (`$ …`) or a comment (`# …`)");
            };
            if let Some(more) = entry.continuation(line) {
                more.push_str(line.strip_prefix("> ").unwrap_or_default());
                entry.written.push(line.to_owned());
            } else if line.is_empty() {
                entry.space += 1;
            } else if entry.kind == Kind::Comment {
                return error("output belongs below a command; a comment has none");
            } else {
                // Empty lines between two lines of output are output.
                let empty = std::mem::take(&mut entry.space);
                entry
                    .output
                    .extend(std::iter::repeat_n(String::new(), empty));
                entry.output.push(line.to_owned());
            }
        }
        if entries.iter().all(|entry| entry.kind == Kind::Comment) {
            let what = "there is no command (`$ …`) in it";
            return Err(ScriptError { line: 1, what });
        }
        Ok(Self { entries })
    }
}

impl Entry {
    fn new(kind: Kind, line: &str) -> Self {
        Self {
            kind,
            written: vec![line.to_owned()],
            output: Vec::new(),
            space: 0,
        }
    }

    /// The command, with a new line begun, if `line` goes on with it.
    fn continuation(&mut self, line: &str) -> Option<&mut String> {
        let goes_on = self.output.is_empty() && self.space == 0;
        match &mut self.kind {
            Kind::Command(command) if goes_on && (line == ">" || line.starts_with("> ")) => {
                command.push('\n');
                Some(command)
            }
            _ => None,
        }
    }

    /// The same entry with another output.
    ///
    /// A line that would be read as something else than output is an error: nobody could tell it from a command.
    pub(super) fn with_output(&self, output: Vec<String>) -> Result<Self, String> {
        let is_output = |line: &&String| !matches!(Kind::of(line), Ok(None));
        if let Some(line) = output.iter().find(is_output) {
            return Err(format!(
                "the output has the line {line:?}, which reads like a command or a comment: let the command change it"
            ));
        }
        if matches!(&self.kind, Kind::Command(_))
            && output.first().is_some_and(|line| line.starts_with("> "))
        {
            return Err(
                "the output begins with `> `, which reads like more of the command".to_owned(),
            );
        }
        Ok(Self {
            output,
            ..self.clone()
        })
    }
}

impl Kind {
    /// What a line begins, unless it is output.
    fn of(line: &str) -> Result<Option<Self>, &'static str> {
        if let Some(command) = line.strip_prefix("$ ") {
            return Ok(Some(Self::Command(command.to_owned())));
        }
        if line == "^C" {
            return Ok(Some(Self::Interrupt));
        }
        if line != "#" && !line.starts_with("# ") {
            return Ok(None);
        }
        let terminal = TERMINALS
            .iter()
            .enumerate()
            .find_map(|(number, name)| Some((number, line.strip_prefix(name)?)));
        let Some((number, rest)) = terminal else {
            return Ok(Some(Self::Comment));
        };
        let up_to = match rest.split_once(", up to \"") {
            None => None,
            Some((_, text)) => Some(
                text.strip_suffix("\":")
                    .ok_or("expected `# The first terminal, up to \"a text\":`")?
                    .to_owned(),
            ),
        };
        Ok(Some(Self::Terminal { number, up_to }))
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            for line in entry.written.iter().chain(&entry.output) {
                writeln!(f, "{line}")?;
            }
            f.write_str(&"\n".repeat(entry.space))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# ANCHOR: run
$ cargo xtask run option1
listening on http://127.0.0.1:8050 (option1, 1 worker)
# ANCHOR_END: run

$ curl -s http://127.0.0.1:8050/ \\
>   -H 'X: 1' |
> head -3
one

two

# The first terminal, up to \"replaced\":
worker 1 died
it is replaced
^C
";

    fn kinds(text: &str) -> Vec<Kind> {
        let script = Script::parse(text).unwrap();
        script.entries.into_iter().map(|entry| entry.kind).collect()
    }

    #[test]
    fn commands_comments_and_keys_are_told_apart() {
        let first = "cargo xtask run option1".to_owned();
        let second = "curl -s http://127.0.0.1:8050/ \\\n  -H 'X: 1' |\nhead -3".to_owned();
        let expected = [
            Kind::Comment,
            Kind::Command(first),
            Kind::Comment,
            Kind::Command(second),
            Kind::Terminal {
                number: 0,
                up_to: Some("replaced".to_owned()),
            },
            Kind::Interrupt,
        ];
        assert_eq!(kinds(TEXT), expected);
    }

    #[test]
    fn an_empty_line_is_output_only_between_lines_of_output() {
        let script = Script::parse(TEXT).unwrap();
        assert_eq!(script.entries[3].output, ["one", "", "two"]);
        assert_eq!(script.entries[2].output, [""; 0]);
    }

    #[test]
    fn what_was_read_is_written_as_it_was() {
        assert_eq!(Script::parse(TEXT).unwrap().to_string(), TEXT);
    }

    #[test]
    fn a_line_in_the_wrong_place_is_named_by_its_number() {
        for (text, expected) in [
            ("output\n$ a\n", "line 1: a transcript begins with"),
            (
                "$ a\n# why\noutput\n",
                "line 3: output belongs below a command",
            ),
            (
                "$ a\n# The first terminal, up to \"x\n",
                "line 2: expected `# The first",
            ),
            ("# only this\n", "line 1: there is no command"),
            ("", "line 1: there is no command"),
        ] {
            let error = Script::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn output_that_reads_like_a_command_is_refused() {
        let entry = &Script::parse("$ a\n").unwrap().entries[0];
        for line in ["$ b", "# c", "^C", "> d"] {
            assert!(entry.with_output(vec![line.to_owned()]).is_err(), "{line}");
        }
        let later = vec!["a".to_owned(), "> d".to_owned()];
        assert!(entry.with_output(later).is_ok());
    }
}
