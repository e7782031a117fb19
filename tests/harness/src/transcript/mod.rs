//! Transcripts: the terminal sessions of the book, which are run to see whether they are still true.
//!
//! A transcript is a file `docs/transcripts/NAME.txt`. A line `$ command` is what the reader types, and lines with `> ` directly below
//! go on with it. What follows is the output. Lines with `#` are comments. All commands run in one shell, except those that start a
//! server (`cargo xtask run …`, `redis-server …`, a program with `--bind`): each has a terminal of its own, shows what it writes until
//! it is ready, and goes on until the end of the transcript. `# The first terminal, up to "a text":` waits for a later line of such
//! a server and shows its lines up to there; `^C` ends the server that was started or named last.
//!
//! `.data` and the addresses of 127.0.0.1 in a transcript stand for a new folder and free ports in each run.
//! What differs from run to run is left out of the comparison: see `rules.rs`, and `NAME.toml` beside a transcript, which says
//! what else differs in this one, and why; and, with `builds`, why its commands build what they run, as a reader's do. Those of the others
//! find the apps built.

mod places;
mod rules;
mod script;
mod terminals;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use similar::TextDiff;

use self::{rules::Rules, script::Script, terminals::Terminals};
use crate::xtask;

/// Where the book's transcripts are, in the workspace.
const FOLDER: &str = "docs/transcripts";

/// A text without what no two runs have in common: times, process ids, the numbers of workers, how much memory there is.
pub fn without_chance(text: &str) -> String {
    let rules = Rules::parse("").expect("no rules of its own are no wrong ones");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    rules.normalise(&lines).join("\n")
}

/// A transcript that can be run again.
pub struct Transcript {
    name: String,
    path: PathBuf,
    script: Script,
    rules: Rules,
}

/// Why a transcript is not true, or could not be run.
#[derive(Debug, thiserror::Error)]
#[error("{of}: {what}")]
pub struct TranscriptError {
    /// The transcript, or one of its files.
    of: String,
    what: String,
}

impl Transcript {
    /// All transcripts of the book, by their names.
    pub fn all() -> Result<Vec<Self>, TranscriptError> {
        let folder = xtask::workspace().join(FOLDER);
        let error = |error: io::Error| wrong(&folder, error.to_string());
        let mut paths = Vec::new();
        for entry in fs::read_dir(&folder).map_err(error)? {
            let path = entry.map_err(error)?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("txt") => paths.push(path),
                Some("toml") if path.with_extension("txt").exists() => {}
                _ => {
                    let what = "is neither a transcript (.txt) nor the rules of one (.toml)";
                    return Err(wrong(&path, what));
                }
            }
        }
        if paths.is_empty() {
            return Err(wrong(&folder, "no transcript in it"));
        }
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Result<Self, TranscriptError> {
        let file =
            |path: &Path| fs::read_to_string(path).map_err(|error| wrong(path, error.to_string()));
        let script = Script::parse(&file(path)?).map_err(|what| wrong(path, what))?;
        let beside = path.with_extension("toml");
        let rules = if beside.exists() { &file(&beside)? } else { "" };
        let rules = Rules::parse(rules).map_err(|what| wrong(&beside, what))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.into_owned(),
            path: path.to_owned(),
            script,
            rules,
        })
    }

    /// What failures call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs its commands, and compares what comes back with what it says.
    pub async fn check(&self) -> Result<(), TranscriptError> {
        let now = self.run().await?;
        let (then, now) = (self.normal(&self.script), self.normal(&now));
        if then == now {
            return Ok(());
        }
        let diff = TextDiff::from_lines(&then, &now);
        Err(self.failed(format!(
            "this is no longer what comes back (-: the book, +: this run):\n{}\n\
             If the change is meant, run `cargo xtask docs --bless` and read the diff.",
            diff.unified_diff().context_radius(2)
        )))
    }

    /// Runs its commands, and writes down what comes back.
    ///
    /// If that differs only in what may differ, the file stays as it is, so that the change that is read is the one that was made.
    pub async fn bless(&self) -> Result<(), TranscriptError> {
        let now = self.run().await?;
        if self.normal(&now) == self.normal(&self.script) {
            return Ok(());
        }
        let error = |error: io::Error| wrong(&self.path, error.to_string());
        // Whoever edits it meanwhile has the last word.
        if fs::read_to_string(&self.path).map_err(error)? != self.script.to_string() {
            return Err(wrong(&self.path, "changed while it was run: run it again"));
        }
        fs::write(&self.path, now.to_string()).map_err(error)
    }

    /// The same transcript with what comes back now.
    async fn run(&self) -> Result<Script, TranscriptError> {
        let error = |what| self.failed(what);
        let mut terminals = Terminals::open(self.rules.builds());
        let mut entries = Vec::new();
        for entry in &self.script.entries {
            let output = terminals.perform(&entry.kind).await.map_err(error)?;
            entries.push(entry.with_output(output).map_err(error)?);
        }
        let outputs: Vec<&[String]> = entries.iter().map(|entry| &entry.output[..]).collect();
        if let Some(pattern) = self.rules.unused(&outputs).first() {
            return Err(error(format!(
                "nothing in the outputs matches the pattern {pattern:?} of {}: mend or remove it",
                self.path.with_extension("toml").display()
            )));
        }
        Ok(Script { entries })
    }

    fn failed(&self, what: String) -> TranscriptError {
        let of = self.name.clone();
        TranscriptError { of, what }
    }

    /// A script's text without what may differ.
    fn normal(&self, script: &Script) -> String {
        let mut script = script.clone();
        for entry in &mut script.entries {
            entry.output = self.rules.normalise(&entry.output);
        }
        script.to_string()
    }
}

fn wrong(path: &Path, what: impl Into<String>) -> TranscriptError {
    TranscriptError {
        of: path.display().to_string(),
        what: what.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(text: &str, rules: &str) -> (tempfile::TempDir, Transcript) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("example.txt");
        fs::write(&path, text).unwrap();
        fs::write(path.with_extension("toml"), rules).unwrap();
        let transcript = Transcript::read(&path).unwrap();
        (folder, transcript)
    }

    #[tokio::test]
    async fn a_line_too_few_and_a_line_too_many_are_wrong() {
        for text in [
            "$ echo a\n",
            "$ echo a\na\nb\n",
            "$ true\na\n",
            "$ echo; echo a\na\n",
        ] {
            let (_folder, wrong) = transcript(text, "");
            assert!(wrong.check().await.is_err(), "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_limit_that_has_changed_is_shown_and_written_down_and_layout_stays() {
        let text = "# one\n$ echo \\\n> 'at most 4 MiB'\nat most 2 MiB\n\n# two\n$ true\n";
        let (folder, transcript) = transcript(text, "");
        let message = transcript.check().await.unwrap_err().to_string();
        assert!(
            message.contains("\n-at most 2 MiB\n+at most 4 MiB\n"),
            "{message}"
        );
        assert!(message.contains("cargo xtask docs --bless"), "{message}");
        transcript.bless().await.unwrap();
        let written = fs::read_to_string(folder.path().join("example.txt")).unwrap();
        assert_eq!(written, text.replace("2 MiB", "4 MiB"));
    }

    #[tokio::test]
    async fn a_transcript_that_is_true_stays_as_it_is() {
        let text = "$ echo worker 3\nworker 8\n";
        let (folder, transcript) = transcript(text, "");
        transcript.check().await.unwrap();
        transcript.bless().await.unwrap();
        let written = fs::read_to_string(folder.path().join("example.txt")).unwrap();
        assert_eq!(
            written, text,
            "a worker's number is none that could be wrong"
        );
    }

    #[tokio::test]
    async fn a_rule_that_matches_nothing_is_an_error() {
        let rules = "[[normalise]]\npattern = 'b'\nwith = ''\nwhy = 'x'";
        let (_folder, transcript) = transcript("$ echo a\na\n", rules);
        let message = transcript.check().await.unwrap_err().to_string();
        assert!(message.contains("the pattern \"b\""), "{message}");
    }
}
