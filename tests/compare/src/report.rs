//! Everything that a run has found, as `comparison.json` holds it.

use serde::{Deserialize, Serialize};

use crate::{answer::Answer, facts::count, measure::Numbers, questions, subject};

/// The shape of the file. A reader that knows another number asks for a new file.
pub(crate) const FORMAT: u32 = 1;

/// What `comparison.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// The number of this shape: 1.
    pub(crate) format: u32,
    /// Where and when.
    pub(crate) made: Made,
    /// What is missing on that machine, and so in the rest.
    pub(crate) left_out: Vec<LeftOut>,
    /// What was compared, in the order of the tables.
    pub(crate) options: Vec<subject::Described>,
    /// What was asked, in the order of the tables.
    pub(crate) questions: Vec<questions::Described>,
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
    pub(crate) question: String,
    pub(crate) workers: usize,
    #[serde(flatten)]
    pub(crate) answer: Answer,
}

impl Report {
    /// The answer in a cell, if it was asked for.
    pub(crate) fn answer(&self, option: &str, question: &str, workers: usize) -> Option<&Answer> {
        let wanted = |fact: &&Fact| {
            (fact.option.as_str(), fact.question.as_str(), fact.workers)
                == (option, question, workers)
        };
        self.facts.iter().find(wanted).map(|fact| &fact.answer)
    }

    /// The numbers of an option, if they were taken.
    pub(crate) fn numbers(&self, option: &str) -> Option<&Numbers> {
        self.numbers.iter().find(|numbers| numbers.option == option)
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
    /// Such as `option1, reload, 8 workers`.
    pub(crate) fn cell(&self) -> String {
        format!(
            "{}, {}, {}",
            self.option,
            self.question,
            count(self.workers)
        )
    }
}

impl Made {
    /// Such as `Measured on 2026-11-22 with 2 cores and Linux 6.1, release build, in 204 s.`
    pub(crate) fn caption(&self) -> String {
        let Self {
            date,
            cores,
            kernel,
            build,
            seconds,
        } = self;
        format!("Measured on {date} with {cores} cores, {kernel}, {build} build, in {seconds} s.")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// Three options and two questions, with numbers, as no machine has measured them.
    pub(crate) fn report() -> Report {
        let fact = |option: &str, question: &str, workers: usize, answer: &str, how: &str| json!({"option": option, "question": question, "workers": workers, "answer": answer, "seen": 3, "of": 8, "how": how});
        let numbers = |option: &str, factor: u64, times: &[(&str, f64)]| {
            let traffic = |size: u64| json!({"size": size, "up": size * factor, "down": size});
            let time = |&(what, time): &(&str, f64)| json!({"what": what, "calls": 500, "median_ms": time, "p99_ms": time * 2.0});
            json!({
                "option": option,
                "traffic": [traffic(1_000), traffic(100_000), traffic(1_000_000)],
                "times": times.iter().map(time).collect::<Vec<_>>(),
                "memory": {"smallest_kib": 3072, "median_kib": 4096, "largest_kib": 5120},
                "limits": [{"limit": "size", "taken": 2_048_000, "refused": 4_096_000, "status": 413, "sentence": "Too large."}],
            })
        };
        let option = |id: &str, option: &str, place: &str| json!({"id": id, "option": option, "place": place, "command": "cargo xtask run"});
        let report = json!({
            "format": 1,
            "made": {"date": "2026-01-02", "cores": 2, "kernel": "Linux 6.1", "build": "release", "seconds": 9},
            "left_out": [],
            "options": [
                option("global-variable", "Global variable", ""),
                option("option1", "Option 1", "files"),
                option("option1-redis", "Option 1", "Redis"),
            ],
            "questions": [
                {"id": "another-user", "group": "Is it seen by", "text": "another person"},
                {"id": "reload", "group": "Does it survive", "text": "a reload"},
            ],
            "facts": [
                fact("global-variable", "another-user", 1, "yes", ""),
                fact("global-variable", "another-user", 8, "by-chance", ""),
                fact("global-variable", "reload", 1, "no", ""),
                fact("global-variable", "reload", 8, "no", ""),
                fact("option1", "another-user", 1, "no", ""),
                fact("option1", "another-user", 8, "no", ""),
                fact("option1", "reload", 1, "yes", "with a name"),
                fact("option1", "reload", 8, "yes", "with a name"),
                fact("option1-redis", "another-user", 1, "no", ""),
                fact("option1-redis", "another-user", 8, "no", ""),
                fact("option1-redis", "reload", 1, "yes", "with a name"),
                fact("option1-redis", "reload", 8, "yes", "with a name"),
            ],
            "numbers": [
                numbers("global-variable", 1, &[("read", 0.25)]),
                numbers("option1", 2, &[("read", 0.5)]),
                numbers("option1-redis", 2, &[("hit", 0.5), ("miss", 100.0)]),
            ],
        });
        serde_json::from_value(report).expect("the example has the shape")
    }

    #[test]
    fn a_report_is_the_same_after_it_was_written_and_read() {
        let report = report();
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }

    #[test]
    fn the_caption_says_where_and_when() {
        assert_eq!(
            report().made.caption(),
            "Measured on 2026-01-02 with 2 cores, Linux 6.1, release build, in 9 s."
        );
    }
}
