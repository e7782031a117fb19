//! The tables, as Markdown that is readable as plain text too: for the book, and for a terminal.

use std::iter;

use crate::{
    answer::Kind,
    facts::count,
    measure::{self, Limit, Numbers},
    questions::Question,
    report::{Fact, Report},
    units::{bytes, mebibytes, milliseconds},
    variant::{self, Variant},
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

/// A table for each number of workers, with a row for each option and a column for each question; then the questions, and what the cells
/// leave unsaid.
fn facts(report: &Report) -> String {
    let mut text = String::new();
    let mut before = None;
    for workers in report.workers() {
        if let Some(before) = before {
            text += &format!(
                "In bold is what is another answer than with {}:\n\n",
                count(before)
            );
        }
        text += &(answers(report, workers, before) + "\n");
        before.get_or_insert(workers);
    }
    text + &paragraphs(&notes(report))
}

/// The answers under so many workers. Those that are others than with `compared` are bold.
fn answers(report: &Report, workers: usize, compared: Option<usize>) -> String {
    let (questions, first) = (report.questions(), count(workers));
    let headings = questions.iter().map(|question| question.heading());
    let headings: Vec<&str> = [first.as_str()].into_iter().chain(headings).collect();
    let row = |variant: Variant| {
        let cell = |&question: &Question| {
            let answer = |workers| report.answer(variant.id(), question, workers);
            let Some(own) = answer(workers) else {
                return String::new();
            };
            match compared.and_then(answer) {
                Some(other) if own.kind != other.kind && other.kind != Kind::NotApplicable => {
                    format!("**{}**", own.short())
                }
                _ => own.short(),
            }
        };
        let cells = questions.iter().map(cell);
        [variant.name()].into_iter().chain(cells).collect()
    };
    aligned(&headings, report.variants().into_iter().map(row).collect())
}

/// What each column asks, and how something was so.
fn notes(report: &Report) -> Vec<String> {
    let note = |question: Question| {
        let asked = report.facts.iter().filter(|fact| fact.question == question);
        let hows = asked.filter_map(|fact| Some((&*fact.option, how(fact)?)));
        let told = collected(report, hows).join(" ");
        let note = format!("*{}*: {} {told}", question.heading(), question.text());
        note.trim_end().to_owned()
    };
    report.questions().into_iter().map(note).collect()
}

/// What is to be said of an answer beside its cell.
fn how(fact: &Fact) -> Option<String> {
    let answer = &fact.answer;
    match answer.kind {
        Kind::NotApplicable => None,
        Kind::ByChance { .. } => Some(answer.to_string()),
        Kind::Failed => Some(format!("{}, {answer}", count(fact.workers))),
        _ => (!answer.how.is_empty()).then(|| answer.to_string()),
    }
}

/// Each text once, and before it the names of the options that it is about.
fn collected<'a>(report: &Report, texts: impl Iterator<Item = (&'a str, String)>) -> Vec<String> {
    let mut collected: Vec<(Vec<&str>, String)> = Vec::new();
    for (id, text) in texts {
        match collected.iter_mut().find(|(_, other)| *other == text) {
            Some((ids, _)) => ids.push(id),
            None => collected.push((vec![id], text)),
        }
    }
    let variants = report.variants();
    let told = |(ids, text): (Vec<&str>, String)| {
        let about = |variant: &&Variant| ids.contains(&variant.id());
        let names: Vec<_> = variants
            .iter()
            .filter(about)
            .map(|variant| variant.name())
            .collect();
        match names.len() {
            2.. if names.len() == variants.len() => format!("Every option: {text}."),
            _ => format!("{}: {text}.", names.join("; ")),
        }
    };
    collected.into_iter().map(told).collect()
}

fn traffic(report: &Report) -> String {
    let row = |(variant, numbers): (Variant, &Numbers)| {
        let mut row = vec![variant.name()];
        for measure::Traffic { up, down, .. } in &numbers.traffic {
            row.push(format!("{} up, {} down", bytes(*up), bytes(*down)));
        }
        if numbers.traffic.is_empty() {
            row.push("not measured".to_owned());
        }
        row
    };
    format!(
        "The bytes of one click, up and down, with all the callbacks that follow from it, with {}:\n\n{}",
        count(measure::TRAFFIC_WORKERS),
        aligned(
            &["data", "1 kB", "100 kB", "1 MB"],
            numbers(report).map(row).collect()
        )
    )
}

fn times(report: &Report) -> String {
    let headings = ["", "median", "99 of 100 within", "memory of a worker"];
    let rows = numbers(report).flat_map(|(variant, numbers)| {
        let (least, most) = (numbers.memory.smallest_kib, numbers.memory.largest_kib);
        let memory = format!("{} to {}", mebibytes(least), mebibytes(most));
        numbers.times.iter().map(move |timed| {
            let name = match &*timed.what {
                "read" => variant.name(),
                what => format!("{}: {what}", variant.name()),
            };
            let (median, p99) = (milliseconds(timed.median_ms), milliseconds(timed.p99_ms));
            vec![name, median, p99, memory.clone()]
        })
    });
    format!(
        "The time of a callback that reads 1 kB, over a new connection each time, with {}; and the memory of the workers after these calls:\n\n{}",
        count(measure::WORKERS),
        aligned(&headings, rows.collect())
    )
}

fn limits(report: &Report) -> String {
    let met = report.numbers.iter().flat_map(|numbers| {
        let limits = numbers.limits.iter();
        limits.map(|met| (&*numbers.option, limit(met)))
    });
    format!(
        "The limit that is met first, when the data grows:\n\n{}",
        paragraphs(&collected(report, met))
    )
}

/// The numbers of each option, in the order of the tables.
fn numbers(report: &Report) -> impl Iterator<Item = (Variant, &Numbers)> {
    variant::all().filter_map(|variant| {
        let mut numbers = report.numbers.iter();
        let found = numbers.find(|numbers| numbers.option == variant.id())?;
        Some((variant, found))
    })
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

/// A table whose columns are as wide as their widest cell. Cells that a row lacks at its end are empty.
fn aligned(headings: &[&str], mut rows: Vec<Vec<String>>) -> String {
    rows.insert(
        0,
        headings.iter().map(|&heading| heading.to_owned()).collect(),
    );
    let mut widths = vec![3; headings.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &Vec<String>| {
        let cells = row.iter().map(String::as_str).chain(iter::repeat(""));
        let cells = widths.iter().zip(cells);
        cells
            .map(|(&width, cell)| format!("| {cell:width$} "))
            .collect::<String>()
            + "|\n"
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    let rule: String = widths
        .iter()
        .map(|width| format!("|{}", "-".repeat(width + 2)))
        .collect();
    lines.insert(1, rule + "|\n");
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{LeftOut, tests::report};

    #[test]
    fn a_row_is_an_option_and_what_the_number_of_workers_changes_is_bold() {
        let expected = "\
| 1 worker        | other user | reload |
|-----------------|------------|--------|
| Global variable | yes        | no     |
| Option 1, files | no         | yes    |
| Option 1, Redis | no         | yes    |

In bold is what is another answer than with 1 worker:

| 8 workers       | other user | reload |
|-----------------|------------|--------|
| Global variable | **3/8**    | no     |
| Option 1, files | no         | yes    |
| Option 1, Redis | no         | yes    |

*other user*: Is what one person stores seen by another person? Global variable: by chance, 3 of 8.

*reload*: Does it survive a reload of the page? Option 1, files; Option 1, Redis: yes, with a name.
";
        assert_eq!(facts(&report()), expected);
    }

    #[test]
    fn what_chance_depends_on_is_told_as_it_was_measured() {
        let mut report = report();
        report.facts[1].answer.how = "when the worker that stored it answers".to_owned();
        let told = "Global variable: by chance, 3 of 8, when the worker that stored it answers.";
        assert!(notes(&report)[0].ends_with(told), "{:?}", notes(&report));
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
        report.left_out = vec![LeftOut {
            what: "a browser".to_owned(),
            why: "Chromium is missing".to_owned(),
        }];
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
