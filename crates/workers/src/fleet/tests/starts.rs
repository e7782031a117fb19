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
fn a_replacement_may_fail_to_start_twice_and_not_three_times() {
    let mut stage = running(2);
    assert_eq!(stage.dies(1), ["start 1 of 2 as #3"]);
    assert!(stage.ends(3, 1, "no table").is_empty());
    assert_eq!(stage.next(), (100, vec!["start 1 of 2 as #4".to_owned()]));
    assert!(stage.ends(4, 1, "no table").is_empty());
    assert_eq!(stage.next(), (200, vec!["start 1 of 2 as #5".to_owned()]));
    assert_eq!(stage.ends(5, 1, "no table"), ["terminate #2"]);
    let last = stage.dies(2);
    assert!(
        last[0].contains("(3 times in a row)") && last[0].contains("no table"),
        "{last:?}"
    );
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

#[test]
fn a_worker_that_cannot_say_when_it_is_ready_must_live_for_a_moment() {
    let mut stage = with_settle(1, Duration::from_secs(1));
    assert_eq!(stage.ready(1), ["announce"]);
    assert!(stage.ends(1, 1, "usage").is_empty());
    assert_eq!(stage.next().0, 100);
    stage.ready(2);
    assert!(stage.ends(2, 1, "usage").is_empty());
    assert_eq!(stage.next().0, 200);
    stage.ready(3);
    let last = stage.ends(3, 1, "usage");
    assert!(
        last[0].starts_with("fail: worker 1") && last[0].contains("usage"),
        "{last:?}"
    );
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
