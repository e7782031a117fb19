//! What files, SQLite and Redis have in common, seen as two workers see it: each opens the store for itself.

use std::collections::HashSet;

use serde_json::{Value, json};
use session_store::{Entry, SessionName, Store};
use time::{Duration, OffsetDateTime};

use crate::place::Place;

const CLIENTS: u64 = 16;
const CLICKS: u64 = 25;

fn name(text: &str) -> SessionName {
    SessionName::new(text).unwrap()
}

/// Stores a value, and gives what was there before.
async fn swap(store: &Store, session: &SessionName, value: impl Into<Value>) -> Option<Entry> {
    let (name, value) = (session.clone(), value.into());
    let update = store.update(session, move |_| Entry::new(&name, value.clone(), 1));
    update.await.unwrap().before
}

#[tokio::test]
async fn what_one_worker_writes_the_other_reads() {
    for place in Place::all().await {
        let (one, other) = (place.open().await, place.open().await);
        let session = name("Montréal");
        assert_eq!(one.get(&session).await.unwrap(), None);
        assert_eq!(swap(&one, &session, "a").await, None);

        let kept = other.get(&session).await.unwrap().unwrap();
        assert_eq!(
            (kept.session.as_str(), &kept.value),
            ("Montréal", &json!("a"))
        );
        assert_eq!(swap(&other, &session, json!({"b": [1]})).await, Some(kept));
        assert_eq!(
            swap(&one, &session, Value::Null).await.unwrap().value,
            json!({"b": [1]})
        );

        other.remove(&session).await.unwrap();
        other.remove(&session).await.unwrap();
        assert_eq!(one.get(&session).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_clients_at_once_read_each_value_exactly_once() {
    for place in Place::all().await {
        let session = name("everybody's");
        let clients = (0..CLIENTS).map(|client| {
            let (session, kind) = (session.clone(), place.kind.clone());
            let data = place.path().to_owned();
            tokio::spawn(async move {
                let store = Store::open(&kind, &data, "test").await.unwrap();
                let mut read = Vec::new();
                for click in 0..CLICKS {
                    let before = swap(&store, &session, client * CLICKS + click).await;
                    read.push(before.map(|entry| entry.value.as_u64().unwrap()));
                }
                read
            })
        });
        let mut read = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            read.extend(client.await.unwrap());
        }
        let last = place.open().await.get(&session).await.unwrap().unwrap();
        read.push(last.value.as_u64());

        let distinct: HashSet<Option<u64>> = read.iter().copied().collect();
        let every: HashSet<_> = (0..CLIENTS * CLICKS).map(Some).chain([None]).collect();
        assert_eq!(read.len(), every.len(), "{:?}", place.kind);
        assert_eq!(distinct, every, "{:?}", place.kind);
    }
}

#[tokio::test]
async fn a_change_may_leave_the_session_as_it_is() {
    for place in Place::all().await {
        let store = place.open().await;
        let session = name("a");
        let outcome = store.change(&session, |_| None).await.unwrap();
        assert_eq!((outcome.before, outcome.written), (None, None));
        assert_eq!(store.get(&session).await.unwrap(), None);

        swap(&store, &session, 1).await;
        let outcome = store.change(&session, |_| None).await.unwrap();
        assert_eq!(outcome.before, store.get(&session).await.unwrap());
    }
}

#[tokio::test]
async fn an_entry_comes_back_as_it_was_written() {
    for place in Place::all().await {
        let store = place.open().await;
        let session = name("\0 CON ../ \u{1F980} 'or''1'='1");
        let entry = Entry::new(&session, json!({"text": "\0\u{e9}\n", "n": 1.5}), 7)
            .expires_at(OffsetDateTime::now_utc() + Duration::HOUR);
        let written = entry.clone();
        store
            .update(&session, move |_| written.clone())
            .await
            .unwrap();
        assert_eq!(store.get(&session).await.unwrap(), Some(entry));
    }
}

#[tokio::test]
async fn what_has_expired_counts_as_not_there() {
    for place in Place::all().await {
        let store = place.open().await;
        let (gone, stays) = (
            SessionName::of_browser("gone"),
            SessionName::of_browser("stays"),
        );
        for (session, hours) in [(&gone, -1), (&stays, 1)] {
            let entry = Entry::new(session, "old", 1)
                .expires_at(OffsetDateTime::now_utc() + Duration::hours(hours));
            store.update(session, move |_| entry.clone()).await.unwrap();
        }
        assert_eq!(store.get(&gone).await.unwrap(), None);
        assert_eq!(swap(&store, &gone, "new").await, None, "{:?}", place.kind);
        assert_eq!(store.get(&gone).await.unwrap().unwrap().value, "new");
        assert_eq!(store.get(&stays).await.unwrap().unwrap().value, "old");
    }
}

#[tokio::test]
async fn a_sweep_removes_what_has_expired_and_nothing_else() {
    for place in [Place::files(), Place::sqlite()] {
        let store = place.open().await;
        let now = OffsetDateTime::now_utc();
        for (token, expires) in [
            ("expired", Some(now - Duration::SECOND)),
            ("expired too", Some(now - Duration::DAY)),
            ("live", Some(now + Duration::HOUR)),
            ("for ever", None),
        ] {
            let session = SessionName::of_browser(token);
            let entry = Entry::new(&session, token, 1).expires_at(expires);
            store
                .update(&session, move |_| entry.clone())
                .await
                .unwrap();
        }
        swap(&store, &name("typed"), 1).await;
        let old = name("typed, and expired");
        let entry = Entry::new(&old, 1, 1).expires_at(now - Duration::DAY);
        store.update(&old, move |_| entry.clone()).await.unwrap();

        assert_eq!(store.sweep().await.unwrap(), 3, "{:?}", place.kind);
        assert_eq!(store.sweep().await.unwrap(), 0, "{:?}", place.kind);
        for token in ["live", "for ever"] {
            let kept = store.get(&SessionName::of_browser(token)).await.unwrap();
            assert_eq!(kept.unwrap().value, token);
        }
        assert!(store.get(&name("typed")).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_person_can_find_the_session() {
    let session = name("Montréal");
    let place = Place::files();
    let text = place.open().await.place(&session).to_string();
    assert!(
        text.starts_with("file /") && text.contains("/sessions/montr-al-"),
        "{text}"
    );
    assert!(text.ends_with(".json"), "{text}");

    let place = Place::sqlite();
    let text = place.open().await.place(&session).to_string();
    assert!(text.starts_with("row 'montr-al-"), "{text}");
    assert!(
        text.contains(" of table sessions in /") && text.ends_with("/sessions.sqlite"),
        "{text}"
    );

    let place = Place::redis().await;
    let text = place.open().await.place(&session).to_string();
    assert!(text.starts_with("key test:session:montr-al-"), "{text}");
    assert!(text.contains(" in redis://"), "{text}");
}

#[tokio::test]
async fn a_change_that_panics_leaves_the_session_and_the_store_as_they_were() {
    for place in Place::all().await {
        let store = place.open().await;
        let session = name("a");
        swap(&store, &session, "before").await;
        let (failing, panicking) = (store.clone(), session.clone());
        let task =
            tokio::spawn(async move { failing.update(&panicking, |_| panic!("as a test")).await });
        assert!(task.await.unwrap_err().is_panic(), "{:?}", place.kind);
        assert_eq!(
            swap(&store, &session, "after").await.unwrap().value,
            "before"
        );
    }
}
