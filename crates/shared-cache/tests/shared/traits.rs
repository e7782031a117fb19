//! A memo as a store of the crate `cached`.

use std::convert::Infallible;
use std::time::Duration;

use cached::macros::concurrent_cached;
use cached::{ConcurrentCacheBase, ConcurrentCachedAsync};
use shared_cache::{Error, ManualClock, Memo, Settings, SharedCache};

use crate::support::{call, has, settings};

on_each_store! {
    async fn a_memo_is_a_store_of_cached(store: &TestStore) {
        let clock = ManualClock::new();
        let memo: Memo<String, String> = store.cache(settings(&clock, 7)).await.memo("f");
        let key = "A".to_owned();
        assert_eq!(memo.async_cache_get(&key).await.unwrap(), None);
        assert_eq!(memo.async_cache_set(key.clone(), "1".to_owned()).await.unwrap(), None);
        assert_eq!(memo.async_cache_set(key.clone(), "2".to_owned()).await.unwrap().as_deref(), Some("1"));
        assert!(memo.async_cache_contains(&key).await.unwrap());
        assert_eq!(memo.async_cache_remove(&key).await.unwrap().as_deref(), Some("2"));
        assert!(!memo.async_cache_delete(&key).await.unwrap());
        assert_eq!(memo.cache_capacity(), Some(7));
    }

    async fn an_expired_entry_is_removed_but_is_no_value(store: &TestStore) {
        let clock = ManualClock::new();
        let memo = store.cache(settings(&clock, 7)).await.memo("f");
        for value in ["A", "B"] {
            call(&memo, value).await;
        }
        clock.advance(Duration::from_secs(60));
        assert_eq!(memo.async_cache_remove(&"A".to_owned()).await.unwrap(), None);
        let removed = memo.async_cache_remove_entry(&"B".to_owned()).await.unwrap();
        assert_eq!(removed, Some(("B".to_owned(), "B".to_owned())));
    }

    async fn to_clear_one_function_leaves_the_others(store: &TestStore) {
        let cache = store.cache(settings(&ManualClock::new(), 7)).await;
        let (f, g) = (cache.memo("f"), cache.memo("g"));
        call(&f, "A").await;
        call(&g, "A").await;
        f.async_cache_clear().await.unwrap();
        assert!(!has(&f, "A").await);
        assert!(has(&g, "A").await);
    }

    async fn the_traits_own_computation_is_single_flight(store: &TestStore) {
        let memo: Memo<u32, u32> = store.cache(settings(&ManualClock::new(), 7)).await.memo("f");
        let runs = std::sync::atomic::AtomicU32::new(0);
        let compute = async || {
            tokio::task::yield_now().await;
            runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
        };
        let calls = (0..20).map(|_| memo.async_cache_get_or_set_with(1, compute));
        for value in futures_util::future::join_all(calls).await {
            assert_eq!(value.unwrap(), 0);
        }
        let failed = memo.async_cache_try_get_or_set_with(2, async || Err::<u32, _>("no")).await;
        assert_eq!(failed.unwrap(), Err("no"));
    }
}

#[tokio::test]
async fn the_macro_of_cached_memoizes_over_files() {
    static FOLDER: std::sync::LazyLock<tempfile::TempDir> =
        std::sync::LazyLock::new(|| tempfile::tempdir().unwrap());
    static RUNS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

    #[concurrent_cached(
        ty = "Memo<u32, u32>",
        create = r#"{ SharedCache::files(FOLDER.path(), Settings::default()).memo("run") }"#,
        map_error = r#"|error| error"#
    )]
    async fn run(n: u32) -> Result<u32, Error<Infallible>> {
        Ok(n + RUNS.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
    }

    for _ in 0..3 {
        assert_eq!(run(10).await.unwrap(), 10);
    }
    let elsewhere: Memo<u32, u32> =
        SharedCache::files(FOLDER.path(), Settings::default()).memo("run");
    assert_eq!(elsewhere.get(&10).await.unwrap().unwrap().value, 10);
}
