//! Workers that stand still.

use super::*;

fn watched(count: u32) -> Stage {
    let mut stage = with_policy(
        count,
        Policy {
            watchdog: Some(Duration::from_secs(10)),
            ..POLICY
        },
    );
    for key in 1..=u64::from(count) {
        stage.ready(key);
    }
    stage
}

impl Stage {
    fn says_that_it_lives(&mut self, key: u64) {
        assert!(self.handle(Event::Alive(Key(key))).is_empty());
    }
}

#[test]
fn a_worker_that_falls_silent_is_killed_and_replaced() {
    let mut stage = watched(2);
    stage.says_that_it_lives(1);
    stage.says_that_it_lives(2);
    assert!(stage.after(Duration::from_secs(6)).is_empty());
    stage.says_that_it_lives(2);
    assert_eq!(stage.next(), (4_000, vec!["kill #1".to_owned()]));
    assert_eq!(stage.dies(1), ["start 1 of 2 as #3"]);
    assert_eq!(
        stage.next(),
        (6_000, vec!["kill #2".to_owned()]),
        "the other one is watched too"
    );
}

#[test]
fn a_worker_that_never_said_a_word_is_not_watched() {
    let stage = watched(1);
    assert_eq!(stage.fleet.wake_at(), None);
}

#[test]
fn without_a_limit_nobody_is_watched() {
    let mut stage = running(1);
    stage.says_that_it_lives(1);
    assert_eq!(stage.fleet.wake_at(), None);
}

#[test]
fn a_worker_that_was_told_to_stand_still_is_not_blamed_for_it() {
    let mut stage = watched(1);
    stage.says_that_it_lives(1);
    let order = "pause 1 9".parse().unwrap();
    stage.now += Duration::from_secs(5);
    let (_, actions) = stage.fleet.order(order, stage.now).unwrap();
    assert_eq!(stage.told(actions), ["pause #1"]);
    assert_eq!(stage.next(), (9_000, vec!["resume #1".to_owned()]));
    assert_eq!(
        stage.next(),
        (10_000, vec!["kill #1".to_owned()]),
        "from then on it counts"
    );
}

#[test]
fn a_worker_that_leaves_has_its_grace_and_no_other_limit() {
    let mut stage = watched(1);
    stage.says_that_it_lives(1);
    stage.handle(Event::Terminate);
    assert_eq!(
        stage.next(),
        (GRACE.as_millis(), vec!["kill #1".to_owned()])
    );
}
