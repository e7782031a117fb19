//! Everything that a run has found, as `comparison.json` holds it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    answer::{Answer, Kind},
    facts::count,
    measure::Numbers,
    questions::Question,
    variant::{self, Variant},
};

/// What `comparison.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Where and when.
    pub(crate) made: Made,
    /// What is missing on that machine, and so in the rest.
    pub(crate) left_out: Vec<LeftOut>,
    /// One answer for each option, question and number of workers.
    pub(crate) facts: Vec<Fact>,
    /// One set for each option; none when only the facts were wanted.
    pub(crate) numbers: Vec<Numbers>,
}

/// The machine and the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// As year, month, day.
    pub(crate) date: String,
    /// How many processors the run could use.
    pub(crate) cores: usize,
    /// The kernel's name and version, such as `Linux 6.1`.
    pub(crate) kernel: String,
    /// `release` or `dev`.
    pub(crate) build: String,
    /// How long it took, in seconds, without building.
    pub(crate) seconds: u64,
}

/// Something that could not be measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LeftOut {
    /// `a browser` or `Redis`.
    pub(crate) what: String,
    /// Such as `Chromium is missing`.
    pub(crate) why: String,
}

/// One cell of the table of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fact {
    pub(crate) option: String,
    pub(crate) question: Question,
    pub(crate) workers: usize,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

impl Report {
    /// The answer in a cell, if it was asked for.
    pub(crate) fn answer(
        &self,
        option: &str,
        question: Question,
        workers: usize,
    ) -> Option<&Answer> {
        let cell = (option, question, workers);
        let mut facts = self.facts.iter();
        let fact = facts.find(|fact| (&*fact.option, fact.question, fact.workers) == cell);
        fact.map(|fact| &fact.answer)
    }

    /// A sentence for each answer that there should be and is not.
    pub(crate) fn failures(&self) -> Vec<String> {
        let failed = |fact: &&Fact| fact.answer.kind == Kind::Failed;
        let failed = self.facts.iter().filter(failed);
        failed.map(ToString::to_string).collect()
    }

    /// What was compared, in the order of the tables.
    pub(crate) fn variants(&self) -> Vec<Variant> {
        let is_here = |variant: &Variant| self.facts.iter().any(|fact| fact.option == variant.id());
        variant::all().filter(is_here).collect()
    }

    /// What was asked, in the order of the tables.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let is_here =
            |question: &Question| self.facts.iter().any(|fact| fact.question == *question);
        Question::ALL.into_iter().filter(is_here).collect()
    }

    /// The numbers of workers under which it was asked.
    pub(crate) fn workers(&self) -> Vec<usize> {
        let mut workers: Vec<_> = self.facts.iter().map(|fact| fact.workers).collect();
        workers.sort_unstable();
        workers.dedup();
        workers
    }
}

impl Fact {
    /// Such as `option1, all killed, 8 workers`.
    pub(crate) fn cell(&self) -> String {
        let (option, question) = (&self.option, self.question.heading());
        format!("{option}, {question}, {}", count(self.workers))
    }
}

/// With its answer.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.cell(), self.answer)
    }
}

impl Made {
    /// Such as `Measured on 2026-11-22 with 2 cores and Linux 6.1, release build, in 204 s.`
    pub(crate) fn caption(&self) -> String {
        let (date, cores, seconds) = (&self.date, self.cores, self.seconds);
        let (kernel, build) = (&self.kernel, &self.build);
        format!("Measured on {date} with {cores} cores, {kernel}, {build} build, in {seconds} s.")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// Two options, asked one question, as no machine has answered it.
    pub(crate) fn report() -> Report {
        let fact = |option, workers, answer| {
            json!({
                "option": option, "question": "reload", "workers": workers,
                "answer": answer, "seen": 3, "of": 8,
            })
        };
        let made = json!({"date": "", "cores": 2, "kernel": "", "build": "", "seconds": 9});
        let report = json!({
            "made": made,
            "left_out": [],
            "facts": [
                fact("option1", 1, "yes"),
                fact("option1", 8, "by-chance"),
                fact("option1-redis", 1, "no"),
                fact("option1-redis", 8, "no"),
            ],
            "numbers": [],
        });
        serde_json::from_value(report).expect("the example has the shape")
    }
}
