//! The two charts of the book: what a click costs on the wire, and how long a callback takes.

use crate::{
    report::Report,
    subject,
    svg::{Anchor, Colour, LogScale, Svg, WIDTH, width},
    table::{bytes, groups, milliseconds, numbers, same_traffic},
};

/// The heights of the parts, in the picture's units.
const TOP: f64 = 40.0;
const AXIS: f64 = 26.0;

/// The height of a row of the one chart, whose dots have their labels below, and of the other.
const TRAFFIC_ROW: f64 = 66.0;
const TIMES_ROW: f64 = 50.0;

/// How far the first and the last value of a scale are from the edge: half a label.
const MARGIN: f64 = 26.0;

/// The sizes of text: names, labels, and the rest.
const NAME: f64 = 15.0;
const LABEL: f64 = 13.0;

/// `traffic.svg`: for each option a dot for each size of data, where as many bytes cross the wire for one click. Without a browser there is none.
pub(crate) fn traffic(report: &Report) -> Option<String> {
    let groups = groups(report, |one, other| same_traffic(report, one, other));
    let rows: Vec<(String, Vec<(usize, u64)>)> = groups
        .into_iter()
        .filter_map(|group| {
            let traffic = &numbers(report, &group.ids[0])?.traffic;
            let totals = traffic
                .iter()
                .map(|traffic| (traffic.size, traffic.up + traffic.down));
            Some((group.name, totals.collect::<Vec<_>>())).filter(|(_, totals)| !totals.is_empty())
        })
        .collect();
    let totals = rows
        .iter()
        .flat_map(|(_, totals)| totals)
        .map(|&(_, total)| total as f64);
    totals.clone().next()?;

    let describe = |(name, totals): &(String, Vec<(usize, u64)>)| {
        let each = totals
            .iter()
            .map(|&(size, total)| format!("{} for {} of data", bytes(total), bytes(size as u64)));
        format!("{name}: {}.", each.collect::<Vec<_>>().join(", "))
    };
    let description = rows.iter().map(describe).collect::<Vec<_>>().join(" ");
    let mut svg = Svg::new(
        "traffic",
        "Bytes over the wire for one click, by option and size of data",
        description,
    );
    let scale = LogScale::of(totals, (MARGIN, WIDTH - MARGIN));
    axis(&mut svg, scale, TRAFFIC_ROW * rows.len() as f64, |tick| {
        bytes(tick as u64)
    });
    svg.text(
        (0.0, 14.0),
        LABEL,
        Anchor::Start,
        Colour::Quiet,
        "Bytes over the wire for one click that stores 1 kB, 100 kB, 1 MB",
    );
    for (index, (name, totals)) in rows.iter().enumerate() {
        let y = top(index, TRAFFIC_ROW);
        svg.text((0.0, y), NAME, Anchor::Start, Colour::Ink, name);
        if let Some(&(size, total)) = totals.last() {
            let times = format!("{:.1} × the data", total as f64 / size as f64);
            svg.text((WIDTH, y), LABEL, Anchor::End, Colour::Quiet, &times);
        }
        let dots: Vec<f64> = totals
            .iter()
            .map(|&(_, total)| scale.place(total as f64))
            .collect();
        if let [first, .., last] = dots.as_slice() {
            svg.line([(*first, y + 15.0), (*last, y + 15.0)], 2.0, Colour::First);
        }
        for (number, (x, &(_, total))) in dots.iter().zip(totals).enumerate() {
            svg.circle((*x, y + 15.0), 4.0 + 1.5 * number as f64, Colour::First);
            svg.text(
                (*x, y + 35.0),
                LABEL,
                Anchor::Middle,
                Colour::Quiet,
                &bytes(total),
            );
        }
    }
    Some(svg.finish(height(TRAFFIC_ROW * rows.len() as f64)))
}

/// `times.svg`: for each option a line from the median to the time that 99 of 100 calls keep. Without numbers there is none.
pub(crate) fn times(report: &Report) -> Option<String> {
    let mut rows = Vec::new();
    for option in &report.options {
        let name = subject::name(&option.option, &[&option.place]);
        for timed in numbers(report, &option.id)
            .into_iter()
            .flat_map(|numbers| &numbers.times)
        {
            let what = if timed.what == "read" {
                String::new()
            } else {
                format!(": {}", timed.what)
            };
            rows.push((format!("{name}{what}"), timed.median_ms, timed.p99_ms));
        }
    }
    let ends = rows.iter().flat_map(|&(_, median, p99)| [median, p99]);
    ends.clone().next()?;

    let describe = |(name, median, p99): &(String, f64, f64)| {
        format!(
            "{name}: median {}, 99 of 100 within {}.",
            milliseconds(*median),
            milliseconds(*p99)
        )
    };
    let description = rows.iter().map(describe).collect::<Vec<_>>().join(" ");
    let mut svg = Svg::new(
        "times",
        "Time of a callback that reads 1 kB, by option: median and 99th percentile",
        description,
    );
    let scale = LogScale::of(ends, (MARGIN, WIDTH - MARGIN));
    axis(&mut svg, scale, TIMES_ROW * rows.len() as f64, |tick| {
        format!("{tick} ms")
    });
    svg.text(
        (0.0, 14.0),
        LABEL,
        Anchor::Start,
        Colour::Quiet,
        "Time of a callback that reads 1 kB: ● median, | 99 of 100 within",
    );
    for (index, (name, median, p99)) in rows.iter().enumerate() {
        let (y, colour) = (
            top(index, TIMES_ROW),
            if name.ends_with(": miss") {
                Colour::Second
            } else {
                Colour::First
            },
        );
        let (from, to) = (scale.place(*median), scale.place(*p99));
        svg.text((0.0, y), NAME, Anchor::Start, Colour::Ink, name);
        svg.line([(from, y + 15.0), (to, y + 15.0)], 2.0, colour);
        svg.line([(to, y + 9.0), (to, y + 21.0)], 2.0, colour);
        svg.circle((from, y + 15.0), 5.5, colour);
        let label = format!(
            "{}, 99 % within {}",
            milliseconds(*median),
            milliseconds(*p99)
        );
        let (x, anchor) = if to + 12.0 + width(&label, LABEL) <= WIDTH {
            (to + 10.0, Anchor::Start)
        } else {
            (from - 12.0, Anchor::End)
        };
        svg.text((x, y + 19.5), LABEL, anchor, Colour::Quiet, &label);
    }
    Some(svg.finish(height(TIMES_ROW * rows.len() as f64)))
}

/// The line on which the name of a row stands.
fn top(index: usize, row: f64) -> f64 {
    TOP + 14.0 + row * index as f64
}

fn height(rows: f64) -> f64 {
    TOP + rows + AXIS
}

/// A line down for each power of ten, and what it stands for below.
fn axis(svg: &mut Svg, scale: LogScale, rows: f64, label: impl Fn(f64) -> String) {
    let bottom = TOP + rows;
    for tick in scale.ticks() {
        let x = scale.place(tick);
        svg.line([(x, TOP - 8.0), (x, bottom)], 1.0, Colour::Line);
        svg.text(
            (x, bottom + 18.0),
            LABEL,
            Anchor::Middle,
            Colour::Quiet,
            &label(tick),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::tests::report, svg::tests::mistake};

    #[test]
    fn the_chart_of_bytes_names_each_option_and_labels_each_dot() {
        let chart = traffic(&report()).expect("there are numbers");
        assert_eq!(mistake(&chart), None, "{chart}");
        for label in [
            ">Option 1 (files, Redis)<",
            ">3 kB<",
            ">300 kB<",
            ">3 MB<",
            ">3.0 × the data<",
            ">10 MB<",
        ] {
            assert!(chart.contains(label), "no {label} in {chart}");
        }
        assert!(chart.contains("Global variable: 2 kB for 1 kB of data, 200 kB for 100 kB of data, 2 MB for 1 MB of data."), "{chart}");
    }

    #[test]
    fn the_chart_of_times_tells_hits_from_misses() {
        let chart = times(&report()).expect("there are numbers");
        assert_eq!(mistake(&chart), None, "{chart}");
        for label in [
            ">Option 1, Redis: hit<",
            ">Option 1, Redis: miss<",
            ">100 ms, 99 % within 200 ms<",
            ">0.1 ms<",
            ">1000 ms<",
        ] {
            assert!(chart.contains(label), "no {label} in {chart}");
        }
        assert!(
            chart.contains("Global variable: median 0.25 ms, 99 of 100 within 0.5 ms."),
            "{chart}"
        );
    }

    #[test]
    fn without_numbers_there_is_no_chart() {
        let mut report = report();
        report.numbers.clear();
        assert_eq!((traffic(&report), times(&report)), (None, None));
    }
}
