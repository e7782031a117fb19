//! Many clicks on one session, written down as a history: they are linearizable if they form one chain, in which each click reads what the
//! one before it has stored, and if no click that ended before another began comes after it.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use ::histories::{Answer, Call, Event, EventKind, Guarantee, Header, History, Operation, Verdict};
use futures_util::future::join_all;
use harness::Address;
use hyper::Method;

use crate::{
    UPDATE,
    lessons::{Shown, click},
};

/// What came of many clicks on one session.
pub(crate) struct Clicks {
    begun: Instant,
    events: Mutex<Vec<Event>>,
}

impl Clicks {
    /// `clients` people click at the same time, each again and again with values of their own, until `enough` says that one has clicked enough.
    ///
    /// Any of `servers` may get a click.
    pub(crate) async fn by(
        clients: usize,
        servers: &[Address],
        session: &str,
        enough: impl Fn(usize) -> bool,
    ) -> Self {
        let clicks = Self {
            begun: Instant::now(),
            events: Mutex::default(),
        };
        let (all, enough) = (&clicks, &enough);
        let clicking = (0..clients).map(async |client| {
            let mut turn = 0;
            while !enough(turn) {
                let server = servers[(client + turn) % servers.len()];
                all.add(server, session, format!("{client}-{turn}")).await;
                turn += 1;
            }
        });
        join_all(clicking).await;
        clicks
    }

    /// One more click. A worker that is killed before it answers leaves a call without an answer.
    pub(crate) async fn add(&self, server: Address, session: &str, value: String) {
        let call = self.push(|call| {
            EventKind::Call(Call {
                call,
                person: value.clone(),
                operation: Operation::Swap,
                key: session.to_owned(),
                write: value.clone().into(),
            })
        });
        let body = click(Some(session), &value);
        let Ok(answer) = server.request(Method::POST, UPDATE, Some(&body)).await else {
            return;
        };
        let shown = Shown::of(&answer);
        // The first click of all stores `Init` in the place of its own value.
        let stored = shown.stored();
        if stored != value {
            self.stored(call, stored);
        }
        self.push(|_| {
            EventKind::Answer(Answer {
                call,
                by: None,
                status: None,
                read: shown.held.into(),
                origin: None,
                age: None,
            })
        });
    }

    /// Writes down what happens now. A call's number is its place.
    fn push(&self, kind: impl FnOnce(u64) -> EventKind) -> u64 {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let number = events.len() as u64;
        // The clock is read while nobody else writes, so that the events are in the order of their times.
        let at = self.begun.elapsed().as_secs_f64() * 1000.0;
        let kind = kind(number);
        events.push(Event { at, kind });
        number
    }

    fn stored(&self, call: u64, value: String) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let event = usize::try_from(call)
            .ok()
            .and_then(|place| events.get_mut(place));
        if let Some(EventKind::Call(call)) = event.map(|event| &mut event.kind) {
            call.write = value.into();
        }
    }

    fn history(&self) -> History {
        let header = Header {
            history: 1,
            lesson: "option1".to_owned(),
            options: Vec::new(),
            workers: 8,
            seed: None,
        };
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        History::new(header, events.clone()).expect("the events are in their order")
    }

    /// How many clicks were answered.
    pub(crate) fn answered(&self) -> usize {
        let history = self.history();
        let calls = history.calls();
        calls.iter().filter(|call| call.answer.is_some()).count()
    }

    /// How many were not.
    pub(crate) fn unanswered(&self) -> usize {
        self.history().calls().len() - self.answered()
    }

    /// Nothing was read twice, made up, lost or read out of time, but for what clicks without an answer may have done.
    pub(crate) fn assert_linearizable(&self) {
        let history = self.history();
        let verdict = Guarantee::Linearizable.judge(&history);
        assert!(matches!(verdict, Verdict::Holds(_)), "{verdict}\n{history}");
    }
}
