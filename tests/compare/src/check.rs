//! Whether what a run has found is what the book says.

use std::{fs, path::Path};

use anyhow::{anyhow, ensure};

use crate::{
    facts::count,
    report::{FORMAT, Fact, Report},
};

/// Reads what the book has.
pub(crate) fn committed(path: &Path) -> anyhow::Result<Report> {
    let read = || {
        let report: Report = serde_json::from_str(&fs::read_to_string(path)?)?;
        let format = report.format;
        ensure!(
            format == FORMAT,
            "its shape is {format}, and wanted is {FORMAT}"
        );
        Ok(report)
    };
    read().map_err(|error| {
        let path = path.display();
        anyhow!("{path} is no comparison ({error}): `cargo xtask compare --bless` writes it anew")
    })
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
    let answer = |report: &Report, fact: &Fact| {
        let answer = report.answer(&fact.option, fact.question, fact.workers);
        answer.cloned()
    };
    for fact in committed.facts.iter().filter(|fact| asked(fact)) {
        let (cell, committed) = (fact.cell(), &fact.answer);
        match answer(found, fact) {
            Some(found) if found.agrees_with(committed) => {}
            Some(found) => sentences.push(format!(
                "{cell}: committed is “{committed}”, found is “{found}”"
            )),
            None => sentences.push(format!(
                "{cell}: committed is “{committed}”, it is not asked any more"
            )),
        }
    }
    for fact in &found.facts {
        if answer(committed, fact).is_none() {
            sentences.push(format!(
                "{}: nothing is committed, found is “{}”",
                fact.cell(),
                fact.answer
            ));
        }
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
        found.variants().len(),
        committed.variants().len(),
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
    fn a_difference_names_option_question_workers_and_both_answers() {
        assert_eq!(after(|_| ()), [""; 0]);
        assert_eq!(
            after(|found| found.facts[1].answer = Answer::of(true)),
            [
                "global-variable, other user, 8 workers: committed is “by chance, 3 of 8”, found is “yes”"
            ]
        );
    }

    #[test]
    fn an_answer_that_is_new_and_one_that_is_gone_are_differences() {
        let gone = after(|found| drop(found.facts.remove(0)));
        assert_eq!(
            gone,
            ["global-variable, other user, 1 worker: committed is “yes”, it is not asked any more"]
        );
        let mut committed = report();
        committed.facts.remove(0);
        assert_eq!(
            differences(&committed, &report(), |_| true),
            ["global-variable, other user, 1 worker: nothing is committed, found is “yes”"]
        );
    }

    #[test]
    fn an_answer_that_was_not_measured_is_a_difference() {
        let left_open = Answer::new(Kind::NotMeasured, "Chromium is missing");
        assert_eq!(
            after(|found| found.facts[0].answer = left_open),
            [
                "global-variable, other user, 1 worker: committed is “yes”, found is “not measured: Chromium is missing”"
            ]
        );
        let redis =
            "option1-redis, other user, 1 worker: committed is “no”, it is not asked any more";
        let without_redis = after(|found| {
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
    fn a_file_that_is_no_comparison_says_how_to_make_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("comparison.json");
        let error = || committed(&path).unwrap_err().to_string();
        let missing = error();
        assert!(
            missing.ends_with("`cargo xtask compare --bless` writes it anew"),
            "{missing}"
        );
        let (format, report) = (9, report());
        fs::write(
            &path,
            serde_json::to_string(&Report { format, ..report }).unwrap(),
        )
        .unwrap();
        assert!(
            error().contains("its shape is 9, and wanted is 2"),
            "{}",
            error()
        );
    }
}
