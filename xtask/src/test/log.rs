//! What a suite prints, and the test results in it.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, bail};

/// The lines of one suite: shown as they come, or kept until it is over.
#[derive(Debug)]
pub(super) struct Log {
    shown: bool,
    text: String,
    tests: Tests,
}

/// How the tests of a suite went, according to its test programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tests {
    pub(super) passed: usize,
    pub(super) ignored: usize,
    /// Their names.
    pub(super) failed: Vec<String>,
}

impl Log {
    pub(super) fn shown() -> Self {
        Self::new(true)
    }

    pub(super) fn kept() -> Self {
        Self::new(false)
    }

    fn new(shown: bool) -> Self {
        Self {
            shown,
            text: String::new(),
            tests: Tests::default(),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn tests(&self) -> &Tests {
        &self.tests
    }

    pub(super) fn line(&mut self, line: &str) {
        self.tests.read(line);
        if self.shown {
            println!("{line}");
            // Without this, redirected output would come in blocks, and not while the suite runs.
            let _ = io::stdout().flush();
        } else {
            self.text += line;
            self.text.push('\n');
        }
    }

    /// Writes a line that shows the command, and runs it. Its standard output and standard error become lines in the order in which they come.
    ///
    /// # Errors
    ///
    /// When it does not start, and when it ends with anything but success.
    pub(super) fn run(&mut self, shown: &str, command: &mut Command) -> anyhow::Result<()> {
        self.line(&format!("$ {shown}"));
        let name = command.get_program().display().to_string();
        let (output, input) = io::pipe()?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(input.try_clone()?)
            .stderr(input)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        // `command` still holds the writing ends of the pipe. Until they are closed, the pipe does not end.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        for line in BufReader::new(output).split(b'\n') {
            self.line(&String::from_utf8_lossy(&line?));
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("{shown} ended with {status}");
        }
        Ok(())
    }
}

impl Tests {
    /// How many were run.
    pub(super) fn run(&self) -> usize {
        self.passed + self.failed.len()
    }

    /// Understands `test NAME ... FAILED` and `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn read(&mut self, line: &str) {
        let Some(line) = line.strip_prefix("test ") else {
            return;
        };
        if let Some(name) = line.strip_suffix(" ... FAILED") {
            // libtest-mimic fills names up to one width.
            self.failed.push(name.trim_end().to_owned());
        } else if let Some(result) = line.strip_prefix("result: ") {
            let count = |word: &str| {
                let counts = result.split([';', '.']).map(str::trim);
                let mut counts =
                    counts.filter_map(|part| part.strip_suffix(word)?.trim().parse().ok());
                counts.next().unwrap_or(0usize)
            };
            self.passed += count("passed");
            self.ignored += count("ignored");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_test_programs_say_is_counted() {
        let mut log = Log::kept();
        for line in [
            "test a::b ... ok",
            "test a::c     ... FAILED",
            "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            log.line(line);
        }
        let expected = Tests {
            passed: 43,
            ignored: 2,
            failed: vec!["a::c".to_owned()],
        };
        assert_eq!(*log.tests(), expected);
        assert_eq!(log.text().lines().count(), 4);
    }

    #[test]
    fn both_outputs_of_a_command_are_kept_and_its_failure_is_an_error() {
        let mut log = Log::kept();
        let script = "echo out; echo err >&2; exit 3";
        let error = log
            .run("the script", Command::new("sh").args(["-c", script]))
            .unwrap_err();
        assert_eq!(log.text(), "$ the script\nout\nerr\n");
        assert_eq!(error.to_string(), "the script ended with exit status: 3");
    }
}
