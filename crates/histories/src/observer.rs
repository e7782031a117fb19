//! Who writes a history down while it goes on.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::{
    event::{Event, EventKind, Header, Process},
    history::{History, HistoryError},
};

/// Writes down what happens, on one clock, from any number of threads.
///
/// ```
/// use histories::{EventKind, Fault, Header, Observer};
///
/// let header = Header { history: 1, lesson: "option1".into(), options: Vec::new(), workers: 8, seed: None };
/// let observer = Observer::new(header);
/// observer.push(EventKind::Fault { kind: Fault::Kill, worker: Some(3) });
/// observer.ended(3);
/// assert_eq!(observer.process(3).life, 2);
/// assert_eq!(observer.history()?.events().len(), 2);
/// # Ok::<(), histories::HistoryError>(())
/// ```
#[derive(Debug)]
pub struct Observer {
    header: Header,
    begun: Instant,
    events: Mutex<Vec<Event>>,
    /// Which process has each worker's number, where it is not the first.
    lives: Mutex<HashMap<u32, u32>>,
}

impl Observer {
    /// Begins to look: the clock is at zero.
    #[must_use]
    pub fn new(header: Header) -> Self {
        Self {
            header,
            begun: Instant::now(),
            events: Mutex::default(),
            lives: Mutex::default(),
        }
    }

    /// Writes down that this happens now.
    pub fn push(&self, kind: EventKind) {
        let mut events = lock(&self.events);
        // The clock is read while nobody else writes, so that the events are in the order of their times.
        #[expect(clippy::cast_precision_loss, reason = "a run takes minutes")]
        let at = self.begun.elapsed().as_micros() as f64 / 1000.0;
        events.push(Event { at, kind });
    }

    /// The process that has this worker's number now.
    #[must_use]
    pub fn process(&self, worker: u32) -> Process {
        let life = lock(&self.lives).get(&worker).copied().unwrap_or(1);
        Process { worker, life }
    }

    /// A worker's process is gone, and the next one with its number is another.
    pub fn ended(&self, worker: u32) {
        self.push(EventKind::Ended(self.process(worker)));
        *lock(&self.lives).entry(worker).or_insert(1) += 1;
    }

    /// What has happened so far.
    ///
    /// # Errors
    ///
    /// The events cannot have happened in this order: a call was made or answered twice, or answered and not made.
    pub fn history(&self) -> Result<History, HistoryError> {
        History::new(self.header.clone(), lock(&self.events).clone())
    }
}

/// A thread that panicked has left whole events behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
