//! A store with its lock taken out, and a cache without its flight, are caught within 200 calls. As they are, they keep their promises.

#![expect(clippy::unwrap_used, reason = "a test fails where it panics")]

use std::{collections::HashMap, convert::Infallible, sync::Mutex};

use histories::{Answer, Call, EventKind, Guarantee, Header, Observer, Operation, Origin, Verdict};
use serde_json::Value;
use session_store::{
    Backend, BoxFuture, Change, Entry, Error, Outcome, Place, SessionName, Store, StoreKind,
};
use shared_cache::{Memo, Settings, SharedCache};
use tokio::task::{JoinSet, yield_now};

/// How many people call at the same time, and how often each: 200 calls.
const PEOPLE: u64 = 8;
const CALLS: u64 = 25;

/// Lets everybody call, writes it down, and judges it.
async fn judged<F: Future<Output = (Value, Option<Origin>)> + Send + 'static>(
    operation: Operation,
    guarantee: Guarantee,
    act: impl Fn(String) -> F + Clone + Send + 'static,
) -> Verdict {
    let observer = std::sync::Arc::new(Observer::new(Header {
        history: 1,
        lesson: "caught".to_owned(),
        options: Vec::new(),
        workers: 1,
        seed: None,
    }));
    let mut people = JoinSet::new();
    for person in 0..PEOPLE {
        let (observer, act) = (observer.clone(), act.clone());
        people.spawn(async move {
            for turn in 0..CALLS {
                let call = person * CALLS + turn;
                let write = format!("{person}-{turn}");
                let is_swap = operation == Operation::Swap;
                observer.push(EventKind::Call(Call {
                    call,
                    person: person.to_string(),
                    operation,
                    key: "everybody's".to_owned(),
                    write: if is_swap {
                        write.clone().into()
                    } else {
                        Value::Null
                    },
                }));
                let (read, origin) = act(write).await;
                let answer = Answer {
                    call,
                    by: None,
                    status: None,
                    read,
                    origin,
                    age: None,
                };
                observer.push(EventKind::Answer(answer));
            }
        });
    }
    people.join_all().await;
    guarantee.judge(&observer.history().unwrap())
}

/// Each click shows what the session held, and stores another value.
async fn clicks(store: Store) -> Verdict {
    let click = move |value: String| {
        let store = store.clone();
        async move {
            let name = SessionName::new("everybody").unwrap();
            let session = name.clone();
            let next = move |_: Option<&Entry>| Entry::new(&session, value.clone(), 1);
            let update = store.update(&name, next).await.unwrap();
            let before = update.before.map(|entry| entry.value);
            (before.unwrap_or_default(), None)
        }
    };
    judged(Operation::Swap, Guarantee::Linearizable, click).await
}

/// Reads, and writes afterwards: another click may come between the two.
#[derive(Debug, Default)]
struct Unlocked(Mutex<HashMap<String, Entry>>);

impl Backend for Unlocked {
    fn update<'a>(
        &'a self,
        name: &'a SessionName,
        mut change: Change,
    ) -> BoxFuture<'a, Result<Outcome, Error>> {
        Box::pin(async move {
            let before = self.get(name).await?;
            let written = change(before.as_ref());
            yield_now().await;
            if let Some(entry) = &written {
                let mut sessions = self.0.lock().unwrap();
                sessions.insert(name.to_string(), entry.clone());
            }
            Ok(Outcome { before, written })
        })
    }

    fn get<'a>(&'a self, name: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>> {
        let entry = self.0.lock().unwrap().get(&name.to_string()).cloned();
        Box::pin(async move { Ok(entry) })
    }

    fn remove<'a>(&'a self, _: &'a SessionName) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async { Ok(()) })
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>> {
        Box::pin(async { Ok(0) })
    }

    fn place(&self, _: &SessionName) -> Place {
        Place::File("nowhere".into())
    }
}

#[tokio::test]
async fn a_session_store_without_its_lock_is_caught_within_200_calls() {
    let verdict = clicks(Store::new(Unlocked::default())).await;
    assert_eq!(verdict.holds(), Some(false), "{verdict}");
    let data = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreKind::File, data.path(), "caught").await;
    let verdict = clicks(store.unwrap()).await;
    assert_eq!(verdict, Verdict::Holds(200), "{verdict}");
}

/// Everybody wants the same result, which takes a moment; how they get it, `get` says.
async fn computations<F: Future<Output = Origin> + Send + 'static>(
    get: impl Fn(Memo<String, u8>) -> F + Clone + Send + 'static,
) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    let cache = SharedCache::files(folder.path().join("cache"), Settings::default());
    let memo: Memo<String, u8> = cache.memo("slow");
    let act = move |_| {
        let got = get(memo.clone());
        async move { (Value::from(1), Some(got.await)) }
    };
    judged(Operation::Compute, Guarantee::ComputedOnce(60_000.0), act).await
}

#[tokio::test]
async fn a_cache_without_its_flight_is_caught_within_200_calls() {
    let key = || "key".to_owned();
    // Looks, computes if nothing is there, and keeps the result: nobody waits for anybody.
    let verdict = computations(move |memo| async move {
        if memo.get(&key()).await.unwrap().is_some() {
            return Origin::Hit;
        }
        yield_now().await;
        let compute = async || Ok::<_, Infallible>(1);
        memo.get_or_compute(&key(), compute).await.unwrap();
        Origin::Miss
    })
    .await;
    assert_eq!(verdict.holds(), Some(false), "{verdict}");
    let verdict = computations(move |memo| async move {
        let slow = async || {
            yield_now().await;
            Ok::<_, Infallible>(1)
        };
        match memo
            .get_or_compute(&key(), slow)
            .await
            .unwrap()
            .origin
            .as_str()
        {
            "miss" => Origin::Miss,
            "wait" => Origin::Wait,
            _ => Origin::Hit,
        }
    })
    .await;
    assert_eq!(verdict, Verdict::Holds(200), "{verdict}");
}
