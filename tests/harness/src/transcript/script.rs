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

impl Script {
    /// Reads a transcript.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut entries: Vec<Entry> = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let error = |what| format!("line {number}: {what}");
            if let Some(kind) = Kind::of(line).map_err(error)? {
                entries.push(Entry::new(kind, line));
                continue;
            }
            let Some(entry) = entries.last_mut() else {
                let what = "a transcript begins with a command (`$ …`) or a comment (`# …`)";
                return Err(error(what));
            };
            if let Some(more) = entry.continuation(line) {
                more.push_str(line.strip_prefix("> ").unwrap_or_default());
                entry.written.push(line.to_owned());
            } else if line.is_empty() {
                entry.space += 1;
            } else if entry.kind == Kind::Comment {
                let what = "output belongs below a command; a comment has none";
                return Err(error(what));
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
            return Err("line 1: there is no command (`$ …`) in it".to_owned());
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
        let terminal = |name| line.starts_with(&format!("# The {name} terminal"));
        let Some(number) = ["first", "second", "third"].into_iter().position(terminal) else {
            return Ok(Some(Self::Comment));
        };
        let text = line.split_once(", up to \"").map(|(_, text)| text);
        let up_to = text.map(|text| text.strip_suffix("\":").map(str::to_owned));
        if up_to == Some(None) {
            return Err("expected `# The first terminal, up to \"a text\":`");
        }
        let up_to = up_to.flatten();
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
            let error = Script::parse(text).unwrap_err();
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
