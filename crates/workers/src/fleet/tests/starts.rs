//! Workers that cannot start.

use std::io;

use super::*;

#[test]
fn the_first_start_that_fails_stops_everything_with_its_last_lines() {
    let mut stage = starting(3);
    stage.ready(1);
    assert_eq!(
        stage.ends(2, 1, "two callbacks write content"),
        ["terminate #1", "terminate #3"]
    );
    assert!(stage.dies(3).is_empty());
    assert_eq!(
        stage.dies(1),
        [
            "fail: worker 2 (pid 102) ended with exit code 1 before it was ready; its last lines:\n  two callbacks write content"
        ]
    );
}

#[test]
fn the_only_worker_that_fails_to_start_is_a_failure_and_told_once() {
    let mut stage = starting(1);
    let told = stage.ends(1, 2, "unexpected argument");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("fail: "), "{told:?}");
}

#[test]
fn a_replacement_that_fails_is_tried_again_for_as_long_as_another_worker_serves() {
    let mut stage = running(2);
    stage.dies(1);
    let waits: Vec<_> = (3..11)
        .map(|key| {
            assert!(stage.ends(key, 1, "no table").is_empty());
            let (wait, told) = stage.next();
            assert_eq!(told, [format!("start 1 of 2 as #{}", key + 1)]);
            wait
        })
        .collect();
    assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    assert!(stage.ready(11).is_empty());
    stage.now += Duration::from_secs(60);
    assert_eq!(stage.dies(11), ["start 1 of 2 as #12"]);
    stage.ends(12, 1, "no table");
    assert_eq!(stage.next().0, 100, "what went before is forgiven");
}

#[test]
fn a_fleet_of_which_nobody_serves_gives_up_after_ten_seconds() {
    let mut stage = running(1);
    stage.dies(1);
    let began = stage.now;
    for key in 2..8 {
        assert!(stage.ends(key, 1, "no table").is_empty());
        stage.next();
    }
    assert!(stage.ends(8, 1, "no table").is_empty());
    assert!(stage.now - began < Duration::from_secs(10));
    stage.next();
    let last = stage.ends(9, 1, "no table");
    assert!(stage.now - began > Duration::from_secs(10));
    assert!(
        last[0].contains("(8 times in a row)") && last[0].contains("no table"),
        "{last:?}"
    );
}

#[test]
fn a_replacement_that_fails_while_others_still_start_ends_nothing() {
    let mut stage = starting(2);
    stage.ready(1);
    assert_eq!(stage.dies(1), ["start 1 of 2 as #3"]);
    assert!(stage.ends(3, 1, "no table").is_empty());
    stage.ready(2);
    assert_eq!(stage.next().1, ["start 1 of 2 as #4"]);
    assert_eq!(stage.ready(4), ["announce 2"]);
}

#[test]
fn a_program_that_does_not_exist_stops_the_start() {
    let mut stage = starting(2);
    let missing = io::Error::new(io::ErrorKind::NotFound, "no such file");
    assert_eq!(
        stage.handle(Event::NotSpawned(Key(1), missing)),
        ["terminate #2"]
    );
    assert_eq!(stage.dies(2), ["fail: no such file"]);
}

#[test]
fn a_reload_that_fails_leaves_the_old_workers_alone() {
    let mut stage = running(2);
    stage.handle(Event::Reload);
    assert!(stage.ends(3, 1, "no table").is_empty());
    assert_eq!(
        stage.handle(Event::Terminate),
        ["terminate #1", "terminate #2"]
    );
}

/// A fleet of workers that cannot say when they are ready.
fn silent(count: u32) -> Stage {
    with_policy(
        count,
        Policy {
            settle: Some(Duration::from_secs(1)),
            ..POLICY
        },
    )
}

#[test]
fn a_worker_that_cannot_say_when_it_is_ready_must_live_for_a_moment() {
    let mut stage = silent(1);
    assert_eq!(stage.next(), (1000, vec!["announce 1".to_owned()]));
    let mut stage = silent(1);
    stage.after(Duration::from_millis(999));
    let last = stage.ends(1, 1, "usage");
    assert!(
        last[0].starts_with("fail: worker 1") && last[0].contains("usage"),
        "{last:?}"
    );
}

#[test]
fn a_reload_replaces_no_worker_by_one_that_has_not_lived_yet() {
    let mut stage = silent(2);
    assert_eq!(stage.next().1, ["announce 2"]);
    assert_eq!(stage.handle(Event::Reload), ["start 1 of 2 as #3"]);
    assert!(stage.ends(3, 1, "usage").is_empty());
    assert_eq!(stage.fleet.wake_at(), None, "the reload is over");
    assert_eq!(stage.handle(Event::Reload), ["start 1 of 2 as #4"]);
    assert_eq!(stage.next(), (1000, vec!["terminate #1".to_owned()]));
}

#[test]
fn a_machine_that_is_short_of_processes_does_not_end_those_that_serve() {
    let mut stage = running(2);
    let short = || io::Error::from_raw_os_error(nix::errno::Errno::EAGAIN as i32);
    stage.fleet.handle(
        Event::Exited(Key(1), Exit::Signal(9), Vec::new()),
        stage.now,
    );
    let waits: Vec<_> = (3..9)
        .map(|key| {
            let told = stage
                .fleet
                .handle(Event::NotSpawned(Key(key), short()), stage.now);
            assert!(told.is_empty(), "{told:?}");
            let at = stage.fleet.wake_at().unwrap();
            let wait = (at - stage.now).as_millis();
            stage.now = at;
            stage.fleet.handle(Event::Timer, at);
            wait
        })
        .collect();
    assert_eq!(waits, [100, 200, 400, 800, 1600, 3200]);
}
