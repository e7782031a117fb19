//! Whether what a run has found is what the book says.

use std::{fs, path::Path};

use crate::{
    facts::count,
    report::{FORMAT, Fact, Report},
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

/// A sentence for each answer that was `asked` for and is not the committed one, and for each that is new or gone.
///
/// An answer that could not be measured here is another answer: nothing that was not asked passes for checked.
pub(crate) fn differences(
    committed: &Report,
    found: &Report,
    asked: impl Fn(&Fact) -> bool,
) -> Vec<String> {
    let mut sentences = Vec::new();
    let in_report = |report: &Report, fact: &Fact| {
        let answer = report.answer(&fact.option, &fact.question, fact.workers);
        answer.cloned()
    };
    for fact in committed.facts.iter().filter(|fact| asked(fact)) {
        let found = match in_report(found, fact) {
            Some(found) if found.agrees_with(&fact.answer) => continue,
            Some(found) => format!("found is “{found}”"),
            None => "it is not asked any more".to_owned(),
        };
        sentences.push(format!(
            "{}: committed is “{}”, {found}",
            fact.cell(),
            fact.answer
        ));
    }
    let is_new = |fact: &&Fact| in_report(committed, fact).is_none();
    for fact in found.facts.iter().filter(is_new) {
        sentences.push(format!(
            "{}: nothing is committed, found is “{}”",
            fact.cell(),
            fact.answer
        ));
    }
    sentences
}

/// How much of the book was asked, as a sentence: who asked for a part should not take it for the whole.
pub(crate) fn extent(committed: &Report, found: &Report) -> String {
    let workers: Vec<_> = found.workers().into_iter().map(count).collect();
    format!(
        "{} answers were asked for, of the {} in the book: about {} of {} options, with {}.",
        found.facts.len(),
        committed.facts.len(),
        found.options.len(),
        committed.options.len(),
        workers.join(" and ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answer::{Answer, Kind},
        report::tests::report,
    };

    /// Of a report with one change, against the report itself; about everything.
    fn after(change: impl FnOnce(&mut Report)) -> Vec<String> {
        let mut found = report();
        change(&mut found);
        differences(&report(), &found, |_| true)
    }

    #[test]
    fn a_report_agrees_with_itself() {
        assert_eq!(after(|_| ()), [""; 0]);
    }

    #[test]
    fn a_difference_names_option_question_workers_and_both_answers() {
        assert_eq!(
            after(|found| found.facts[1].answer = Answer::of(true)),
            [
                "global-variable, another-user, 8 workers: committed is “by chance, 3 of 8”, found is “yes”"
            ]
        );
    }

    #[test]
    fn an_answer_that_is_new_and_one_that_is_gone_are_differences() {
        let gone = after(|found| drop(found.facts.remove(0)));
        assert_eq!(
            gone,
            [
                "global-variable, another-user, 1 worker: committed is “yes”, it is not asked any more"
            ]
        );
        let mut committed = report();
        committed.facts.remove(0);
        assert_eq!(
            differences(&committed, &report(), |_| true),
            ["global-variable, another-user, 1 worker: nothing is committed, found is “yes”"]
        );
    }

    #[test]
    fn an_answer_that_was_not_measured_is_a_difference() {
        let left_open = Answer::new(Kind::NotMeasured, "Chromium is missing");
        assert_eq!(
            after(|found| found.facts[0].answer = left_open),
            [
                "global-variable, another-user, 1 worker: committed is “yes”, found is “not measured: Chromium is missing”"
            ]
        );
        let redis =
            "option1-redis, another-user, 1 worker: committed is “no”, it is not asked any more";
        let without_redis = after(|found| {
            found.options.remove(2);
            found.facts.retain(|fact| fact.option != "option1-redis");
        });
        assert_eq!((without_redis.len(), without_redis[0].as_str()), (4, redis));
    }

    #[test]
    fn who_asks_for_a_part_checks_that_part_and_is_told_so() {
        let mut found = report();
        found.facts.retain(|fact| fact.workers == 8);
        let asked = |fact: &Fact| fact.workers == 8;
        assert_eq!(differences(&report(), &found, asked), [""; 0]);
        assert_eq!(
            extent(&report(), &found),
            "6 answers were asked for, of the 12 in the book: about 3 of 3 options, with 8 workers."
        );
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
