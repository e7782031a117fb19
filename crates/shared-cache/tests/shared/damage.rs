//! Whatever stands in an entry's place: it is the entry, or nothing.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use shared_cache::{ManualClock, Memo, Origin};
use tokio::runtime::Builder;

use crate::support::{TestStore, call, settings};

/// Puts each of these contents in place of an entry, and calls.
fn whatever_stands_there_is_a_miss(
    store: impl Future<Output = TestStore>,
    contents: impl Strategy<Value = Vec<u8>>,
) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime.block_on(store);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(64));
    let memo: Memo<String, String> = runtime.block_on(async {
        store
            .cache(settings(&ManualClock::new(), 200))
            .await
            .memo("f")
    });
    let tested = runner.run(&contents, |content| {
        runtime.block_on(async {
            call(&memo, "A").await;
            store.damage(&content).await;
            prop_assert!(memo.get(&"A".to_owned()).await.unwrap().is_none());
            let found = call(&memo, "A").await;
            prop_assert_eq!((found.value.as_str(), found.origin), ("A", Origin::Miss));
            prop_assert_eq!(call(&memo, "A").await.origin, Origin::Hit);
            Ok(())
        })
    });
    tested.unwrap();
}

/// Arbitrary bytes, on their own and after what an entry begins with.
fn contents() -> impl Strategy<Value = Vec<u8>> {
    let beginnings = [
        "",
        "shared-cache 1 ",
        "shared-cache 2 ",
        "shared-cache 1 0000\n{\"written\":1,\"expires\":99999999999999,\"worker\":1,\"process\":1}\n[\"f\",\"A\"]\n",
    ];
    let beginning = prop::sample::select(beginnings.to_vec());
    (beginning, vec(any::<u8>(), 0..200)).prop_map(|(beginning, rest)| {
        let mut content = beginning.as_bytes().to_vec();
        content.extend(rest);
        content
    })
}

#[test]
fn arbitrary_bytes_in_a_file_are_a_miss() {
    whatever_stands_there_is_a_miss(std::future::ready(TestStore::files()), contents());
}

#[test]
fn arbitrary_bytes_in_redis_are_a_miss() {
    whatever_stands_there_is_a_miss(TestStore::redis(), contents());
}
