//! The tables of the book.

use std::fmt::Write as _;

use crate::{
    answer::Kind,
    facts::count,
    measure,
    questions::Described,
    report::Report,
    table::{
        self, Group, Note, bytes, groups, mebibytes, milliseconds, notes, numbers, same_facts,
        same_traffic,
    },
};

/// `comparison.md`: the facts and the numbers, each between the marks of an anchor, so that a chapter can show a part.
pub(crate) fn page(report: &Report) -> String {
    let mut text = anchored("facts", &facts(report));
    if !report.numbers.is_empty() {
        text += &anchored("traffic", &traffic(report));
        text += &anchored("times", &times(report));
        text += &anchored("limits", &limits(report));
    }
    for left_out in &report.left_out {
        let _ = write!(text, "Not measured: {}.\n\n", left_out.why);
    }
    text + &anchored("made", &format!("*{}*\n", report.made.caption()))
}

fn anchored(name: &str, part: &str) -> String {
    format!("<!-- ANCHOR: {name} -->\n{part}<!-- ANCHOR_END: {name} -->\n\n")
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
        let _ = write!(text, "With {}{bold}:\n\n", count(workers));
        table(&mut text, report, &groups, workers, before);
        text.push('\n');
        before.get_or_insert(workers);
    }
    let notes = notes(report);
    if !notes.is_empty() {
        heading(&mut text, "", ["more exactly"].into_iter());
    }
    for Note { of, told } in notes {
        let _ = writeln!(text, "| {of} | {} |", told.join("<br>"));
    }
    text
}

/// The answers under so many workers. Those that are others than with `compared` are bold.
fn table(
    text: &mut String,
    report: &Report,
    groups: &[Group],
    workers: usize,
    compared: Option<usize>,
) {
    heading(text, "", groups.iter().map(|group| group.name.as_str()));
    let mut last = "";
    let makes_sense = |question: &&Described| {
        let answers = groups
            .iter()
            .filter_map(|group| report.answer(&group.ids[0], &question.id, workers));
        let kinds: Vec<_> = answers.map(|answer| &answer.kind).collect();
        kinds.is_empty() || kinds.iter().any(|kind| **kind != Kind::NotApplicable)
    };
    for question in report.questions.iter().filter(makes_sense) {
        if question.group != last {
            let _ = write!(text, "| *{} …* |", question.group);
            *text += &" |".repeat(groups.len());
            text.push('\n');
            last = &question.group;
        }
        let _ = write!(text, "| … {}? |", question.text);
        for group in groups {
            let answer = |workers| report.answer(&group.ids[0], &question.id, workers);
            let other = compared.and_then(answer);
            let cell = match (answer(workers), other) {
                (None, _) => String::new(),
                (Some(own), Some(other))
                    if own.kind != other.kind && other.kind != Kind::NotApplicable =>
                {
                    format!("**{}**", own.short())
                }
                (Some(own), _) => own.short(),
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
}

fn traffic(report: &Report) -> String {
    let groups = groups(report, |one, other| same_traffic(report, one, other));
    let mut text = format!(
        "The bytes of one click, up and down, with all the callbacks that follow from it, with {}:\n\n",
        count(measure::TRAFFIC_WORKERS)
    );
    heading(&mut text, "data", ["1 kB", "100 kB", "1 MB"].into_iter());
    for group in &groups {
        let measured = numbers(report, &group.ids[0])
            .map(|numbers| numbers.traffic.as_slice())
            .unwrap_or_default();
        let _ = write!(text, "| {} |", group.name);
        for traffic in measured {
            let _ = write!(
                text,
                " {} up, {} down |",
                bytes(traffic.up),
                bytes(traffic.down)
            );
        }
        if measured.is_empty() {
            text += " not measured | | |";
        }
        text.push('\n');
    }
    text
}

fn times(report: &Report) -> String {
    let mut text = format!(
        "The time of a callback that reads 1 kB, over a new connection each time, with {}; and the memory of a worker after these calls:\n\n",
        count(measure::WORKERS)
    );
    heading(
        &mut text,
        "",
        ["median", "99 of 100 within", "memory of a worker"].into_iter(),
    );
    for option in &report.options {
        let name = crate::subject::name(&option.option, &[&option.place]);
        let Some(numbers) = numbers(report, &option.id) else {
            continue;
        };
        for timed in &numbers.times {
            let name = if numbers.times.len() > 1 {
                format!("{name}: {}", timed.what)
            } else {
                name.clone()
            };
            let memory = format!(
                "{} to {}",
                mebibytes(numbers.memory.smallest_kib),
                mebibytes(numbers.memory.largest_kib)
            );
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {memory} |",
                milliseconds(timed.median_ms),
                milliseconds(timed.p99_ms)
            );
        }
    }
    text
}

fn limits(report: &Report) -> String {
    let mut text = String::from("The limit that is met first, when the data grows:\n\n");
    heading(&mut text, "", ["what happens"].into_iter());
    for (who, met) in table::limits(report) {
        let _ = writeln!(text, "| {who} | {met} |");
    }
    text
}

fn heading<'a>(text: &mut String, first: &str, others: impl Iterator<Item = &'a str> + Clone) {
    let _ = write!(text, "| {first} |");
    for other in others.clone() {
        let _ = write!(text, " {other} |");
    }
    text.push_str("\n|---|");
    text.extend(others.map(|_| "---|"));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn a_row_is_a_question_and_what_the_number_of_workers_changes_is_bold() {
        let expected = "\
<!-- ANCHOR: facts -->
With 1 worker:

|  | Global variable | Option 1 (files, Redis) |
|---|---|---|
| *Is it seen by …* | | |
| … another person? | yes | no |
| *Does it survive …* | | |
| … a reload? | no | yes |

With 8 workers, in bold what is another answer than with 1:

|  | Global variable | Option 1 (files, Redis) |
|---|---|---|
| *Is it seen by …* | | |
| … another person? | **3/8** | no |
| *Does it survive …* | | |
| … a reload? | no | yes |

|  | more exactly |
|---|---|
| 3/8 | by chance, in 3 of 8 trials: when the worker answers that has stored it. |
| Does it survive a reload? | Option 1 (files, Redis): yes, with a name. |
<!-- ANCHOR_END: facts -->
";
        let page = page(&report());
        assert!(page.starts_with(expected), "{page}");
    }

    #[test]
    fn a_question_without_sense_for_so_many_workers_is_no_row_there() {
        let mut report = report();
        for fact in &mut report.facts {
            if fact.question == "another-user" && fact.workers == 1 {
                fact.answer.kind = Kind::NotApplicable;
            }
        }
        let page = page(&report);
        let rows = page.matches("another person?").count();
        assert_eq!(rows, 1, "{page}");
        assert!(page.contains("| … another person? | 3/8 | no |"), "{page}");
    }

    #[test]
    fn the_page_ends_with_where_the_numbers_come_from() {
        let page = page(&report());
        for part in [
            "\n| Global variable | 1 kB up, 1 kB down | 100 kB up, 100 kB down | 1 MB up, 1 MB down |\n",
            "\n| Option 1, Redis: hit | 0.5 ms | 1 ms | 3.0 MiB to 5.0 MiB |\n",
            "| Every option | 2.05 MB is taken, 4.1 MB refused with status 413: “Too large.” |\n",
            "\n*Measured on 2026-01-02 with 2 cores, Linux 6.1, release build, in 9 s.*\n",
        ] {
            assert!(page.contains(part), "no {part} in {page}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let mut report = report();
        report.left_out =
            serde_json::from_str(r#"[{"what": "browser", "why": "Chromium is missing"}]"#).unwrap();
        for number in &mut report.numbers {
            number.traffic.clear();
        }
        let page = page(&report);
        assert!(
            page.contains("\nNot measured: Chromium is missing.\n"),
            "{page}"
        );
        assert!(
            page.contains("\n| Global variable | not measured | | |\n"),
            "{page}"
        );
    }
}
