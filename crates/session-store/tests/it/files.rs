//! What is particular to files.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use session_store::{Entry, Place as At, SessionName, Store};

use crate::place::Place;

fn name(text: &str) -> SessionName {
    SessionName::new(text).unwrap()
}

async fn write(store: &Store, session: &SessionName, value: &str) {
    let entry = Entry::new(session, value, 1);
    store.update(session, move |_| entry.clone()).await.unwrap();
}

fn path(store: &Store, session: &SessionName) -> PathBuf {
    match store.place(session) {
        At::File(path) => path,
        other => panic!("{other} is no file"),
    }
}

/// All files below a folder, without the locks.
fn files(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let (folders, mut found): (Vec<_>, Vec<_>) = listed.partition(|path| path.is_dir());
    for inner in folders.iter().filter(|folder| !folder.ends_with(".locks")) {
        found.extend(files(inner));
    }
    found
}

#[tokio::test]
async fn only_the_owner_reads_the_files() {
    let place = Place::files();
    let folder = place.path().join("sessions");
    // One that was there before may be open to all.
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let store = place.open().await;
    write(&store, &name("a"), "1").await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&path(&store, &name("a"))), 0o600);
}

#[tokio::test]
async fn a_learner_can_read_the_file() {
    let place = Place::files();
    let store = place.open().await;
    write(&store, &name("Montréal"), "Init").await;
    let text = fs::read_to_string(path(&store, &name("Montréal"))).unwrap();
    let start = "{\n  \"session\": \"Montréal\",\n  \"value\": \"Init\",\n  \"worker\": 1,\n  \"written\": \"2";
    assert!(
        text.starts_with(start) && text.ends_with("Z\"\n}\n"),
        "{text}"
    );
}

#[tokio::test]
async fn what_a_killed_writer_left_behind_is_overwritten_or_swept() {
    let place = Place::files();
    let store = place.open().await;
    for session in ["a", "b"].map(name) {
        write(&store, &session, "whole").await;
        let leftover = path(&store, &session).with_extension("json.tmp");
        fs::write(leftover, r#"{"session": "a", "val"#).unwrap();
        assert_eq!(store.get(&session).await.unwrap().unwrap().value, "whole");
    }
    write(&store, &name("a"), "next").await;
    assert_eq!(store.sweep().await.unwrap(), 1);
    assert_eq!(files(place.path()).len(), 2);
    assert_eq!(store.get(&name("a")).await.unwrap().unwrap().value, "next");
    assert_eq!(store.get(&name("b")).await.unwrap().unwrap().value, "whole");
}

#[tokio::test]
async fn a_sweep_leaves_what_is_not_its_own() {
    let place = Place::files();
    let store = place.open().await;
    for foreign in ["notes.json.tmp", "_x.json", ".json.tmp", "readme.txt"] {
        fs::write(place.path().join("sessions").join(foreign), "mine").unwrap();
    }
    assert_eq!(store.sweep().await.unwrap(), 0);
    assert_eq!(files(place.path()).len(), 4);
}

#[tokio::test]
async fn a_damaged_file_is_named_and_not_overwritten() {
    let place = Place::files();
    let store = place.open().await;
    let (session, other) = (name("a"), name("b"));
    write(&store, &other, "1").await;
    for (content, reason) in [
        ("{\"session\": \"a\"", "EOF"),
        ("{\"session\": \"a\"}", "missing field"),
        (
            &fs::read_to_string(path(&store, &other)).unwrap(),
            "it is that of the session `b`",
        ),
    ] {
        fs::write(path(&store, &session), content).unwrap();
        let entry = Entry::new(&session, "new", 1);
        let error = store
            .update(&session, move |_| entry.clone())
            .await
            .unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains(reason) && message.contains("remove it"),
            "{message}"
        );
        assert!(
            message.contains(&*path(&store, &session).to_string_lossy()),
            "{message}"
        );
        assert_eq!(fs::read_to_string(path(&store, &session)).unwrap(), content);
    }
    fs::remove_file(path(&store, &session)).unwrap();
    write(&store, &session, "new").await;
}

#[tokio::test]
async fn an_empty_file_as_a_power_cut_leaves_it_is_a_session_that_begins_anew() {
    let place = Place::files();
    let store = place.open().await;
    write(&store, &name("a"), "1").await;
    fs::write(path(&store, &name("a")), "").unwrap();
    assert_eq!(store.get(&name("a")).await.unwrap(), None);
    write(&store, &name("a"), "2").await;
    assert_eq!(store.get(&name("a")).await.unwrap().unwrap().value, "2");
}

#[tokio::test]
async fn updates_leave_one_file_for_each_session() {
    let place = Place::files();
    let store = place.open().await;
    for value in ["1", "a longer one", ""] {
        write(&store, &name("a"), value).await;
        let kept = fs::read_to_string(path(&store, &name("a"))).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&kept).unwrap().value, value);
        assert_eq!(files(place.path()), [path(&store, &name("a"))]);
    }
}

#[tokio::test]
async fn a_folder_that_somebody_removes_is_made_anew() {
    let place = Place::files();
    let store = place.open().await;
    write(&store, &name("a"), "1").await;
    fs::remove_dir_all(place.path().join("sessions")).unwrap();
    assert_eq!(store.get(&name("a")).await.unwrap(), None);
    write(&store, &name("a"), "2").await;
    assert_eq!(store.get(&name("a")).await.unwrap().unwrap().value, "2");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_one_clear_sentence() {
    let place = Place::files();
    fs::write(place.path().join("sessions"), "a file").unwrap();
    let error = Store::open(&place.kind, place.path(), "test")
        .await
        .unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("cannot create /"), "{message}");
    assert!(
        message.ends_with("choose another one with --data"),
        "{message}"
    );
    assert!(!message.contains('\n'), "{message}");
}

/// Names that other programs have stumbled over, and any other text.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "\0",
        "a\0b",
        "CON",
        "con",
        "NUL.json",
        ".",
        ".locks",
        ".hidden",
        "-rf",
        "~",
        "$HOME",
        "a:b",
        "a.json.tmp",
        " ",
        "a",
        "A",
        "a ",
        "\u{e9}",
        "e\u{301}",
        "\u{202e}evil",
        "%2e%2e%2f",
        "*",
        "?",
        "|",
        "\n",
        "\u{10ffff}",
        "session",
    ]);
    prop_oneof![
        known.prop_map(str::to_owned),
        "[./\\\\a-zA-Z\0]{1,12}",
        "\\PC{1,200}",
        prop::collection::vec(any::<char>(), 1..200).prop_map(String::from_iter),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_name_is_a_session_of_its_own_and_none_leaves_the_folder(
        names in prop::collection::hash_set(hostile(), 1..6)
    ) {
        let place = Place::files();
        let outside = place.path().join("secret");
        fs::write(&outside, "untouched").unwrap();
        let folder = place.path().join("sessions");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = place.open().await;
            for text in &names {
                write(&store, &name(text), text).await;
            }
            for text in &names {
                let kept = store.get(&name(text)).await.unwrap().unwrap();
                assert_eq!((kept.session.as_str(), kept.value.as_str()), (text.as_str(), Some(text.as_str())));
                assert_eq!(path(&store, &name(text)).parent(), Some(folder.as_path()));
            }
        });
        let files = files(&folder);
        prop_assert_eq!(files.len(), names.len());
        // A file system that ignores case still sees different files.
        let folded: std::collections::HashSet<_> =
            files.iter().map(|path| path.to_string_lossy().to_lowercase()).collect();
        prop_assert_eq!(folded.len(), names.len());
        prop_assert_eq!(fs::read_to_string(&outside).unwrap(), "untouched");
        prop_assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    }
}

#[tokio::test]
async fn a_link_in_the_folder_is_replaced_and_not_followed() {
    let place = Place::files();
    let store = place.open().await;
    let outside = place.path().join("outside");
    let entry = Entry::new(&name("a"), "outside", 1);
    fs::write(&outside, entry.to_json()).unwrap();
    symlink(&outside, path(&store, &name("a"))).unwrap();
    write(&store, &name("a"), "inside").await;
    assert_eq!(fs::read_to_string(&outside).unwrap(), entry.to_json());
}

#[tokio::test]
async fn a_lock_that_somebody_keeps_holds_up_its_own_sessions_alone() {
    let place = Place::files();
    let store = place.open().await;
    let (stuck, other) = (name("stuck"), name("other"));
    write(&store, &stuck, "1").await;
    write(&store, &other, "1").await;
    let lock = |session: &SessionName| {
        let key = session.key();
        let folder = path(&store, session).with_file_name(".locks");
        folder.join(&key[key.len() - 2..])
    };
    assert_ne!(lock(&stuck), lock(&other));
    let kept = fs::File::open(lock(&stuck)).unwrap();
    kept.lock().unwrap();

    // More than tokio has threads for work that waits.
    let waiting: Vec<_> = (0..600)
        .map(|_| {
            let (store, stuck) = (store.clone(), stuck.clone());
            tokio::spawn(async move { write(&store, &stuck, "2").await })
        })
        .collect();
    tokio::task::yield_now().await;
    write(&store, &other, "2").await;
    assert_eq!(store.get(&other).await.unwrap().unwrap().value, "2");
    assert!(!waiting.iter().any(tokio::task::JoinHandle::is_finished));

    drop(kept);
    for write in waiting {
        write.await.unwrap();
    }
    assert_eq!(store.get(&stuck).await.unwrap().unwrap().value, "2");
}
