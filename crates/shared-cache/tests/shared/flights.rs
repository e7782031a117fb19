//! Calls of one process that want the same value.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use shared_cache::{Error, ManualClock, Memo, Origin, StoreError};
use tokio::sync::Notify;

use crate::support::{call, has, settings};

on_each_store! {
    async fn a_value_that_json_cannot_hold_is_computed_once_for_all_who_wait_and_they_are_told(store: &TestStore) {
        let cache = store.cache(settings(&ManualClock::new(), 200)).await;
        let memo: Memo<u8, f64> = cache.memo("f");
        let runs = AtomicU32::new(0);
        let calls = (0..8).map(|_| memo.get_or_compute(&1, async || {
            runs.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(f64::NAN)
        }));
        let (mut computed, mut told) = (0, 0);
        for call in futures_util::future::join_all(calls).await {
            match call {
                Ok(found) => {
                    assert!(found.value.is_nan());
                    assert!(matches!(found.warning, Some(StoreError::NotJson { .. })), "{found:?}");
                    computed += 1;
                }
                Err(error) => {
                    assert!(error.to_string().contains("JSON cannot hold it"), "{error}");
                    told += 1;
                }
            }
        }
        assert_eq!((runs.load(Ordering::SeqCst), computed, told), (1, 1, 7));
    }

    async fn a_value_that_would_come_back_as_another_is_no_hit(store: &TestStore) {
        let cache = store.cache(settings(&ManualClock::new(), 200)).await;
        let memo: Memo<u8, Option<Option<u8>>> = cache.memo("f");
        for _ in 0..2 {
            let found = memo.get_or_compute(&1, async || Ok::<_, Infallible>(Some(None))).await.unwrap();
            assert_eq!((found.value, found.origin), (Some(None), Origin::Miss));
        }
    }

    async fn distinct_values_do_not_wait_for_each_other(store: &TestStore) {
        let memo: Memo<String, String> = store.cache(settings(&ManualClock::new(), 200)).await.memo("f");
        let (started, never) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = tokio::spawn({
            let (memo, started) = (memo.clone(), Arc::clone(&started));
            async move {
                let compute = async || {
                    started.notify_one();
                    never.notified().await;
                    Ok::<_, Infallible>(String::new())
                };
                memo.get_or_compute(&"slow".to_owned(), compute).await
            }
        });
        started.notified().await;
        assert_eq!(call(&memo, "quick").await.origin, Origin::Miss);
        slow.abort();
    }

    async fn when_the_first_caller_goes_away_one_that_waits_takes_over(store: &TestStore) {
        let memo: Memo<String, u32> = store.cache(settings(&ManualClock::new(), 200)).await.memo("f");
        let (runs, started) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let spawn = || {
            let (memo, runs, started) = (memo.clone(), Arc::clone(&runs), Arc::clone(&started));
            tokio::spawn(async move {
                let compute = async || {
                    let run = runs.fetch_add(1, Ordering::SeqCst);
                    started.notify_one();
                    // The first computation never ends by itself.
                    if run == 0 {
                        std::future::pending::<()>().await;
                    }
                    Ok::<_, Infallible>(run)
                };
                memo.get_or_compute(&"A".to_owned(), compute).await
            })
        };
        let first = spawn();
        started.notified().await;
        let others: Vec<_> = (0..3).map(|_| spawn()).collect();
        tokio::task::yield_now().await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());

        for other in others {
            assert_eq!(other.await.unwrap().unwrap().value, 1);
        }
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    }

    async fn a_failed_computation_is_tried_anew_by_the_next_call(store: &TestStore) {
        let memo: Memo<String, String> = store.cache(settings(&ManualClock::new(), 200)).await.memo("f");
        let argument = "A".to_owned();
        let failed = memo.get_or_compute(&argument, async || Err("no")).await;
        assert!(matches!(failed, Err(Error::Computation("no"))));
        assert!(!has(&memo, "A").await);
        assert_eq!(call(&memo, "A").await.origin, Origin::Miss);
    }

    async fn a_value_that_json_cannot_write_is_there_with_a_warning(store: &TestStore) {
        let memo: Memo<u8, HashMap<(u8, u8), u8>> = store.cache(settings(&ManualClock::new(), 200)).await.memo("f");
        let compute = async || Ok::<_, Infallible>(HashMap::from([((1, 2), 3)]));
        let found = memo.get_or_compute(&1, compute).await.unwrap();
        let warning = found.warning.unwrap().to_string();
        assert!(warning.contains("JSON cannot hold it: key must be a string"), "{warning}");
    }
}
