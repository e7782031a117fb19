//! Whether what a run has found is what the book says.

use std::{fs, path::Path};

use crate::{
    answer::Kind,
    facts::noun,
    report::{FORMAT, Report},
};

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("cannot read {path}: {error}; `cargo xtask compare --bless` writes it")]
    Missing { path: String, error: std::io::Error },
    #[error("{path} is no comparison ({error}); `cargo xtask compare --bless` writes it anew")]
    Broken {
        path: String,
        error: serde_json::Error,
    },
    #[error(
        "{path} has the shape {found}, and this program knows {FORMAT}; `cargo xtask compare --bless` writes it anew"
    )]
    OtherFormat { path: String, found: u32 },
}

/// Reads what the book has.
pub(crate) fn committed(path: &Path) -> Result<Report, ReadError> {
    let shown = || path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| ReadError::Missing {
        path: shown(),
        error,
    })?;
    let report: Report = serde_json::from_str(&text).map_err(|error| ReadError::Broken {
        path: shown(),
        error,
    })?;
    match report.format {
        FORMAT => Ok(report),
        found => Err(ReadError::OtherFormat {
            path: shown(),
            found,
        }),
    }
}

/// A sentence for each answer that is not the committed one, and for each that is new or gone.
///
/// What could not be measured here is no difference: that it was left out was said at the start.
pub(crate) fn differences(committed: &Report, found: &Report) -> Vec<String> {
    let left_out = |id: &str| !found.options.iter().any(|option| option.id == id);
    let mut sentences = Vec::new();
    for fact in &found.facts {
        if fact.answer.kind == Kind::NotMeasured {
            continue;
        }
        let place = format!(
            "{}, {}, {} {}",
            fact.option,
            fact.question,
            fact.workers,
            noun(fact.workers)
        );
        match committed.answer(&fact.option, &fact.question, fact.workers) {
            Some(answer) if answer.agrees_with(&fact.answer) => {}
            Some(answer) => sentences.push(format!(
                "{place}: committed is “{answer}”, found is “{}”",
                fact.answer
            )),
            None => sentences.push(format!(
                "{place}: nothing is committed, found is “{}”",
                fact.answer
            )),
        }
    }
    for fact in &committed.facts {
        let gone = found
            .answer(&fact.option, &fact.question, fact.workers)
            .is_none();
        if gone && !left_out(&fact.option) {
            let workers = format!("{} {}", fact.workers, noun(fact.workers));
            sentences.push(format!(
                "{}, {}, {workers}: committed is “{}”, and it is not asked any more",
                fact.option, fact.question, fact.answer
            ));
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{answer::Answer, report::tests::report};

    #[test]
    fn a_report_agrees_with_itself() {
        assert_eq!(differences(&report(), &report()), [""; 0]);
    }

    #[test]
    fn a_difference_names_option_question_workers_and_both_answers() {
        let mut found = report();
        found.facts[1].answer = Answer::of(true);
        assert_eq!(
            differences(&report(), &found),
            [
                "global-variable, another-user, 8 workers: committed is “by chance, 3 of 8”, found is “yes”"
            ]
        );
    }

    #[test]
    fn an_answer_that_is_new_and_one_that_is_gone_are_differences() {
        let mut found = report();
        let gone = found.facts.remove(0);
        assert_eq!(
            differences(&report(), &found),
            [
                "global-variable, another-user, 1 worker: committed is “yes”, and it is not asked any more"
            ]
        );
        found.facts.insert(0, gone);
        let mut committed = report();
        committed.facts.remove(0);
        assert_eq!(
            differences(&committed, &found),
            ["global-variable, another-user, 1 worker: nothing is committed, found is “yes”"]
        );
    }

    #[test]
    fn what_was_left_out_here_is_no_difference() {
        let mut found = report();
        found.options.remove(2);
        found.facts.retain(|fact| fact.option != "option1-redis");
        found.facts[0].answer = Answer::new(Kind::NotMeasured, "Chromium is missing");
        assert_eq!(differences(&report(), &found), [""; 0]);
    }

    #[test]
    fn a_file_that_is_not_there_says_how_to_make_it() {
        let error = committed(Path::new("/nowhere/comparison.json"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/nowhere/comparison.json") && error.contains("compare --bless"),
            "{error}"
        );
    }

    #[test]
    fn a_file_of_another_shape_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("comparison.json");
        for (content, told) in [
            ("{}".to_owned(), "is no comparison"),
            (
                serde_json::to_string(&Report {
                    format: 9,
                    ..report()
                })
                .unwrap(),
                "has the shape 9",
            ),
        ] {
            fs::write(&path, content).unwrap();
            let error = committed(&path).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
