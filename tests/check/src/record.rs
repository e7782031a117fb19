//! The observer: writes down what happens, on one clock.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use histories::{Event, EventKind, Header, History, HistoryError, Process};

/// A history that is still going on.
pub(crate) struct Record {
    header: Header,
    start: Instant,
    events: Mutex<Vec<Event>>,
    /// Which process has each worker's number, where it is not the first.
    lives: Mutex<HashMap<u32, u32>>,
}

impl Record {
    pub(crate) fn new(header: Header) -> Self {
        Self {
            header,
            start: Instant::now(),
            events: Mutex::default(),
            lives: Mutex::default(),
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

    /// The process that has this worker's number now.
    pub(crate) fn process(&self, worker: u32) -> Process {
        let life = self.lives().get(&worker).copied().unwrap_or(1);
        Process { worker, life }
    }

    /// A worker's process is gone, and the next one with its number will be another.
    pub(crate) fn ended(&self, worker: u32) {
        self.push(EventKind::Ended(self.process(worker)));
        *self.lives().entry(worker).or_insert(1) += 1;
    }

    /// What has happened so far.
    pub(crate) fn history(&self) -> Result<History, HistoryError> {
        History::new(self.header.clone(), self.events().clone())
    }

    fn lives(&self) -> MutexGuard<'_, HashMap<u32, u32>> {
        self.lives.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
