//! Options that are named together, because the same was found of them.

use crate::{report::Report, subject};

/// Places of one option that are shown as one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    /// Such as `Option 2 (memory, session)`; without the places if these are all that the option has.
    pub(crate) name: String,
    option: &'a str,
    pub(crate) places: Vec<&'a str>,
    /// The ids, the first of which stands for all.
    pub(crate) ids: Vec<&'a str>,
}

/// Puts places of one option together that `alike` says are alike. The order stays.
pub(crate) fn groups(report: &Report, alike: impl Fn(&str, &str) -> bool) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for described in &report.options {
        let fits = |group: &&mut Group<'_>| {
            group.option == described.option && alike(group.ids[0], &described.id)
        };
        let (id, place) = (described.id.as_str(), described.place.as_str());
        match groups.iter_mut().find(fits) {
            Some(group) => {
                group.ids.push(id);
                group.places.push(place);
            }
            None => groups.push(Group {
                name: String::new(),
                option: &described.option,
                places: vec![place],
                ids: vec![id],
            }),
        }
    }
    for group in &mut groups {
        let others = report
            .options
            .iter()
            .filter(|described| described.option == group.option);
        let all = others.count() == group.places.len() && group.places.len() > 1;
        group.name = subject::name(group.option, if all { &[] } else { &group.places });
    }
    groups
}

/// Each text once, and before it the options that it is about.
pub(crate) fn collected<'a>(
    report: &Report,
    texts: impl Iterator<Item = (&'a str, String)>,
) -> Vec<String> {
    let mut collected: Vec<(Vec<&str>, String)> = Vec::new();
    for (id, text) in texts {
        match collected.iter_mut().find(|(_, other)| *other == text) {
            Some((ids, _)) => ids.push(id),
            None => collected.push((vec![id], text)),
        }
    }
    let lines = collected.into_iter();
    lines
        .map(|(ids, text)| format!("{}: {text}.", together(report, &ids)))
        .collect()
}

/// The names of these options, places of one option together.
fn together(report: &Report, ids: &[&str]) -> String {
    if report.options.len() > 1 && report.options.iter().all(|one| ids.contains(&&*one.id)) {
        return "Every option".to_owned();
    }
    let alike = |one: &str, other: &str| ids.contains(&one) == ids.contains(&other);
    let groups = groups(report, alike).into_iter();
    let named = groups.filter(|group| ids.contains(&group.ids[0]));
    named.map(|group| group.name).collect::<Vec<_>>().join("; ")
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
        let numbers = report.numbers(id).into_iter();
        let traffic = numbers.flat_map(|numbers| &numbers.traffic);
        traffic.map(|traffic| traffic.up + traffic.down).collect()
    };
    let (one, other) = (total(one), total(other));
    let mut pairs = one.iter().zip(&other);
    one.len() == other.len() && pairs.all(|(&one, &other)| one.abs_diff(other) * 50 <= one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn places_that_answer_alike_are_one_group_and_others_are_not() {
        let report = report();
        let names = |alike: &dyn Fn(&str, &str) -> bool| -> Vec<String> {
            groups(&report, alike)
                .into_iter()
                .map(|group| group.name)
                .collect()
        };
        let alike = |one: &str, other: &str| same_facts(&report, one, other);
        assert_eq!(names(&alike), ["Global variable", "Option 1"]);
        assert_eq!(
            names(&|_, _| false),
            ["Global variable", "Option 1, files", "Option 1, Redis"]
        );
    }

    #[test]
    fn what_is_said_of_several_options_is_said_once() {
        let report = report();
        let said =
            |ids: &[&'static str]| collected(&report, ids.iter().map(|id| (*id, "so".to_owned())));
        assert_eq!(said(&["option1", "option1-redis"]), ["Option 1: so."]);
        assert_eq!(
            said(&["global-variable", "option1"]),
            ["Global variable; Option 1, files: so."]
        );
        let all = ["global-variable", "option1", "option1-redis"];
        assert_eq!(said(&all), ["Every option: so."]);
    }

    #[test]
    fn traffic_is_the_same_up_to_a_fiftieth() {
        let mut report = report();
        assert!(same_traffic(&report, "option1", "option1-redis"));
        report.numbers[1].traffic[0].up *= 2;
        assert!(!same_traffic(&report, "option1", "option1-redis"));
    }
}
