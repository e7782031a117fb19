//! For how long entries live, and how many: with a clock that is moved by hand.

use std::convert::Infallible;
use std::time::Duration;

use shared_cache::{ManualClock, Memo, Origin, Settings};

use crate::support::{call, has, settings};

on_each_store! {
    async fn a_value_is_computed_once_and_grows_old(store: &TestStore) {
        let clock = ManualClock::new();
        let memo = store.cache(Settings { worker: 3, ..settings(&clock, 200) }).await.memo("f");
        let first = call(&memo, "A").await;
        assert_eq!((first.origin, first.age, first.computed_by.worker), (Origin::Miss, Duration::ZERO, 3));

        clock.advance(Duration::from_secs(12));
        let memo = store.cache(Settings { worker: 5, ..settings(&clock, 200) }).await.memo("f");
        let second = call(&memo, "A").await;
        assert_eq!((second.value.as_str(), second.origin), ("A", Origin::Hit));
        assert_eq!((second.age, second.computed_by), (Duration::from_secs(12), first.computed_by));
    }

    async fn each_entry_lives_for_a_minute_of_its_own(store: &TestStore) {
        let clock = ManualClock::new();
        let memo = store.cache(settings(&clock, 200)).await.memo("f");
        call(&memo, "A").await;
        clock.advance(Duration::from_secs(59));
        call(&memo, "B").await;
        assert!(has(&memo, "A").await);

        clock.advance(Duration::from_secs(1));
        assert!(!has(&memo, "A").await);
        clock.advance(Duration::from_millis(58_999));
        assert!(has(&memo, "B").await);
        clock.advance(Duration::from_millis(1));
        assert!(!has(&memo, "B").await);
        assert_eq!(call(&memo, "B").await.origin, Origin::Miss);
    }

    async fn an_entry_keeps_the_end_that_it_was_written_with(store: &TestStore) {
        let clock = ManualClock::new();
        let short = Settings { ttl: Duration::from_secs(10), ..settings(&clock, 200) };
        let short = store.cache(short).await.memo("f");
        let long = store.cache(settings(&clock, 200)).await.memo("f");
        call(&short, "A").await;
        call(&long, "B").await;
        clock.advance(Duration::from_secs(10));
        assert!(!has(&long, "A").await);
        assert!(has(&short, "B").await);
    }

    async fn the_oldest_makes_room_and_never_the_one_just_written(store: &TestStore) {
        let clock = ManualClock::new();
        let memo = store.cache(settings(&clock, 3)).await.memo("f");
        for value in ["A", "B", "C", "D", "E"] {
            call(&memo, value).await;
            assert!(has(&memo, value).await);
            clock.advance(Duration::from_secs(1));
        }
        for (value, there) in [("A", false), ("B", false), ("C", true), ("D", true), ("E", true)] {
            assert_eq!(has(&memo, value).await, there, "{value}");
        }
    }

    async fn what_has_expired_makes_room_before_what_is_older(store: &TestStore) {
        let clock = ManualClock::new();
        let short = Settings { ttl: Duration::from_secs(5), ..settings(&clock, 3) };
        let cache = store.cache(settings(&clock, 3)).await;
        let (short, long) = (store.cache(short).await.memo("f"), cache.memo("f"));
        call(&long, "old").await;
        clock.advance(Duration::from_secs(1));
        call(&short, "young, and gone soon").await;
        call(&long, "young").await;
        clock.advance(Duration::from_secs(5));
        call(&long, "new").await;

        assert!(has(&long, "old").await);
        assert!(!has(&long, "young, and gone soon").await);
        assert_eq!(cache.live_entries().await.unwrap(), 3);
    }

    async fn one_entry_is_the_smallest_limit(store: &TestStore) {
        let memo = store.cache(settings(&ManualClock::new(), 1)).await.memo("f");
        call(&memo, "A").await;
        call(&memo, "B").await;
        assert!(has(&memo, "B").await);
        assert!(!has(&memo, "A").await);
    }

    async fn a_value_written_again_takes_no_room_of_others(store: &TestStore) {
        let clock = ManualClock::new();
        let cache = store.cache(settings(&clock, 2)).await;
        let memo = cache.memo("f");
        call(&memo, "A").await;
        clock.advance(Duration::from_secs(59));
        call(&memo, "B").await;
        clock.advance(Duration::from_secs(1));
        call(&memo, "A").await;
        assert!(has(&memo, "B").await);
        assert_eq!(cache.live_entries().await.unwrap(), 2);
    }

    async fn functions_and_arguments_have_entries_of_their_own(store: &TestStore) {
        let cache = store.cache(settings(&ManualClock::new(), 200)).await;
        let f: Memo<(i32, i32), i32> = cache.memo("f");
        let g = cache.memo("g");
        for (memo, arguments, value) in [(&f, (1, 23), 1), (&f, (12, 3), 2), (&g, (1, 23), 3)] {
            let found = memo.get_or_compute(&arguments, async || Ok::<_, Infallible>(value)).await.unwrap();
            assert_eq!((found.value, found.origin), (value, Origin::Miss));
        }
    }

    /// A value of another type, such as an earlier version of a program wrote, is computed anew.
    async fn a_value_of_another_type_is_a_miss(store: &TestStore) {
        let cache = store.cache(settings(&ManualClock::new(), 200)).await;
        call(&cache.memo("f"), "A").await;
        let numbers: Memo<String, u64> = cache.memo("f");
        let found = numbers.get_or_compute(&"A".to_owned(), async || Ok::<_, Infallible>(7)).await.unwrap();
        assert_eq!((found.value, found.origin), (7, Origin::Miss));
    }

    /// Up to 64 KiB an entry is read in place, and above on another thread.
    async fn large_values_are_kept_too(store: &TestStore) {
        let memo = store.cache(settings(&ManualClock::new(), 200)).await.memo("f");
        let large = "0123456789".repeat(50_000);
        call(&memo, &large).await;
        let found = call(&memo, &large).await;
        assert_eq!((found.origin, found.value.len()), (Origin::Hit, 500_000));
    }
}
