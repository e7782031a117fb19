//! What can become of a folder.

use std::convert::Infallible;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Waker};

use futures_util::FutureExt;
use futures_util::future::{join, join_all};
use shared_cache::{Error, Memo, Origin, Settings, SharedCache};
use tokio::sync::Notify;

use crate::support::child::Ends;
use crate::support::worker::Workers;
use crate::support::{Place, TestStore, call, has};

fn memo(folder: &Path) -> Memo<String, String> {
    SharedCache::files(folder, Settings::default()).memo("f")
}

fn folder(store: &TestStore) -> &Path {
    match &store.place {
        Place::Files(folder) => folder,
        Place::Redis(_) => unreachable!("these are the tests of files"),
    }
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn the_folder_is_nobody_elses() {
    let store = TestStore::files();
    call(&memo(folder(&store)), "A").await;
    let mode = fs::metadata(folder(&store)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_folder_that_was_removed_is_made_again() {
    let store = TestStore::files();
    let memo = memo(folder(&store));
    call(&memo, "A").await;
    fs::remove_dir_all(folder(&store)).unwrap();
    let found = call(&memo, "A").await;
    assert_eq!(
        (found.origin, found.warning.is_none()),
        (Origin::Miss, true)
    );
    assert_eq!(call(&memo, "A").await.origin, Origin::Hit);
}

#[tokio::test]
async fn a_file_in_the_folders_place_is_a_warning_and_the_value_is_there() {
    let store = TestStore::files();
    fs::write(folder(&store), "not a folder").unwrap();
    for _ in 0..2 {
        let found = call(&memo(folder(&store)), "A").await;
        let warning = found.warning.unwrap().to_string();
        assert_eq!((found.value.as_str(), found.origin), ("A", Origin::Miss));
        assert!(
            warning.contains(&folder(&store).display().to_string()),
            "{warning}"
        );
    }
}

#[tokio::test]
async fn on_a_full_disk_a_value_is_computed_once_for_all_who_wait_in_other_processes() {
    let store = TestStore::files();
    call(&memo(folder(&store)), "makes the folder").await;
    symlink("/dev/full", folder(&store).join("new")).unwrap();
    let runs = AtomicU32::new(0);
    let (begun, end) = (Notify::new(), Notify::new());
    // Calls that do not share a cache in memory wait as those of other processes do.
    let ask = async || {
        let compute = async || {
            runs.fetch_add(1, Ordering::SeqCst);
            begun.notify_one();
            end.notified().await;
            Ok::<_, Infallible>("A".to_owned())
        };
        let memo = memo(folder(&store));
        let found = memo.get_or_compute(&"A".to_owned(), compute).await.unwrap();
        (found.value, found.warning.unwrap().to_string())
    };
    let mut first = Box::pin(ask());
    tokio::select! {
        _ = &mut first => unreachable!("it has not ended"),
        () = begun.notified() => {}
    }
    let mut others = Box::pin(join_all((0..7).map(|_| ask())));
    // Each of them has asked for its turn when this returns.
    assert!(others.as_mut().now_or_never().is_none());
    end.notify_one();
    let (first, others) = join(first, others).await;
    assert_eq!(first.0, "A");
    assert!(first.1.contains("No space left"), "{}", first.1);
    assert!(others.iter().all(|other| *other == first), "{others:?}");
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_full_disk_is_a_warning_and_the_value_is_there() {
    let store = TestStore::files();
    let memo = memo(folder(&store));
    call(&memo, "A").await;
    symlink("/dev/full", folder(&store).join("new")).unwrap();
    let found = call(&memo, "B").await;
    let warning = found.warning.unwrap().to_string();
    assert_eq!(found.value, "B");
    assert!(warning.contains("No space left on device"), "{warning}");
    assert!(has(&memo, "A").await);

    let found = call(&memo, "B").await;
    assert_eq!(
        (found.origin, found.warning.is_none()),
        (Origin::Miss, true)
    );
}

#[tokio::test]
async fn what_is_no_file_is_a_miss() {
    let store = TestStore::files();
    let memo = memo(folder(&store));
    call(&memo, "A").await;
    let entry = names(&folder(&store).join("entries")).pop().unwrap();
    for make in ["mkdir", "mkfifo"] {
        fs::remove_file(&entry).unwrap();
        assert!(Command::new(make).arg(&entry).status().unwrap().success());
        assert!(!has(&memo, "A").await);
        let found = call(&memo, "A").await;
        assert_eq!((found.value.as_str(), found.origin), ("A", Origin::Miss));
        if entry.is_dir() {
            assert!(found.warning.is_some());
            fs::remove_dir(&entry).unwrap();
            call(&memo, "A").await;
        }
    }
    symlink("circle", folder(&store).join("circle")).unwrap();
    fs::remove_file(&entry).unwrap();
    symlink(folder(&store).join("circle"), &entry).unwrap();
    assert_eq!(call(&memo, "A").await.origin, Origin::Miss);
}

#[tokio::test]
async fn files_of_others_are_neither_counted_nor_removed() {
    let store = TestStore::files();
    let settings = Settings {
        threshold: 1.try_into().unwrap(),
        ..Settings::default()
    };
    let cache = SharedCache::files(folder(&store), settings);
    let memo = cache.memo("f");
    call(&memo, "A").await;
    let note = folder(&store).join("entries").join("README");
    fs::write(&note, "hands off").unwrap();
    call(&memo, "B").await;
    assert_eq!(fs::read_to_string(&note).unwrap(), "hands off");
    assert_eq!(cache.live_entries().await.unwrap(), 1);
}

#[tokio::test]
async fn what_a_kill_left_half_written_is_in_nobodys_way() {
    let store = TestStore::files();
    let memo = memo(folder(&store));
    call(&memo, "A").await;
    fs::write(folder(&store).join("new"), "shared-cache 1 0123").unwrap();
    call(&memo, "B").await;
    assert!(has(&memo, "B").await);
    assert!(!folder(&store).join("new").exists());
}

#[tokio::test]
async fn a_computation_leaves_no_lock_behind_however_it_ends() {
    let store = TestStore::files();
    let memo = memo(folder(&store));
    let flights = folder(&store).join("flights");
    call(&memo, "A").await;
    assert_eq!(names(&flights), Vec::<PathBuf>::new());

    let failed = memo
        .get_or_compute(&"B".to_owned(), async || Err("no"))
        .await;
    assert!(matches!(failed, Err(Error::Computation("no"))));
    assert_eq!(names(&flights), Vec::<PathBuf>::new());

    let argument = "C".to_owned();
    let mut call = Box::pin(memo.get_or_compute(&argument, async || {
        std::future::pending::<()>().await;
        Ok::<_, Infallible>(String::new())
    }));
    assert!(
        call.as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    assert_eq!(names(&flights).len(), 1);
    drop(call);
    assert_eq!(names(&flights), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn the_lock_of_a_killed_process_is_removed_by_the_next() {
    let store = TestStore::files();
    let mut workers = Workers::new(&store);
    workers.call(1, 1, Ends::Well);
    workers.wait_for("computing", 1).await;
    workers.kill(1);
    let flights = folder(&store).join("flights");
    assert_eq!(names(&flights).len(), 1);
    call(&memo(folder(&store)), "another value").await;
    assert_eq!(names(&flights), Vec::<PathBuf>::new());
}

/// The sweep of a process that begins must not end the flight of one that runs.
#[tokio::test]
async fn the_lock_of_a_running_process_is_left_alone() {
    let store = TestStore::files();
    let mut workers = Workers::new(&store);
    workers.call(1, 1, Ends::Well);
    workers.wait_for("computing", 1).await;
    call(&memo(folder(&store)), "another value").await;
    workers.call(2, 1, Ends::Well);
    workers.wait_for("waits for", 1).await;
    workers.go(1);
    workers.reports(2).await;
    assert_eq!(workers.runs(), 1);
}
