//! The expensive table, and where it is kept.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use callbacks::{CallbackError, Worker};
use serde::{Deserialize, Serialize};
use shared_cache::Memo;

/// What a computation found, and which one it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Who computed it.
    pub worker: u32,
    /// The time in microseconds since 1970, at which it was computed: no two runs have the same.
    pub run: u64,
    /// How many were sold, week by week.
    pub sold: Vec<u32>,
}

// ANCHOR: sales
/// How tables come to be.
#[derive(Clone, Debug)]
pub struct Sales {
    /// The tables that all workers share, each by its fruit.
    pub memo: Memo<String, Table>,
    /// How long one computation takes.
    pub takes: Duration,
    /// Whether graphs follow a signal and share its table, or each computes for itself.
    pub has_signal: bool,
}

impl Sales {
    /// The table of this fruit: with a signal from the cache, if it is there.
    pub(crate) async fn table(&self, fruit: &str, worker: Worker) -> Result<Table, CallbackError> {
        if !self.has_signal {
            return self.compute(fruit, worker).await;
        }
        let compute = async || self.compute(fruit, worker).await;
        let found = self.memo.get_or_compute(&fruit.to_owned(), compute).await;
        Ok(found.map_err(CallbackError::public)?.value)
    }

    /// Takes its time.
    async fn compute(&self, fruit: &str, worker: Worker) -> Result<Table, CallbackError> {
        tokio::time::sleep(self.takes).await;
        let run = SystemTime::now().duration_since(UNIX_EPOCH);
        let run = run.unwrap_or_default().as_micros();
        Ok(Table {
            worker: worker.0,
            run: u64::try_from(run).unwrap_or(u64::MAX),
            sold: fruit.bytes().map(u32::from).collect(),
        })
    }
}
// ANCHOR_END: sales
