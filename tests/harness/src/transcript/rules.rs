//! What may differ between two runs of a transcript.

use regex::Regex;
use serde::Deserialize;

/// What no two runs have in common, in any transcript: a pattern, and what stands for it when two outputs are compared.
///
/// What is not listed here must be the same each time, or the transcript's own rules say why it is not.
const ALWAYS: [(&str, &str); 12] = [
    // A day and a time, as in a log, in HTTP and in `ls -l`.
    (
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|UTC|[+-]\d\d:?\d\d))?",
        "<time>",
    ),
    (
        r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
        "<time>",
    ),
    // Numbers that are a worker's or a process's, in prose, in a header, in JSON and in a log.
    (r#"(?i)\b(worker"?(?:[ :=]+|;desc="))\d+"#, "${1}<worker>"),
    (r#"\b(pid"?[ :=]+)\d+"#, "${1}<pid>"),
    // A row of `workers status`: the worker, its process, what it is doing, since when, two counts, and its memory.
    (
        r"(?m)^( *\d+ +)\d+( +(?:starting|ready|draining) +)\d+ (?:s|min|h|d)( +\S+ +\S+ +)\d+\.\d MiB$",
        "${1}<pid>${2}<time>${3}<memory>",
    ),
    (r#"("memory":)\d+"#, "${1}<memory>"),
    // Seconds since 1970, in JSON.
    (
        r#"("(since|written|expires|at)":)\d+(\.\d+)?"#,
        "${1}<time>",
    ),
    // How long something took, in Server-Timing, in a log and on a page; how long ago it was. A limit is written in neither way.
    (r"\bdur=\d+(\.\d+)?", "dur=<time>"),
    (r"\b\d+\.\d+ (?:µs|ms|s)\b", "<time>"),
    // Names that are drawn by lot or made by a hash.
    (
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "<id>",
    ),
    (r"\b[0-9a-f]{32,}\b", "<id>"),
    // The columns of a table are as wide as what stands in them.
    (r"[ \t]+", " "),
];

/// The rules by which two outputs of one transcript are compared.
pub(super) struct Rules {
    builds: bool,
    /// Patterns, and what stands for what they match.
    own: Vec<(Regex, String)>,
    always: Vec<(Regex, &'static str)>,
}

/// `NAME.toml` beside `NAME.txt`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Why the commands build what they run.
    builds: Option<String>,
    #[serde(default)]
    normalise: Vec<Written>,
}

/// One rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    pattern: String,
    with: String,
    /// Why this differs from run to run.
    why: String,
}

impl Rules {
    /// Reads a transcript's own rules; there may be none.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let compile = |written: Written| {
            if written.why.trim().is_empty() {
                return Err(format!(
                    "`why` of {:?} is empty: say why this differs from run to run",
                    written.pattern
                ));
            }
            // The text is a whole output, so that `^` and `$` are those of a line.
            let pattern = Regex::new(&format!("(?m){}", written.pattern))
                .map_err(|error| format!("`pattern` is no regular expression: {error}"))?;
            Ok((pattern, written.with))
        };
        let own = file.normalise.into_iter().map(compile);
        let always = ALWAYS.iter().map(|&(pattern, with)| {
            let pattern = Regex::new(pattern).expect("these patterns are regular expressions");
            (pattern, with)
        });
        Ok(Self {
            builds: file.builds.is_some(),
            own: own.collect::<Result<_, String>>()?,
            always: always.collect(),
        })
    }

    /// Whether its commands build what they run.
    pub(super) fn builds(&self) -> bool {
        self.builds
    }

    /// An output without what may differ.
    pub(super) fn normalise(&self, output: &[String]) -> Vec<String> {
        let mut text = output.join("\n");
        for (pattern, with) in &self.own {
            text = pattern.replace_all(&text, with).into_owned();
        }
        for (pattern, with) in &self.always {
            text = pattern.replace_all(&text, *with).into_owned();
        }
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }

    /// The transcript's own patterns that occur in none of these outputs: they excuse nothing, and would hide a change.
    pub(super) fn unused<'a>(&'a self, outputs: &[&[String]]) -> Vec<&'a str> {
        let texts: Vec<String> = outputs.iter().map(|output| output.join("\n")).collect();
        let patterns = self.own.iter().map(|(pattern, _)| pattern);
        let unused = patterns.filter(|pattern| !texts.iter().any(|text| pattern.is_match(text)));
        let written = |pattern: &'a Regex| pattern.as_str().trim_start_matches("(?m)");
        unused.map(written).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::without_chance;

    #[test]
    fn what_must_be_exact_stays() {
        for (one, other) in [
            ("hit", "miss"),
            ("HTTP/1.1 200 OK", "HTTP/1.1 413 Payload Too Large"),
            ("content-length: 131", "content-length: 132"),
            (r#"{"children":"v1"}"#, r#"{"children":"v2"}"#),
            ("8 workers", "7 workers"),
            ("1048576", "1048577"),
            ("a body of at most 2 MiB", "a body of at most 4 MiB"),
            ("given up after 30 s", "given up after 60 s"),
        ] {
            assert_ne!(without_chance(one), without_chance(other));
        }
    }

    #[test]
    fn a_rule_that_is_wrong_says_how() {
        for (rules, expected) in [
            (
                "[[normalise]]\npattern = '('\nwith = ''\nwhy = 'x'",
                "no regular expression",
            ),
            (
                "[[normalise]]\npattern = 'a'\nwith = ''\nwhy = ' '",
                "say why this differs",
            ),
            (
                "[[normalise]]\npattern = 'a'\nwith = ''",
                "missing field `why`",
            ),
            ("[[normalize]]\npattern = 'a'", "unknown field `normalize`"),
        ] {
            let error = Rules::parse(rules).err().unwrap();
            assert!(error.contains(expected), "{error}");
        }
    }
}
