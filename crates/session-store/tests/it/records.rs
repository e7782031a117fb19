//! The store of tower-sessions, over each of the three.

use std::fs;

use serde_json::json;
use session_store::SessionRecords;
use time::{Duration, OffsetDateTime};
use tower_sessions_core::{
    ExpiredDeletion, SessionStore,
    session::{Id, Record},
};

use crate::place::Place;

fn record(hours: i64) -> Record {
    // Whole milliseconds are what the store keeps.
    let now = OffsetDateTime::now_utc().truncate_to_millisecond();
    Record {
        id: Id::default(),
        data: [("token".to_owned(), json!({"deep": ["é", null, 1]}))].into(),
        expiry_date: now + Duration::hours(hours),
    }
}

async fn records(place: &Place) -> SessionRecords {
    SessionRecords::new(place.open().await, 1)
}

#[tokio::test]
async fn a_record_comes_back_from_another_worker() {
    for place in Place::all().await {
        let (one, other) = (records(&place).await, records(&place).await);
        let mut record = record(1);
        one.create(&mut record).await.unwrap();
        assert_eq!(
            other.load(&record.id).await.unwrap().as_ref(),
            Some(&record)
        );

        record.data.insert("more".to_owned(), json!(2));
        record.expiry_date += Duration::HOUR;
        other.save(&record).await.unwrap();
        assert_eq!(one.load(&record.id).await.unwrap().as_ref(), Some(&record));
    }
}

#[tokio::test]
async fn a_taken_id_is_not_given_twice() {
    for place in Place::all().await {
        let records = records(&place).await;
        let mut first = record(1);
        records.create(&mut first).await.unwrap();
        let mut second = Record {
            id: first.id,
            ..record(2)
        };
        records.create(&mut second).await.unwrap();
        assert_ne!(second.id, first.id);
        assert_eq!(records.load(&first.id).await.unwrap(), Some(first));
        assert_eq!(records.load(&second.id).await.unwrap(), Some(second));
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_brought_back() {
    for place in Place::all().await {
        let records = records(&place).await;
        let mut ended = record(1);
        records.create(&mut ended).await.unwrap();
        records.delete(&ended.id).await.unwrap();
        records.delete(&ended.id).await.unwrap();
        for never_saved in [&ended, &record(1)] {
            let error = records.save(never_saved).await.unwrap_err();
            assert!(error.to_string().contains("has ended"), "{error}");
            assert_eq!(records.load(&never_saved.id).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn what_has_expired_is_not_loaded_and_its_id_is_free() {
    for place in Place::all().await {
        let records = records(&place).await;
        let mut expired = record(-1);
        records.create(&mut expired).await.unwrap();
        assert_eq!(records.load(&expired.id).await.unwrap(), None);
        assert!(records.save(&expired).await.is_err());
        let mut new = Record {
            id: expired.id,
            ..record(1)
        };
        records.create(&mut new).await.unwrap();
        assert_eq!(new.id, expired.id);
    }
}

#[tokio::test]
async fn expired_records_are_removed_from_the_folder() {
    let place = Place::files();
    let records = records(&place).await;
    for hours in [-2, -1, 1] {
        records.create(&mut record(hours)).await.unwrap();
    }
    records.delete_expired().await.unwrap();
    let listed = fs::read_dir(place.path().join("sessions")).unwrap();
    let files = listed.filter(|file| file.as_ref().unwrap().path().is_file());
    assert_eq!(files.count(), 1);
}

#[tokio::test]
async fn who_reads_the_folder_does_not_learn_the_cookies_id() {
    let place = Place::files();
    let records = records(&place).await;
    let mut record = record(1);
    records.create(&mut record).await.unwrap();
    for file in fs::read_dir(place.path().join("sessions")).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let text = format!("{} {}", path.display(), fs::read_to_string(&path).unwrap());
            assert!(!text.contains(&record.id.to_string()), "{text}");
            assert!(!text.contains(&record.id.0.to_string()), "{text}");
        }
    }
}
