//! The lesson in one process. The browser tests, in `tests/`, run it with several workers.

use std::time::Duration;

use harness::{Recorder, call};
use serde_json::json;
use shared_cache::{Settings, SharedCache};

use super::*;

/// Sales whose computation takes no time.
fn sales(folder: &tempfile::TempDir, has_signal: bool) -> Sales {
    let cache = SharedCache::files(folder.path().join("cache"), Settings::default());
    Sales {
        memo: cache.memo("sales"),
        takes: Duration::ZERO,
        has_signal,
    }
}

#[tokio::test]
async fn signal_sends_what_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let router = app(&sales(&folder, true)).into_router().unwrap();
    let mut recorder = Recorder::of(router).await;
    let chosen = call(
        "signal.data",
        &[("dropdown", "value", json!("Pears"))],
        &[],
        &["dropdown.value"],
    );
    recorder.answer("to_a_choice", &chosen).await;
    recorder.check("signal");
}

#[tokio::test]
async fn without_the_signal_each_graph_has_its_own_input() {
    let folder = tempfile::tempdir().unwrap();
    let router = app(&sales(&folder, false)).into_router().unwrap();
    let recorder = Recorder::of(router).await;
    recorder.check("signal_without");
}
