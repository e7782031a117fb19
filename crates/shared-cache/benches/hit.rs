//! How long a hit takes: `cargo bench -p shared-cache`.
//!
//! The entries are in the file store, in the folder for temporary files, and small, as a callback's results mostly are.

#![allow(
    missing_docs,
    reason = "the macros of criterion make functions without any"
)]

use std::convert::Infallible;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use shared_cache::{Memo, Settings, SharedCache};
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

fn hit(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let cache = SharedCache::files(folder.path().join("cache"), Settings::default());
    let memo: Memo<String, String> = cache.memo("compute_expensive_data");
    let call = async |value: &String| {
        let found = memo.get_or_compute(value, async || Ok::<_, Infallible>(value.clone()));
        found.await.expect("a call of the file store cannot fail")
    };
    let values: Vec<String> = (0..200).map(|n| format!("value {n}")).collect();
    for value in &values {
        runtime.block_on(call(value));
    }

    let mut next = values.iter().cycle();
    criterion.bench_function("a hit, of 200 entries", |bencher| {
        bencher.iter(|| {
            let value = next.next().expect("a circle has no end");
            black_box(runtime.block_on(call(value)))
        });
    });

    // What the hit would pay in addition, if the file were read on a thread for blocking calls.
    criterion.bench_function("to another thread and back", |bencher| {
        bencher.iter(|| runtime.block_on(async { spawn_blocking(|| black_box(1)).await }));
    });

    let mut n = 0_u64;
    criterion.bench_function(
        "a miss, which evicts the oldest of 200 entries",
        |bencher| {
            bencher.iter(|| {
                n += 1;
                black_box(runtime.block_on(call(&format!("new {n}"))))
            });
        },
    );
}

criterion_group!(benches, hit);
criterion_main!(benches);
