//! The tables, as Markdown that is readable as plain text too: for the book, and for a terminal.

use crate::{
    answer::Kind,
    facts::count,
    groups::{Group, collected, groups, same_facts, same_traffic},
    measure::{self, Limit},
    questions::Described,
    report::{Fact, Report},
    subject,
    units::{bytes, mebibytes, milliseconds},
};

/// `comparison.md`: the command and what it prints, each part between the marks of an anchor, so that a chapter can show it alone.
pub(crate) fn page(report: &Report) -> String {
    let mut all = vec![("command", "$ cargo xtask compare\n".to_owned())];
    all.extend(parts(report));
    let anchored = |(name, part): &(&str, String)| {
        format!("<!-- ANCHOR: {name} -->\n{part}<!-- ANCHOR_END: {name} -->\n")
    };
    all.iter().map(anchored).collect::<Vec<_>>().join("\n")
}

/// What is printed.
pub(crate) fn text(report: &Report) -> String {
    let parts: Vec<_> = parts(report).into_iter().map(|(_, part)| part).collect();
    parts.join("\n")
}

fn parts(report: &Report) -> Vec<(&'static str, String)> {
    let mut parts = vec![("facts", facts(report))];
    if !report.numbers.is_empty() {
        parts.push(("traffic", traffic(report)));
        parts.push(("times", times(report)));
        parts.push(("limits", limits(report)));
    }
    let mut made = String::new();
    for left_out in &report.left_out {
        made += &format!("Not measured: {}.\n\n", left_out.why);
    }
    parts.push(("made", made + &format!("*{}*\n", report.made.caption())));
    parts
}

/// A table for each number of workers, with a row for each question and a column for each option; then what the cells leave unsaid.
fn facts(report: &Report) -> String {
    let groups = groups(report, |one, other| same_facts(report, one, other));
    let mut text = String::new();
    let mut before = None;
    for workers in report.workers() {
        let bold = match before {
            Some(before) => format!(", in bold what is another answer than with {before}"),
            None => String::new(),
        };
        let table = answers(report, &groups, workers, before);
        text += &format!("With {}{bold}:\n\n{table}\n", count(workers));
        before.get_or_insert(workers);
    }
    text + "More exactly:\n\n" + &paragraphs(&notes(report, &groups))
}

/// The answers under so many workers. Those that are others than with `compared` are bold.
fn answers(
    report: &Report,
    groups: &[Group<'_>],
    workers: usize,
    compared: Option<usize>,
) -> String {
    let names = groups.iter().map(|group| group.name.clone());
    let mut rows: Vec<Vec<String>> = vec![[String::new()].into_iter().chain(names).collect()];
    let mut last = "";
    for question in &report.questions {
        let answer =
            |group: &Group<'_>, workers| report.answer(group.ids[0], &question.id, workers);
        let cell = |group: &Group<'_>| {
            let Some(own) = answer(group, workers) else {
                return String::new();
            };
            match compared.and_then(|compared| answer(group, compared)) {
                Some(other) if own.kind != other.kind && other.kind != Kind::NotApplicable => {
                    format!("**{}**", own.short())
                }
                _ => own.short(),
            }
        };
        let has_sense =
            |group| answer(group, workers).is_some_and(|own| own.kind != Kind::NotApplicable);
        if !groups.iter().any(has_sense) {
            continue;
        }
        if question.group != last {
            rows.push(vec![format!("*{} …*", question.group)]);
            last = &question.group;
        }
        let name = format!("… {}?", question.text);
        rows.push([name].into_iter().chain(groups.iter().map(cell)).collect());
    }
    aligned(&rows)
}

/// What the cells of the facts leave unsaid: what one column stands for, and how something was so.
fn notes(report: &Report, groups: &[Group<'_>]) -> Vec<String> {
    let mut notes = Vec::new();
    for Group { name, places, .. } in groups {
        if places.len() > 1 {
            let places = places.join(", ");
            notes.push(format!("{name} is {places}, with the same answers."));
        }
    }
    notes.extend(by_chance(report));
    for question in &report.questions {
        let asked = report
            .facts
            .iter()
            .filter(|fact| fact.question == question.id);
        let hows = asked.filter_map(|fact| Some((fact.option.as_str(), how(fact)?)));
        let told = collected(report, hows);
        if !told.is_empty() {
            let Described { group, text, .. } = question;
            notes.push(format!("{group} {text}? {}", told.join(" ")));
        }
    }
    notes
}

/// What each fraction in the cells says, as it was measured.
fn by_chance(report: &Report) -> Vec<String> {
    let mut found: Vec<(Vec<String>, &str)> = Vec::new();
    for Fact { answer, .. } in &report.facts {
        if !matches!(answer.kind, Kind::ByChance { .. }) {
            continue;
        }
        let (cell, how) = (answer.short(), answer.how.as_str());
        match found.iter_mut().find(|(_, other)| *other == how) {
            Some((cells, _)) if cells.contains(&cell) => {}
            Some((cells, _)) => cells.push(cell),
            None => found.push((vec![cell], how)),
        }
    }
    let told = |(cells, how): (Vec<String>, &str)| {
        let why = match how {
            "" => "; which worker answers does not explain it".to_owned(),
            how => format!(", {how}"),
        };
        format!(
            "{}: by chance, in this part of the trials{why}.",
            cells.join(", ")
        )
    };
    found.into_iter().map(told).collect()
}

/// What is to be said of an answer beside its cell.
fn how(fact: &Fact) -> Option<String> {
    let answer = &fact.answer;
    match answer.kind {
        Kind::ByChance { .. } | Kind::NotApplicable => None,
        _ if answer.how.is_empty() => None,
        Kind::Failed => Some(format!("{}, {answer}", count(fact.workers))),
        _ => Some(answer.to_string()),
    }
}

fn traffic(report: &Report) -> String {
    let groups = groups(report, |one, other| same_traffic(report, one, other));
    let row = |group: &Group<'_>| {
        let numbers = report.numbers(group.ids[0]).into_iter();
        let traffic = numbers.flat_map(|numbers| &numbers.traffic);
        let cell = |traffic: &measure::Traffic| {
            format!("{} up, {} down", bytes(traffic.up), bytes(traffic.down))
        };
        let mut row = vec![group.name.clone()];
        row.extend(traffic.map(cell));
        if row.len() == 1 {
            row.push("not measured".to_owned());
        }
        row
    };
    let mut rows = vec![
        ["data", "1 kB", "100 kB", "1 MB"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(groups.iter().map(row));
    format!(
        "The bytes of one click, up and down, with all the callbacks that follow from it, with {}:\n\n{}",
        count(measure::TRAFFIC_WORKERS),
        aligned(&rows)
    )
}

fn times(report: &Report) -> String {
    let heading = ["", "median", "99 of 100 within", "memory of a worker"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for option in &report.options {
        let Some(numbers) = report.numbers(&option.id) else {
            continue;
        };
        let memory = numbers.memory;
        let (least, most) = (
            mebibytes(memory.smallest_kib),
            mebibytes(memory.largest_kib),
        );
        for timed in &numbers.times {
            let mut name = subject::name(&option.option, &[&option.place]);
            if numbers.times.len() > 1 {
                name += &format!(": {}", timed.what);
            }
            rows.push(vec![
                name,
                milliseconds(timed.median_ms),
                milliseconds(timed.p99_ms),
                format!("{least} to {most}"),
            ]);
        }
    }
    format!(
        "The time of a callback that reads 1 kB, over a new connection each time, with {}; and the memory of the workers after these calls:\n\n{}",
        count(measure::WORKERS),
        aligned(&rows)
    )
}

fn limits(report: &Report) -> String {
    let met = report.numbers.iter().flat_map(|numbers| {
        let limits = numbers.limits.iter();
        limits.map(|met| (numbers.option.as_str(), limit(met)))
    });
    format!(
        "The limit that is met first, when the data grows:\n\n{}",
        paragraphs(&collected(report, met))
    )
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
            let sentence = sentence.trim_end_matches('.');
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

fn paragraphs(sentences: &[String]) -> String {
    sentences.join("\n\n") + "\n"
}

/// A table of these rows, the first of which is the heading. Cells that a row lacks at its end are empty.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let length = |row: &Vec<String>, column| cell(row, column).chars().count();
    let width = |column| {
        rows.iter()
            .map(|row| length(row, column))
            .max()
            .unwrap_or(0)
            .max(3)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &[String]| {
        let cells = widths.iter().enumerate();
        let cells = cells.map(|(column, &width)| format!("| {:width$} ", cell(row, column)));
        cells.collect::<String>() + "|\n"
    };
    let rule: String = widths
        .iter()
        .map(|width| format!("|{}", "-".repeat(width + 2)))
        .collect();
    let lines: Vec<String> = rows.iter().map(|row| line(row)).collect();
    format!("{}{rule}|\n{}", lines[0], lines[1..].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{answer::Answer, report::tests::report};

    #[test]
    fn a_row_is_a_question_and_what_the_number_of_workers_changes_is_bold() {
        let expected = "\
With 1 worker:

|                     | Global variable | Option 1 |
|---------------------|-----------------|----------|
| *Is it seen by …*   |                 |          |
| … another person?   | yes             | no       |
| *Does it survive …* |                 |          |
| … a reload?         | no              | yes      |

With 8 workers, in bold what is another answer than with 1:

|                     | Global variable | Option 1 |
|---------------------|-----------------|----------|
| *Is it seen by …*   |                 |          |
| … another person?   | **3/8**         | no       |
| *Does it survive …* |                 |          |
| … a reload?         | no              | yes      |

More exactly:

Option 1 is files, Redis, with the same answers.

3/8: by chance, in this part of the trials; which worker answers does not explain it.

Does it survive a reload? Option 1: yes, with a name.
";
        assert_eq!(facts(&report()), expected);
    }

    #[test]
    fn what_chance_depends_on_is_told_as_it_was_measured() {
        let mut report = report();
        let measured = "when the worker that stored it answers";
        report.facts[1].answer.how = measured.to_owned();
        report.facts[3].answer = Answer {
            kind: Kind::ByChance { seen: 1, of: 9 },
            how: String::new(),
        };
        assert_eq!(
            by_chance(&report),
            [
                "3/8: by chance, in this part of the trials, when the worker that stored it answers.",
                "1/9: by chance, in this part of the trials; which worker answers does not explain it.",
            ]
        );
    }

    #[test]
    fn a_question_without_sense_for_so_many_workers_is_no_row_there() {
        let mut report = report();
        for fact in &mut report.facts {
            if fact.question == "another-user" && fact.workers == 1 {
                fact.answer.kind = Kind::NotApplicable;
            }
        }
        let facts = facts(&report);
        let rows: Vec<_> = facts
            .lines()
            .filter(|line| line.contains("another person?"))
            .collect();
        assert_eq!(
            rows,
            ["| … another person?   | 3/8             | no       |"]
        );
    }

    #[test]
    fn after_the_facts_come_the_numbers_and_where_they_are_from() {
        let text = text(&report());
        for part in [
            "\n| Global variable | 1 kB up, 1 kB down | 100 kB up, 100 kB down | 1 MB up, 1 MB down |\n",
            "\n| Option 1, Redis: hit  | 0.5 ms  | 1 ms             | 3.0 MiB to 5.0 MiB |\n",
            "\nEvery option: 2.05 MB is taken, 4.1 MB refused with status 413: “Too large”.\n",
            "\n*Measured on 2026-01-02 with 2 cores, Linux 6.1, release build, in 9 s.*\n",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
        assert!(!text.contains("ANCHOR") && page(&report()).contains("<!-- ANCHOR: limits -->\n"));
    }

    #[test]
    fn what_is_missing_is_said() {
        let mut report = report();
        report.left_out =
            serde_json::from_str(r#"[{"what": "a browser", "why": "Chromium is missing"}]"#)
                .unwrap();
        for number in &mut report.numbers {
            number.traffic.clear();
        }
        let text = text(&report);
        assert!(
            text.contains("\nNot measured: Chromium is missing.\n"),
            "{text}"
        );
        assert!(
            text.contains("\n| Global variable | not measured |"),
            "{text}"
        );
    }
}
