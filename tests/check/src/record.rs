//! The observer: writes down what happens, on one clock.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use histories::{Event, EventKind, Header, History, HistoryError};

/// A history that is still going on.
pub(crate) struct Record {
    header: Header,
    start: Instant,
    events: Mutex<Vec<Event>>,
}

impl Record {
    pub(crate) fn new(header: Header) -> Self {
        Self {
            header,
            start: Instant::now(),
            events: Mutex::default(),
        }
    }

    /// Writes down that this happens now.
    pub(crate) fn push(&self, kind: EventKind) {
        let mut events = self.events();
        // The clock is read while nobody else writes, so that the events are in the order of their times.
        let microseconds = self.start.elapsed().as_micros();
        #[expect(clippy::cast_precision_loss, reason = "a run takes minutes")]
        let at = microseconds as f64 / 1000.0;
        events.push(Event { at, kind });
    }

    /// What has happened so far.
    pub(crate) fn history(&self) -> Result<History, HistoryError> {
        History::new(self.header.clone(), self.events().clone())
    }

    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
