//! Whether what a run has found is what the book says.

use std::{fs, path::Path};

use anyhow::anyhow;

use crate::{
    facts::count,
    report::{Fact, Report},
};

/// Reads what the book has.
pub(crate) fn committed(path: &Path) -> anyhow::Result<Report> {
    let read = || Ok(serde_json::from_str(&fs::read_to_string(path)?)?);
    read().map_err(|error: anyhow::Error| {
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
    let answer = |report: &Report, fact: &Fact| {
        let answer = report.answer(&fact.option, fact.question, fact.workers);
        answer.cloned()
    };
    let mut sentences = Vec::new();
    for fact in committed.facts.iter().filter(|fact| asked(fact)) {
        let now = match answer(found, fact) {
            Some(found) if found.agrees_with(&fact.answer) => continue,
            Some(found) => format!("found is “{found}”"),
            None => "it is not asked any more".to_owned(),
        };
        let (cell, committed) = (fact.cell(), &fact.answer);
        sentences.push(format!("{cell}: committed is “{committed}”, {now}"));
    }
    let is_new = |fact: &&Fact| answer(committed, fact).is_none();
    for fact in found.facts.iter().filter(is_new) {
        let (cell, found) = (fact.cell(), &fact.answer);
        sentences.push(format!("{cell}: nothing is committed, found is “{found}”"));
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

    /// The one difference between the report and itself after `change`.
    fn after(change: impl FnOnce(&mut Report)) -> String {
        let mut found = report();
        change(&mut found);
        differences(&report(), &found, |_| true).concat()
    }

    #[test]
    fn a_difference_names_option_question_workers_and_both_answers() {
        assert_eq!(after(|_| ()), "");
        assert_eq!(
            after(|found| found.facts[1].answer = Answer::of(true)),
            "option1, reload, 8 workers: committed is “by chance, 3 of 8”, found is “yes”"
        );
        let left_open = Answer::new(Kind::NotMeasured, "Chromium is missing");
        assert_eq!(
            after(|found| found.facts[0].answer = left_open),
            "option1, reload, 1 worker: committed is “yes”, found is “not measured: Chromium is missing”"
        );
    }

    #[test]
    fn an_answer_that_is_new_and_one_that_is_gone_are_differences() {
        let mut one_less = report();
        one_less.facts.remove(0);
        assert_eq!(
            differences(&report(), &one_less, |_| true),
            ["option1, reload, 1 worker: committed is “yes”, it is not asked any more"]
        );
        assert_eq!(
            differences(&one_less, &report(), |_| true),
            ["option1, reload, 1 worker: nothing is committed, found is “yes”"]
        );
    }

    #[test]
    fn who_asks_for_a_part_checks_that_part_and_is_told_so() {
        let mut found = report();
        found.facts.retain(|fact| fact.workers == 8);
        let asked = |fact: &Fact| fact.workers == 8;
        assert_eq!(differences(&report(), &found, asked), [""; 0]);
        assert_eq!(
            extent(&report(), &found),
            "2 answers were asked for, of the 4 in the book: about 2 of 2 options, with 8 workers."
        );
    }

    #[test]
    fn a_file_that_is_no_comparison_says_how_to_make_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("comparison.json");
        for (text, why) in [(None, "No such file"), (Some("{}"), "missing field `made`")] {
            if let Some(text) = text {
                fs::write(&path, text).unwrap();
            }
            let error = committed(&path).unwrap_err().to_string();
            let advice = "`cargo xtask compare --bless` writes it anew";
            assert!(error.contains(why) && error.ends_with(advice), "{error}");
        }
    }
}
