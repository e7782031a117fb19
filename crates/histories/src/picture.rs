//! A history as a space-time diagram, in SVG: time runs to the right, and each person, each worker and the place outside them has a lane.
//!
//! A call is a bar on its person's lane, from the call to the answer, and a line to the worker that answered and back. The value that it
//! wrote stands above the bar's beginning and the value that it read below its end. Where the data lives, its value stands on the lane.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use crate::{
    event::{EventKind, Fault, Process},
    history::{History, Operation},
    verdict::{Contradiction, Verdict},
};

/// Where the data lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// In each worker: a variable of the process.
    Workers,
    /// Outside the workers, in one place with this name, such as `the session's file`.
    Outside(&'a str),
    /// With each person: in the browser.
    People,
}

/// How wide the names of the lanes are, how far two events are apart, and how far two lanes.
const NAMES: usize = 110;
const STEP: usize = 34;
const LANE: usize = 58;
const TOP: usize = 40;

/// How many colours there are for workers.
const COLOURS: usize = 8;

/// Draws a history.
///
/// Each element that belongs to an event has its place in [`History::events`] as `data-event`. The two events of a contradiction are red.
/// The text alternative is the verdict.
#[must_use]
pub fn picture(history: &History, place: Place<'_>, verdict: &Verdict) -> String {
    let drawing = Drawing::new(history, place, verdict);
    let (width, height) = (drawing.width(), drawing.height());
    let header = history.header();
    let title = format!(
        "A history of {} with {} worker{}",
        header.lesson,
        header.workers,
        if header.workers == 1 { "" } else { "s" }
    );
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" class=\"history\" role=\"img\" aria-label=\"{}: {}\">",
        escape(&title),
        escape(&verdict.to_string())
    );
    let _ = writeln!(svg, "<title>{}</title>", escape(&title));
    let _ = writeln!(svg, "<desc>{}</desc>", escape(&verdict.to_string()));
    let _ = writeln!(svg, "<style>{STYLE}</style>");
    drawing.lanes(&mut svg);
    for call in &drawing.calls {
        drawing.call(&mut svg, call);
    }
    drawing.faults(&mut svg);
    svg.push_str("</svg>\n");
    svg
}

const STYLE: &str = "\
.history{font:12px system-ui,sans-serif;fill:currentColor;color:#1f2937;--wrong:#c81e1e}\
.history .lane{stroke:#9ca3af;stroke-width:1}\
.history .name{font-weight:600}\
.history .bar{stroke-width:6;stroke-linecap:round}\
.history .path{fill:none;stroke-width:1.5}\
.history .open{stroke-dasharray:4 5}\
.history text{text-anchor:middle}\
.history .name{text-anchor:start}\
.history .wrong{stroke:var(--wrong)!important}\
.history text.wrong{fill:var(--wrong);stroke:none!important;font-weight:700}\
.history .fault{stroke:#6b7280;stroke-width:2}\
.w0{stroke:#6b7280}.w1{stroke:#2563eb}.w2{stroke:#b45309}.w3{stroke:#15803d}.w4{stroke:#7e22ce}\
.w5{stroke:#0e7490}.w6{stroke:#be185d}.w7{stroke:#4d7c0f}.w8{stroke:#4338ca}\
@media(prefers-color-scheme:dark){.history{color:#e5e7eb;--wrong:#f87171}\
.w1{stroke:#60a5fa}.w2{stroke:#fbbf24}.w3{stroke:#4ade80}.w4{stroke:#c084fc}\
.w5{stroke:#22d3ee}.w6{stroke:#f472b6}.w7{stroke:#a3e635}.w8{stroke:#818cf8}}";

struct Drawing<'a> {
    history: &'a History,
    calls: Vec<Operation<'a>>,
    place: Place<'a>,
    people: BTreeMap<&'a str, usize>,
    workers: BTreeMap<u32, usize>,
    broken: Option<&'a Contradiction>,
}

impl<'a> Drawing<'a> {
    fn new(history: &'a History, place: Place<'a>, verdict: &'a Verdict) -> Self {
        let calls = history.calls();
        let people: BTreeSet<&str> = calls.iter().map(|call| &*call.call.person).collect();
        let people: BTreeMap<_, _> = people.into_iter().zip(0..).collect();
        let mut workers = BTreeSet::new();
        for event in history.events() {
            match &event.kind {
                EventKind::Started(process) | EventKind::Ended(process) => {
                    workers.insert(process.worker);
                }
                EventKind::Answer(answer) => workers.extend(answer.by.map(|by| by.worker)),
                EventKind::Fault { worker, .. } => workers.extend(*worker),
                EventKind::Call(_) => {}
            }
        }
        let workers = workers.into_iter().zip(people.len()..).collect();
        let broken = match verdict {
            Verdict::Broken(contradiction) => Some(contradiction),
            Verdict::Holds(_) | Verdict::Unknown(_) => None,
        };
        Self {
            history,
            calls,
            place,
            people,
            workers,
            broken,
        }
    }

    fn width(&self) -> usize {
        self.x(self.history.events().len()) + STEP
    }

    fn height(&self) -> usize {
        let outside = usize::from(matches!(self.place, Place::Outside(_)));
        self.y(self.people.len() + self.workers.len() + outside)
    }

    fn x(&self, event: usize) -> usize {
        NAMES + event * STEP
    }

    fn y(&self, lane: usize) -> usize {
        TOP + lane * LANE
    }

    /// `wrong` for an event that contradicts another one.
    fn mark(&self, events: &[usize]) -> &'static str {
        let is_wrong =
            |broken: &Contradiction| broken.events.iter().any(|event| events.contains(event));
        if self.broken.is_some_and(is_wrong) {
            " wrong"
        } else {
            ""
        }
    }

    fn lanes(&self, svg: &mut String) {
        let people = self
            .people
            .iter()
            .map(|(name, lane)| ((*name).to_owned(), *lane));
        let workers = self.workers.iter();
        let workers = workers.map(|(number, lane)| (format!("worker {number}"), *lane));
        let outside = match self.place {
            Place::Outside(name) => Some((name.to_owned(), self.people.len() + self.workers.len())),
            Place::Workers | Place::People => None,
        };
        for (name, lane) in people.chain(workers).chain(outside) {
            let (y, end) = (self.y(lane), self.width());
            let _ = writeln!(
                svg,
                "<text class=\"name\" x=\"4\" y=\"{}\">{}</text><line class=\"lane\" x1=\"{NAMES}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\"/>",
                y + 4,
                escape(&name)
            );
        }
    }

    fn call(&self, svg: &mut String, call: &Operation<'_>) {
        let person = self.y(self.people[&*call.call.person]);
        let end = call.answer_event.unwrap_or(self.history.events().len());
        let (from, to) = (self.x(call.event), self.x(end));
        let by = call.answer.and_then(|answer| answer.by);
        let colour = by.map_or(0, |by| (by.worker as usize - 1) % COLOURS + 1);
        let open = if call.answer.is_none() { " open" } else { "" };
        let events = [call.event, end];
        let mark = self.mark(&events);
        let event = call.event;
        let _ = writeln!(
            svg,
            "<line class=\"bar w{colour}{open}{mark}\" data-event=\"{event}\" x1=\"{from}\" y1=\"{person}\" x2=\"{to}\" y2=\"{person}\"/>"
        );
        if !call.call.write.is_null() {
            let wrote = self.mark(&[event]);
            text(
                svg,
                event,
                wrote,
                from,
                person - 9,
                &short(&call.call.write),
            );
        }
        let (Some(answer), Some(answered)) = (call.answer, call.answer_event) else {
            return;
        };
        let read = self.mark(&[answered]);
        text(svg, answered, read, to, person + 20, &short(&answer.read));
        let Some(Process { worker, .. }) = by else {
            return;
        };
        let Some(lane) = self.workers.get(&worker) else {
            return;
        };
        let (middle, lane) = (from.midpoint(to), self.y(*lane));
        let _ = write!(
            svg,
            "<path class=\"path w{colour}{mark}\" data-event=\"{answered}\" d=\"M{from} {person}L{middle} {lane}"
        );
        if let Place::Outside(_) = self.place {
            let place = self.y(self.people.len() + self.workers.len());
            let _ = write!(svg, "V{place}M{middle} {lane}");
        }
        let _ = writeln!(svg, "L{to} {person}\"/>");
        let held = match self.place {
            Place::Workers => lane,
            Place::Outside(_) => self.y(self.people.len() + self.workers.len()),
            Place::People => return,
        };
        if !call.call.write.is_null() {
            text(
                svg,
                answered,
                "",
                middle,
                held + 16,
                &short(&call.call.write),
            );
        }
    }

    fn faults(&self, svg: &mut String) {
        for (index, event) in self.history.events().iter().enumerate() {
            let (word, worker) = match &event.kind {
                EventKind::Ended(process) => ("ended", Some(process.worker)),
                EventKind::Started(process) if process.life > 1 => {
                    ("started", Some(process.worker))
                }
                EventKind::Fault { kind, worker } => (name(*kind), *worker),
                EventKind::Started(_) | EventKind::Call(_) | EventKind::Answer(_) => continue,
            };
            let x = self.x(index);
            let lane = worker.and_then(|worker| self.workers.get(&worker));
            let y = lane.map_or(TOP / 2, |lane| self.y(*lane));
            let _ = writeln!(
                svg,
                "<line class=\"fault\" data-event=\"{index}\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\"/>",
                y - 8,
                y + 8
            );
            text(svg, index, "", x, y - 12, word);
        }
    }
}

fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Kill => "kill",
        Fault::Pause => "pause",
        Fault::Resume => "resume",
        Fault::Reload => "reload",
        Fault::Leave => "left",
    }
}

fn text(svg: &mut String, event: usize, mark: &str, x: usize, y: usize, text: &str) {
    let mark = mark.trim_start();
    let _ = writeln!(
        svg,
        "<text class=\"{mark}\" data-event=\"{event}\" x=\"{x}\" y=\"{y}\">{}</text>",
        escape(text)
    );
}

/// A value as the picture has room for it.
fn short(value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(8) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
