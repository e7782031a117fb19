//! What the workers need.

use harness::{App, Pid, ProcessTable};
use serde::{Deserialize, Serialize};

/// The memory that each worker has in use (its resident set), in KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// The smallest worker's.
    pub(crate) smallest_kib: u64,
    /// The one's in the middle.
    pub(crate) median_kib: u64,
    /// The largest worker's.
    pub(crate) largest_kib: u64,
}

/// Reads it from `/proc`.
pub(super) fn measure(app: &App) -> Memory {
    let mut sizes: Vec<u64> = app.workers().into_values().map(resident).collect();
    sizes.sort_unstable();
    let (Some(&smallest_kib), Some(&largest_kib)) = (sizes.first(), sizes.last()) else {
        panic!("wanted workers to look at; there are none");
    };
    Memory {
        smallest_kib,
        median_kib: sizes[(sizes.len() - 1) / 2],
        largest_kib,
    }
}

fn resident(pid: Pid) -> u64 {
    let memory = ProcessTable::memory_kib(pid);
    memory.unwrap_or_else(|| panic!("wanted the memory of worker {pid}; it has ended"))
}
