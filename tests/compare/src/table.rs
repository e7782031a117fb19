//! What every table is made of: options that answer alike are one row, and numbers are as short as people say them.

use crate::{
    answer::{Answer, Kind},
    facts::count,
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

/// What is to be said beside the cells of the facts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// A question, or what a cell says.
    pub(crate) of: String,
    /// What was told of it, each once, as sentences.
    pub(crate) told: Vec<String>,
}

/// What the cells of the facts leave unsaid: the ways in which something was so.
pub(crate) fn notes(report: &Report) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(Kind::ByChance { seen, of }) = report.facts.iter().find_map(by_chance) {
        let told = format!(
            "by chance, in {seen} of {of} trials: when the worker answers that has stored it."
        );
        notes.push(Note {
            of: format!("{seen}/{of}"),
            told: vec![told],
        });
    }
    for question in &report.questions {
        let asked = |fact: &&Fact| fact.question == question.id;
        let hows = report.facts.iter().filter(asked);
        let hows = hows.filter_map(|fact| Some((how(fact)?, fact.option.as_str())));
        let told = collected(report, hows).into_iter();
        let told: Vec<_> = told.map(|(who, how)| format!("{who}: {how}.")).collect();
        if !told.is_empty() {
            let of = format!("{} {}?", question.group, question.text);
            notes.push(Note { of, told });
        }
    }
    notes
}

/// Each text once, and before it the options that it is about, places of one option together.
fn collected<'a>(
    report: &Report,
    texts: impl Iterator<Item = (String, &'a str)>,
) -> Vec<(String, String)> {
    let mut collected: Vec<(String, Vec<&str>)> = Vec::new();
    for (text, id) in texts {
        match collected.iter_mut().find(|(other, _)| *other == text) {
            Some((_, ids)) => ids.push(id),
            None => collected.push((text, vec![id])),
        }
    }
    let name = |ids: &[&str]| {
        if report.options.len() > 1 && report.options.iter().all(|one| ids.contains(&&*one.id)) {
            return "Every option".to_owned();
        }
        let alike = |one: &str, other: &str| ids.contains(&one) == ids.contains(&other);
        let groups = groups(report, alike).into_iter();
        let named = groups.filter(|group| ids.contains(&&*group.ids[0]));
        named.map(|group| group.name).collect::<Vec<_>>().join("; ")
    };
    let named = |(text, ids): (String, Vec<&str>)| (name(&ids), text);
    collected.into_iter().map(named).collect()
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
        Kind::Failed => Some(format!("{}, {}", count(fact.workers), fact.answer)),
        _ => Some(fact.answer.to_string()),
    }
}

/// What ends the growth of the data, each with the options that it ends it for.
pub(crate) fn limits(report: &Report) -> Vec<(String, String)> {
    let met = report.numbers.iter().flat_map(|numbers| {
        let limits = numbers.limits.iter();
        limits.map(|met| (limit(met), numbers.option.as_str()))
    });
    collected(report, met)
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
                fact.answer = Answer::of(true).if_yes("with luck");
            }
        }
        let note = |of: &str, told: &[&str]| Note {
            of: of.to_owned(),
            told: told.iter().map(|&told| told.to_owned()).collect(),
        };
        assert_eq!(
            notes(&report),
            [
                note(
                    "3/8",
                    &["by chance, in 3 of 8 trials: when the worker answers that has stored it."]
                ),
                note(
                    "Does it survive a reload?",
                    &[
                        "Global variable: yes, with luck.",
                        "Option 1 (files, Redis): yes, with a name.",
                    ]
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
