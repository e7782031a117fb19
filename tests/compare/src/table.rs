//! What every table is made of: options that answer alike are one row, and numbers are as short as people say them.

use crate::{
    answer::{Answer, Kind},
    facts::noun,
    measure::{Limit, Numbers},
    report::{Fact, Report},
    subject,
};

/// Options that are shown as one, because what was found of them is the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Such as `Option 1 (files, SQLite, Redis)`.
    pub(crate) name: String,
    /// The option alone, and its places.
    pub(crate) option: String,
    pub(crate) places: Vec<String>,
    /// The ids, the first of which stands for all.
    pub(crate) ids: Vec<String>,
}

/// Puts places of one option together that `alike` says are alike. The order stays.
pub(crate) fn groups(report: &Report, alike: impl Fn(&str, &str) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for described in &report.options {
        let like = groups
            .iter_mut()
            .find(|group| group.option == described.option && alike(&group.ids[0], &described.id));
        match like {
            Some(group) => {
                group.ids.push(described.id.clone());
                group.places.push(described.place.clone());
            }
            None => groups.push(Group {
                name: String::new(),
                option: described.option.clone(),
                places: vec![described.place.clone()],
                ids: vec![described.id.clone()],
            }),
        }
    }
    for group in &mut groups {
        let places: Vec<_> = group.places.iter().map(String::as_str).collect();
        group.name = subject::name(&group.option, &places);
    }
    groups
}

/// What the cells of the facts leave unsaid: a question, or what a cell says, and the ways in which it was so, each once.
pub(crate) fn notes(report: &Report) -> Vec<(String, String)> {
    let mut notes = Vec::new();
    if let Some(Kind::ByChance { seen, of }) = report.facts.iter().find_map(by_chance) {
        let told = format!(
            "by chance, in {seen} of {of} trials: when the worker answers that has stored it."
        );
        notes.push((format!("{seen}/{of}:"), told));
    }
    for question in &report.questions {
        // What was told, and of which options.
        let mut told: Vec<(String, Vec<&str>)> = Vec::new();
        for fact in report
            .facts
            .iter()
            .filter(|fact| fact.question == question.id)
        {
            let option = report
                .options
                .iter()
                .find(|option| option.id == fact.option);
            let (Some(option), Some(how)) = (option, how(fact)) else {
                continue;
            };
            match told.iter_mut().find(|(other, _)| *other == how) {
                Some((_, options)) if options.contains(&option.option.as_str()) => {}
                Some((_, options)) => options.push(&option.option),
                None => told.push((how, vec![&option.option])),
            }
        }
        let asked = format!("{} {}?", question.group, question.text);
        notes.extend(told.into_iter().map(|(how, options)| {
            let options = options.join(", ");
            (asked.clone(), format!("{options}: {how}."))
        }));
    }
    notes
}

fn by_chance(fact: &Fact) -> Option<Kind> {
    matches!(fact.answer.kind, Kind::ByChance { .. }).then(|| fact.answer.kind.clone())
}

/// What is to be said of an answer beside its cell.
fn how(fact: &Fact) -> Option<String> {
    let Answer { kind, how } = &fact.answer;
    match kind {
        Kind::ByChance { .. } | Kind::NotApplicable => None,
        _ if how.is_empty() => None,
        Kind::Failed => {
            let workers = fact.workers;
            Some(format!("{workers} {}, {}", noun(workers), fact.answer))
        }
        _ => Some(fact.answer.to_string()),
    }
}

/// What ends the growth of the data, each with the options that it ends it for.
pub(crate) fn limits(report: &Report) -> Vec<(String, String)> {
    let mut met: Vec<(String, Vec<&str>)> = Vec::new();
    for numbers in &report.numbers {
        for text in numbers.limits.iter().map(limit) {
            match met.iter_mut().find(|(other, _)| *other == text) {
                Some((_, ids)) => ids.push(&numbers.option),
                None => met.push((text, vec![&numbers.option])),
            }
        }
    }
    let whom = |ids: &[&str]| {
        if report.numbers.len() > 1 && ids.len() == report.numbers.len() {
            return "Every option".to_owned();
        }
        let both = |one: &str, other: &str| ids.contains(&one) == ids.contains(&other);
        let names = groups(report, both)
            .into_iter()
            .filter(|group| ids.contains(&group.ids[0].as_str()))
            .map(|group| group.name);
        names.collect::<Vec<_>>().join("; ")
    };
    met.iter()
        .map(|(text, ids)| (whom(ids), text.clone()))
        .collect()
}

/// Whether two options have the same answers to all questions under all numbers of workers.
pub(crate) fn same_facts(report: &Report, one: &str, other: &str) -> bool {
    report.questions.iter().all(|question| {
        report.workers().into_iter().all(|workers| {
            let answer = |id| report.answer(id, &question.id, workers);
            match (answer(one), answer(other)) {
                (Some(one), Some(other)) => one.agrees_with(other),
                (one, other) => one.is_none() && other.is_none(),
            }
        })
    })
}

/// Whether two options send the same number of bytes, up to a fiftieth: the name of the place is in some answers.
pub(crate) fn same_traffic(report: &Report, one: &str, other: &str) -> bool {
    let total = |id: &str| -> Vec<u64> {
        let traffic = numbers(report, id).map(|numbers| &numbers.traffic);
        traffic
            .into_iter()
            .flatten()
            .map(|traffic| traffic.up + traffic.down)
            .collect()
    };
    let (one, other) = (total(one), total(other));
    one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(&one, &other)| one.abs_diff(other) * 50 <= one)
}

/// The numbers of an option, if they were taken.
pub(crate) fn numbers<'a>(report: &'a Report, id: &str) -> Option<&'a Numbers> {
    report.numbers.iter().find(|numbers| numbers.option == id)
}

/// Such as `730 B`, `4.1 kB`, `100 kB`, `2.05 MB`: three digits, and thousands as people who sell disks count them.
pub(crate) fn bytes(bytes: u64) -> String {
    let (divisor, unit) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..999_500 => (1e3, "kB"),
        _ => (1e6, "MB"),
    };
    format!("{} {unit}", three_digits(bytes as f64 / divisor))
}

/// Such as `0.31 ms`, `4.2 ms`, `101 ms`.
pub(crate) fn milliseconds(time: f64) -> String {
    format!("{} ms", three_digits(time))
}

/// Such as `5.4 MiB`.
pub(crate) fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1} MiB", kibibytes as f64 / 1024.0)
}

/// No more digits than a second run would give again.
fn three_digits(number: f64) -> String {
    let digits = match number {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    let text = format!("{number:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// What a limit looks like, as a sentence without its end.
fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Size {
            taken,
            refused,
            status,
            sentence,
        } => {
            let (taken, refused) = (bytes(*taken as u64), bytes(*refused as u64));
            format!("{taken} is taken, {refused} refused with status {status}: “{sentence}”")
        }
        Limit::NoSize { taken } => {
            format!("{} is taken, and no more was tried", bytes(*taken as u64))
        }
        Limit::Entries { newer } => {
            format!("{newer} newer results push out the oldest, which is then computed again")
        }
        Limit::NoEntries { newer } => format!("{newer} newer results push out nothing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn numbers_have_three_digits_and_a_unit() {
        for (number, text) in [
            (730, "730 B"),
            (1_000, "1 kB"),
            (4_096, "4.1 kB"),
            (100_000, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (2_048_000, "2.05 MB"),
            (12_345_678, "12.3 MB"),
        ] {
            assert_eq!(bytes(number), text);
        }
        assert_eq!(milliseconds(0.3114), "0.31 ms");
        assert_eq!(milliseconds(101.23), "101 ms");
        assert_eq!(mebibytes(5_530), "5.4 MiB");
    }

    #[test]
    fn places_that_answer_alike_are_one_group_and_others_are_not() {
        let report = report();
        let facts = groups(&report, |one, other| same_facts(&report, one, other));
        let names: Vec<_> = facts.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["Global variable", "Option 1 (files, Redis)"]);
        let none = groups(&report, |_, _| false);
        assert_eq!(none.len(), 3);
        assert_eq!(none[2].name, "Option 1, Redis");
    }

    #[test]
    fn what_is_to_be_said_of_several_options_is_said_once() {
        let mut report = report();
        for fact in &mut report.facts {
            if fact.question == "reload" && fact.option == "global-variable" {
                fact.answer = Answer::of(true).if_yes("with a name");
            }
        }
        assert_eq!(
            notes(&report),
            [
                (
                    "3/8:".to_owned(),
                    "by chance, in 3 of 8 trials: when the worker answers that has stored it."
                        .to_owned()
                ),
                (
                    "Does it survive a reload?".to_owned(),
                    "Global variable, Option 1: yes, with a name.".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn a_limit_of_every_option_is_one_line_and_any_other_names_its_options() {
        let mut report = report();
        let too_large = "2.05 MB is taken, 4.1 MB refused with status 413: “Too large.”".to_owned();
        assert_eq!(
            limits(&report),
            [("Every option".to_owned(), too_large.clone())]
        );
        report.numbers[0].limits = vec![Limit::NoSize { taken: 1_000 }];
        assert_eq!(
            limits(&report),
            [
                (
                    "Global variable".to_owned(),
                    "1 kB is taken, and no more was tried".to_owned()
                ),
                ("Option 1 (files, Redis)".to_owned(), too_large),
            ]
        );
    }

    #[test]
    fn traffic_is_the_same_up_to_a_fiftieth() {
        let mut report = report();
        assert!(same_traffic(&report, "option1", "option1-redis"));
        report.numbers[1].traffic[0].up *= 2;
        assert!(!same_traffic(&report, "option1", "option1-redis"));
    }
}
