//! The tables on a terminal, within 100 columns.

use std::fmt::Write as _;

use crate::{
    answer::{Answer, Kind},
    facts::count,
    questions::Question,
    report::Report,
    table::{
        self, Group, Note, bytes, groups, mebibytes, milliseconds, notes, numbers, same_facts,
        same_traffic,
    },
};

/// How wide sentences are. The table of facts, with its eleven questions, is wider.
const WIDTH: usize = 80;

/// Where colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colours {
    Yes,
    No,
}

/// All tables, the caption last.
pub(crate) fn render(report: &Report, colours: Colours) -> String {
    let mut text = String::new();
    for workers in report.workers() {
        text += &facts(report, workers, colours);
    }
    text += &legend(report);
    text + &after_the_facts(report)
}

/// The numbers, what was left out, and the caption.
pub(crate) fn after_the_facts(report: &Report) -> String {
    let mut text = String::new();
    if !report.numbers.is_empty() {
        text += &traffic(report);
        text += &times(report);
        text += &limits(report);
    }
    for left_out in &report.left_out {
        let _ = writeln!(text, "Not measured: {}.", left_out.why);
    }
    text + &report.made.caption() + "\n"
}

fn facts(report: &Report, workers: usize, colours: Colours) -> String {
    let same = |one: &str, other: &str| same_facts(report, one, other);
    let groups = groups(report, same);
    let first = count(workers);
    let lines = wrapped(&groups);
    let width = lines
        .iter()
        .flatten()
        .chain([&first])
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    let asked: Vec<Question> = Question::ALL
        .into_iter()
        .filter(|question| {
            report
                .questions
                .iter()
                .any(|asked| asked.id == question.id())
        })
        .collect();
    let answers = |group: &Group, question: &Question| {
        report
            .answer(&group.ids[0], question.id(), workers)
            .cloned()
    };
    let widths: Vec<usize> = asked
        .iter()
        .map(|question| {
            let cells = groups
                .iter()
                .filter_map(|group| Some(answers(group, question)?.short().len()));
            cells
                .chain(question.heading().map(str::len))
                .max()
                .unwrap_or(0)
        })
        .collect();

    let mut text = String::from("\n");
    for line in 0..2 {
        let first = if line == 1 { first.as_str() } else { "" };
        let _ = write!(text, "{first:width$}");
        for (question, width) in asked.iter().zip(&widths) {
            let _ = write!(text, "  {:width$}", question.heading()[line]);
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    for (group, names) in groups.iter().zip(&lines) {
        let _ = write!(text, "{:width$}", names[0]);
        for (question, width) in asked.iter().zip(&widths) {
            let cell = answers(group, question)
                .map_or_else(String::new, |answer| padded(&answer, *width, colours));
            text += "  ";
            text += &cell;
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
        for name in &names[1..] {
            let _ = writeln!(text, "{name}");
        }
    }
    text
}

/// The name of each group as lines of which none is long: the option, and its places if there are several.
fn wrapped(groups: &[Group]) -> Vec<Vec<String>> {
    let lines = |group: &Group| match group.places.as_slice() {
        [_] => vec![group.name.clone()],
        places => {
            let mut lines = vec![group.option.clone()];
            lines.extend(places.iter().map(|place| format!("  {place}")));
            lines
        }
    };
    groups.iter().map(lines).collect()
}

fn padded(answer: &Answer, width: usize, colours: Colours) -> String {
    let short = format!("{:width$}", answer.short());
    let colour = match (colours, &answer.kind) {
        (Colours::No, _) => return short,
        (_, Kind::Yes) => "32",
        (_, Kind::No) => "31",
        (_, Kind::ByChance { .. }) => "33",
        (_, Kind::NotApplicable | Kind::NotMeasured) => "2",
        (_, Kind::Failed) => "1;31",
    };
    format!("\u{1b}[{colour}m{short}\u{1b}[0m")
}

/// What the cells leave unsaid.
fn legend(report: &Report) -> String {
    let mut text = String::from("\n");
    for Note { of, told } in notes(report) {
        match told.as_slice() {
            [told] if !of.ends_with('?') => text += &wrapped_at(WIDTH, &format!("{of}: {told}")),
            told => {
                let _ = writeln!(text, "{of}");
                for told in told {
                    text += &wrapped_at(WIDTH, &format!("  {told}"));
                }
            }
        }
    }
    text
}

/// The words in lines of at most so many columns. All but the first begin further in.
fn wrapped_at(columns: usize, text: &str) -> String {
    let indent = text.len() - text.trim_start().len();
    let mut line = " ".repeat(indent);
    let mut lines = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > columns {
            let _ = writeln!(lines, "{line}");
            line = " ".repeat(indent + 2);
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line += word;
    }
    lines + &line + "\n"
}

fn traffic(report: &Report) -> String {
    let groups = groups(report, |one, other| same_traffic(report, one, other));
    let mut rows = vec![row([
        "bytes of a click, up + down",
        "1 kB",
        "100 kB",
        "1 MB",
    ])];
    for group in &groups {
        let measured = numbers(report, &group.ids[0])
            .map(|numbers| numbers.traffic.as_slice())
            .unwrap_or_default();
        let cells = measured
            .iter()
            .map(|traffic| sum(&bytes(traffic.up), &bytes(traffic.down)));
        rows.push([group.name.clone()].into_iter().chain(cells).collect());
    }
    aligned(&rows)
}

/// Such as `3 + 4 kB`, or `3 kB + 4 MB`.
fn sum(up: &str, down: &str) -> String {
    match (up.split_once(' '), down.split_once(' ')) {
        (Some((up, unit)), Some((_, same))) if unit == same => format!("{up} + {down}"),
        _ => format!("{up} + {down}"),
    }
}

fn times(report: &Report) -> String {
    let mut rows = vec![row([
        "time of a callback",
        "median",
        "p99",
        "memory of a worker",
    ])];
    for option in &report.options {
        let Some(numbers) = numbers(report, &option.id) else {
            continue;
        };
        for (index, timed) in numbers.times.iter().enumerate() {
            let name = crate::subject::name(&option.option, &[&option.place]);
            let name = if numbers.times.len() > 1 {
                format!("{name}: {}", timed.what)
            } else {
                name
            };
            let memory = format!(
                "{} to {}",
                mebibytes(numbers.memory.smallest_kib),
                mebibytes(numbers.memory.largest_kib)
            );
            let memory = if index == 0 { memory } else { String::new() };
            rows.push(vec![
                name,
                milliseconds(timed.median_ms),
                milliseconds(timed.p99_ms),
                memory,
            ]);
        }
    }
    aligned(&rows)
}

fn limits(report: &Report) -> String {
    let mut text = String::from("\nthe limit that is met first\n");
    for (who, met) in table::limits(report) {
        text += &wrapped_at(WIDTH, &format!("{who}: {met}"));
    }
    text.push('\n');
    text
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// Columns as wide as their widest cell, an empty line before them.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::from("\n");
    for row in rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn the_tables_fit_into_a_hundred_columns() {
        let expected = "
                 other
1 worker         user   reload
Global variable  yes    no
Option 1         no     yes
  files
  Redis

                 other
8 workers        user   reload
Global variable  3/8    no
Option 1         no     yes
  files
  Redis
";
        let text = render(&report(), Colours::No);
        assert!(text.starts_with(expected), "{text}");
        let legend = "
3/8: by chance, in 3 of 8 trials: when the worker answers that has stored it.
Does it survive a reload?
  Option 1 (files, Redis): yes, with a name.
";
        assert!(text.contains(legend), "{text}");
        assert!(
            text.contains("\nGlobal variable              1 + 1 kB"),
            "{text}"
        );
        assert!(text.contains("\nOption 1, Redis: miss  100 ms"), "{text}");
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(100), "{text}");
    }

    #[test]
    fn a_long_sentence_goes_on_in_the_next_line() {
        assert_eq!(wrapped_at(80, "  one"), "  one\n");
        assert_eq!(
            wrapped_at(12, "one two three four"),
            "one two\n  three four\n"
        );
        assert_eq!(wrapped_at(12, "  one two three"), "  one two\n    three\n");
    }

    #[test]
    fn a_unit_that_both_parts_of_a_sum_have_is_written_once() {
        assert_eq!(sum("3.1 kB", "4 kB"), "3.1 + 4 kB");
        assert_eq!(sum("999 B", "4 kB"), "999 B + 4 kB");
    }

    #[test]
    fn colours_are_for_those_who_see_them() {
        assert!(!render(&report(), Colours::No).contains('\u{1b}'));
        assert!(render(&report(), Colours::Yes).contains("\u{1b}[32myes"));
    }
}
