//! The tables, as Markdown that is readable as plain text too: for the book, and for a terminal.

use std::iter;

use crate::{
    answer::Kind,
    facts::count,
    measure::{self, Limit, Numbers, Traffic},
    output,
    questions::Question,
    report::{Fact, Report},
    units::{bytes, mebibytes, milliseconds},
    variant::{self, Variant},
};
use histories::Guarantee;

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
    let mut parts = vec![("facts", facts(report)), ("guarantees", guarantees())];
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
                "Bold where the answer differs from that of {}:\n\n",
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
    let questions = report.questions();
    let headings = questions.iter().map(|question| question.heading());
    let mut rows = vec![row(&count(workers), headings)];
    for variant in report.variants() {
        let cell = |&question: &Question| {
            let answer = |workers| report.answer(variant.id(), question, workers);
            let Some(own) = answer(workers) else {
                return String::new();
            };
            match compared.and_then(answer) {
                Some(other) if own.kind != other.kind => {
                    format!("**{}**", own.short())
                }
                _ => own.short(),
            }
        };
        rows.push(row(&variant.name(), questions.iter().map(cell)));
    }
    aligned(&rows)
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

/// What the manifests promise, of one worker and of eight: a row for each guarantee, a column for each app. A cell leads to a picture of a
/// recorded history that shows it, where the book has one.
fn guarantees() -> String {
    let mut lessons: Vec<Variant> = variant::all().collect();
    lessons.dedup_by_key(|variant| &variant.app.id);
    let table = |workers: u16| {
        let heading = count(workers.into());
        let mut rows = vec![row(
            &heading,
            lessons.iter().map(|variant| variant.option()),
        )];
        for guarantee in Guarantee::names() {
            let cell = |variant: &Variant| {
                let word = match variant
                    .app
                    .promised(guarantee, workers, variant.options(), &[])
                {
                    None => return String::new(),
                    Some(true) => "holds",
                    Some(false) => "**breaks**",
                };
                let picture = format!("{}-{workers}.svg", variant.app.id);
                match output::book()
                    .with_file_name("histories")
                    .join(&picture)
                    .is_file()
                {
                    true => format!("[{word}](../histories/{picture})"),
                    false => word.to_owned(),
                }
            };
            rows.push(row(guarantee, lessons.iter().map(cell)));
        }
        aligned(&rows)
    };
    format!("{}\n{}", table(1), table(8))
}

fn traffic(report: &Report) -> String {
    let mut rows = vec![row("data", ["1 kB", "100 kB", "1 MB"])];
    for (variant, numbers) in numbers(report) {
        let cell = |Traffic { up, down, .. }| format!("{} up, {} down", bytes(up), bytes(down));
        rows.push(match &*numbers.traffic {
            [] => row(&variant.name(), ["not measured"]),
            traffic => row(&variant.name(), traffic.iter().copied().map(cell)),
        });
    }
    format!(
        "The bytes of one click, up and down, with all the callbacks that follow from it, with {}:\n\n{}",
        count(measure::TRAFFIC_WORKERS),
        aligned(&rows)
    )
}

fn times(report: &Report) -> String {
    let headings = ["median", "99 of 100 within", "memory of a worker"];
    let mut rows = vec![row("", headings)];
    for (variant, numbers) in numbers(report) {
        let (least, most) = (numbers.memory.smallest_kib, numbers.memory.largest_kib);
        let memory = format!("{} to {}", mebibytes(least), mebibytes(most));
        for timed in &numbers.times {
            let name = match &*timed.what {
                "read" => variant.name(),
                what => format!("{}: {what}", variant.name()),
            };
            let (median, p99) = (milliseconds(timed.median_ms), milliseconds(timed.p99_ms));
            rows.push(row(&name, [&median, &p99, &memory]));
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
        Limit::Entries { newer } => {
            format!("{newer} newer results push out the oldest, which is then computed again")
        }
    }
}

fn row(name: &str, cells: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    let mut row = vec![name.to_owned()];
    row.extend(cells.into_iter().map(Into::into));
    row
}

fn paragraphs(sentences: &[String]) -> String {
    sentences.join("\n\n") + "\n"
}

/// A table, the headings first, whose columns are as wide as their widest cell. Cells that a row lacks at its end are empty.
fn aligned(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..rows[0].len()).map(width).collect();
    let line = |row: &[String]| {
        let cells = row.iter().map(String::as_str).chain(iter::repeat(""));
        let cells = widths.iter().zip(cells);
        let cells = cells.map(|(&width, cell)| format!("| {cell:width$} "));
        cells.collect::<String>() + "|\n"
    };
    let mut lines: Vec<_> = rows.iter().map(|row| line(row)).collect();
    lines.insert(1, line(&[]).replace(' ', "-"));
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check, report::LeftOut};

    /// What the tables are otherwise, the book's own show.
    #[test]
    fn what_is_missing_is_said() {
        let mut report = check::committed(&output::book().join(output::JSON)).unwrap();
        report.left_out = vec![LeftOut {
            what: "a browser".to_owned(),
            why: "Chromium is missing".to_owned(),
        }];
        for numbers in &mut report.numbers {
            numbers.traffic.clear();
        }
        let text = text(&report);
        for part in [
            "\nNot measured: Chromium is missing.\n",
            "\n| Option 2, session | not measured |",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }
}
