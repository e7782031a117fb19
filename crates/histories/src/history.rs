//! A whole history, read from JSON Lines and written as them.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use crate::{
    event::{Answer, Call, Event, EventKind, Header, Process},
    verdict::Verdict,
};

/// The version of the format that this crate reads and writes.
const VERSION: u32 = 1;

/// What happened to a lesson, in the order in which it happened.
///
/// ```
/// use histories::History;
///
/// let text = r#"{"history":1,"lesson":"option1","workers":8}
/// {"at":12.4,"event":"call","call":1,"person":"A","operation":"swap","key":"s","write":"A1"}
/// {"at":13.1,"event":"answer","call":1,"worker":3,"read":"Init"}
/// "#;
/// let history = History::parse(text)?;
/// assert_eq!(history.header().workers, 8);
/// assert_eq!(history.calls().len(), 1);
/// # Ok::<(), histories::HistoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    header: Header,
    events: Vec<Event>,
}

/// A call with its answer.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// The call.
    pub call: &'a Call,
    /// Where the call is in [`History::events`].
    pub event: usize,
    /// When it was sent, in milliseconds.
    pub called: f64,
    /// When it was answered, in milliseconds; infinite if it was not, or if it failed: it may still happen, or never.
    pub answered: f64,
    /// Its answer, unless it failed.
    pub answer: Option<&'a Answer>,
    /// Where the answer is in [`History::events`].
    pub answer_event: Option<usize>,
}

/// Why a text is no history. Each names the line, from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// There is no line.
    #[error(
        "the history is empty; expected a first line such as {{\"history\":1,\"lesson\":\"option1\",\"workers\":8}}"
    )]
    Empty,
    /// The first line is not the header of a history.
    #[error("line 1 is not the header of a history: {0}")]
    Header(serde_json::Error),
    /// The history has another version.
    #[error("line 1: the history has the version {0}; this program reads version {VERSION}")]
    Version(u32),
    /// A line is not an event.
    #[error("line {line} is not an event: {error}")]
    Event {
        /// The line.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// A line is an event that cannot have happened there.
    #[error("line {line}: {problem}")]
    Order {
        /// The line.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

impl History {
    /// A history of these events.
    ///
    /// # Errors
    ///
    /// The events cannot have happened in this order: time runs backwards, a call has two answers, an answer has no call.
    pub fn new(header: Header, events: Vec<Event>) -> Result<Self, HistoryError> {
        if header.history != VERSION {
            return Err(HistoryError::Version(header.history));
        }
        check_order(&events)?;
        Ok(Self { header, events })
    }

    /// Reads a header and a line for each event. Empty lines are left out.
    ///
    /// # Errors
    ///
    /// The line that is wrong, and why.
    pub fn parse(text: &str) -> Result<Self, HistoryError> {
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        let (_, header) = lines.next().ok_or(HistoryError::Empty)?;
        let header = serde_json::from_str(header).map_err(HistoryError::Header)?;
        let event = |(index, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| HistoryError::Event {
                line: index + 1,
                error,
            })
        };
        Self::new(header, lines.map(event).collect::<Result<_, _>>()?)
    }

    /// What was run.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What happened, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The calls, in the order in which they were sent.
    #[must_use]
    pub fn calls(&self) -> Vec<Operation<'_>> {
        let mut calls: Vec<Operation<'_>> = Vec::new();
        let mut places = HashMap::new();
        for (index, event) in self.events.iter().enumerate() {
            match &event.kind {
                EventKind::Call(call) => {
                    places.insert(call.call, calls.len());
                    calls.push(Operation {
                        call,
                        event: index,
                        called: event.at,
                        answered: f64::INFINITY,
                        answer: None,
                        answer_event: None,
                    });
                }
                EventKind::Answer(answer) => {
                    let Some(place) = places.get(&answer.call) else {
                        continue;
                    };
                    let operation = &mut calls[*place];
                    operation.answer_event = Some(index);
                    if answer.status.is_none() {
                        operation.answered = event.at;
                        operation.answer = Some(answer);
                    }
                }
                EventKind::Started(_) | EventKind::Ended(_) | EventKind::Fault { .. } => {}
            }
        }
        calls
    }
}

impl History {
    /// The part that one worker process saw: the calls that it answered, and nothing else.
    #[must_use]
    pub fn answered_by(&self, process: Process) -> Self {
        let calls = self.calls();
        let is_its =
            |call: &&Operation<'_>| call.answer.is_some_and(|answer| answer.by == Some(process));
        let its: HashSet<u64> = calls
            .iter()
            .filter(is_its)
            .map(|call| call.call.call)
            .collect();
        let events = self.events.iter().filter(|event| match &event.kind {
            EventKind::Call(call) => its.contains(&call.call),
            EventKind::Answer(answer) => its.contains(&answer.call),
            EventKind::Started(_) | EventKind::Ended(_) | EventKind::Fault { .. } => false,
        });
        let (header, events) = (self.header.clone(), events.cloned().collect());
        Self { header, events }
    }

    /// The part of a history that shows why it is broken: the events near the two that contradict each other, and the calls that they belong
    /// to, from beginning to end. Of a history that is not broken it is the beginning. The verdict comes back with the events' new places.
    #[must_use]
    pub fn excerpt(&self, verdict: &Verdict, near: usize) -> (Self, Verdict) {
        let places = match verdict {
            Verdict::Broken(contradiction) => contradiction.events,
            Verdict::Holds(_) | Verdict::Unknown(_) => [near, near],
        };
        let is_near = |place: usize| places.iter().any(|other| place.abs_diff(*other) <= near);
        let number = |event: &Event| match &event.kind {
            EventKind::Call(call) => Some(call.call),
            EventKind::Answer(answer) => Some(answer.call),
            EventKind::Started(_) | EventKind::Ended(_) | EventKind::Fault { .. } => None,
        };
        let near = self
            .events
            .iter()
            .enumerate()
            .filter(|(place, _)| is_near(*place));
        let calls: HashSet<u64> = near.filter_map(|(_, event)| number(event)).collect();
        let is_kept = |place: usize, event: &Event| {
            number(event).map_or_else(|| is_near(place), |call| calls.contains(&call))
        };
        let mut events = Vec::new();
        let mut moved = HashMap::new();
        for (place, event) in self.events.iter().enumerate() {
            if is_kept(place, event) {
                moved.insert(place, events.len());
                events.push(event.clone());
            }
        }
        let mut verdict = verdict.clone();
        if let Verdict::Broken(contradiction) = &mut verdict {
            contradiction.events = contradiction.events.map(|place| moved[&place]);
        }
        let header = self.header.clone();
        (Self { header, events }, verdict)
    }
}

impl fmt::Display for History {
    /// Writes the history as JSON Lines, which [`History::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |json: serde_json::Result<String>| json.map_err(|_| fmt::Error);
        writeln!(f, "{}", line(serde_json::to_string(&self.header))?)?;
        for event in &self.events {
            writeln!(f, "{}", line(serde_json::to_string(event))?)?;
        }
        Ok(())
    }
}

fn check_order(events: &[Event]) -> Result<(), HistoryError> {
    let mut answered: HashMap<u64, bool> = HashMap::new();
    let mut last = 0.0;
    for (index, event) in events.iter().enumerate() {
        let problem = match &event.kind {
            _ if !event.at.is_finite() || event.at < last => Some(format!(
                "the event is at {} ms, and the one before it at {last} ms; expected the events in the order of their times",
                event.at
            )),
            EventKind::Call(call) => answered.insert(call.call, false).map(|_| {
                format!(
                    "call {} was made before; expected a number of its own",
                    call.call
                )
            }),
            EventKind::Answer(answer) => match answered.insert(answer.call, true) {
                Some(false) => None,
                Some(true) => Some(format!("call {} has two answers", answer.call)),
                None => Some(format!(
                    "call {} is answered, but was not made before",
                    answer.call
                )),
            },
            EventKind::Started(_) | EventKind::Ended(_) | EventKind::Fault { .. } => None,
        };
        if let Some(problem) = problem {
            // The header is line 1.
            let line = index + 2;
            return Err(HistoryError::Order { line, problem });
        }
        last = event.at;
    }
    Ok(())
}
