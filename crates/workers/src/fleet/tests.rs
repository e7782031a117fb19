mod orders;
mod starts;
mod watchdog;

use std::num::NonZeroU64;

use super::*;
use crate::WorkerState;

const GRACE: Duration = Duration::from_secs(5);

/// A fleet with a clock that only the test moves.
struct Stage {
    fleet: Fleet,
    now: Instant,
    next_pid: u32,
}

/// A fleet of `count` workers that have been started and are not ready.
fn starting(count: u32) -> Stage {
    with_policy(count, POLICY)
}

const POLICY: Policy = Policy {
    grace: GRACE,
    settle: None,
    watchdog: None,
    max_requests: None,
};

fn with_policy(count: u32, policy: Policy) -> Stage {
    let mut stage = Stage {
        fleet: Fleet::new(count, policy),
        now: Instant::now(),
        next_pid: 100,
    };
    let actions = stage.fleet.launch(stage.now);
    assert_eq!(stage.told(actions).len(), count as usize);
    stage
}

/// A fleet of `count` workers with the keys 1 to `count`, all ready.
fn running(count: u32) -> Stage {
    let mut stage = starting(count);
    for key in 1..=u64::from(count) {
        stage.ready(key);
    }
    stage
}

impl Stage {
    fn handle(&mut self, event: Event) -> Vec<String> {
        let actions = self.fleet.handle(event, self.now);
        self.told(actions)
    }

    /// The actions in words, after the processes that they ask for have been made.
    fn told(&mut self, actions: Vec<Action>) -> Vec<String> {
        let mut words = Vec::new();
        for action in actions {
            words.push(match action {
                Action::Start(Start {
                    key, number, count, ..
                }) => {
                    self.next_pid += 1;
                    assert!(
                        self.fleet
                            .handle(Event::Spawned(key, self.next_pid), self.now)
                            .is_empty()
                    );
                    format!("start {number} of {count} as #{key}")
                }
                Action::Terminate(key) => format!("terminate #{key}"),
                Action::Kill(key) => format!("kill #{key}"),
                Action::Pause(key) => format!("pause #{key}"),
                Action::Resume(key) => format!("resume #{key}"),
                Action::Retire(number) => format!("retire {number}"),
                Action::Close => continue,
                Action::Announce { workers } => format!("announce {workers}"),
                Action::Finish(Ok(())) => "finish".to_owned(),
                Action::Finish(Err(Failure::Start(failure))) => format!("fail: {failure}"),
                Action::Finish(Err(Failure::Spawn(error))) => format!("fail: {error}"),
            });
        }
        words
    }

    fn ready(&mut self, key: u64) -> Vec<String> {
        self.handle(Event::Ready(Key(key)))
    }

    fn dies(&mut self, key: u64) -> Vec<String> {
        self.handle(Event::Exited(Key(key), Exit::Signal(9), Vec::new()))
    }

    fn ends(&mut self, key: u64, code: i32, line: &str) -> Vec<String> {
        self.handle(Event::Exited(
            Key(key),
            Exit::Code(code),
            vec![line.to_owned()],
        ))
    }

    /// Lets time pass.
    fn after(&mut self, time: Duration) -> Vec<String> {
        self.now += time;
        self.handle(Event::Timer)
    }

    /// Lets the time pass until the fleet wants to be woken; how long that was, in milliseconds, and what it then did.
    fn next(&mut self) -> (u128, Vec<String>) {
        let wait = self.fleet.wake_at().expect("the fleet waits for nothing") - self.now;
        (wait.as_millis(), self.after(wait))
    }
}

#[test]
fn the_fleet_is_announced_when_the_last_worker_is_ready() {
    let mut stage = starting(3);
    assert!(stage.ready(2).is_empty());
    assert!(stage.ready(1).is_empty());
    assert_eq!(stage.ready(3), ["announce 3"]);
    assert!(stage.ready(3).is_empty(), "a worker may say it twice");
}

#[test]
fn a_worker_that_dies_is_replaced_at_once_with_its_number() {
    let mut stage = running(3);
    stage.now += Duration::from_secs(60);
    assert_eq!(stage.dies(2), ["start 2 of 3 as #4"]);
    assert!(stage.ready(4).is_empty(), "the fleet is announced once");
}

// ANCHOR: back-off
#[test]
fn a_worker_that_keeps_dying_waits_longer_each_time() {
    let mut stage = running(1);
    assert_eq!(stage.dies(1), ["start 1 of 1 as #2"]);
    let waits: Vec<_> = (2..=8)
        .map(|key| {
            stage.ready(key);
            assert!(stage.dies(key).is_empty());
            stage.next().0
        })
        .collect();
    assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 5000]);
}
// ANCHOR_END: back-off

#[test]
fn a_worker_that_lived_long_is_forgiven() {
    let mut stage = running(1);
    stage.dies(1);
    stage.ready(2);
    assert!(stage.dies(2).is_empty());
    assert_eq!(stage.next(), (100, vec!["start 1 of 1 as #3".to_owned()]));
    stage.ready(3);
    stage.now += backoff::STEADY;
    assert_eq!(stage.dies(3), ["start 1 of 1 as #4"]);
}

#[test]
fn terminate_ends_when_all_have_ended() {
    let mut stage = running(2);
    assert_eq!(
        stage.handle(Event::Terminate),
        ["terminate #1", "terminate #2"]
    );
    assert!(
        stage.handle(Event::Terminate).is_empty(),
        "a second one changes nothing"
    );
    assert!(stage.ends(2, 0, "bye").is_empty());
    assert_eq!(stage.ends(1, 0, "bye"), ["finish"]);
}

#[test]
fn a_worker_that_dies_while_all_leave_is_not_replaced() {
    let mut stage = running(2);
    stage.handle(Event::Terminate);
    assert!(stage.dies(1).is_empty());
    assert_eq!(stage.dies(2), ["finish"]);
}

#[test]
fn a_worker_that_does_not_leave_is_killed_after_the_grace() {
    let mut stage = running(2);
    stage.handle(Event::Terminate);
    stage.ends(1, 0, "bye");
    assert_eq!(
        stage.next(),
        (GRACE.as_millis(), vec!["kill #2".to_owned()])
    );
    assert_eq!(stage.dies(2), ["finish"]);
}

#[test]
fn the_second_interrupt_kills() {
    let mut stage = running(2);
    assert_eq!(
        stage.handle(Event::Interrupt),
        ["terminate #1", "terminate #2"]
    );
    assert_eq!(stage.handle(Event::Interrupt), ["kill #1", "kill #2"]);
}

#[test]
fn quit_kills_at_once() {
    let mut stage = running(1);
    assert_eq!(stage.handle(Event::Quit), ["terminate #1", "kill #1"]);
    assert_eq!(stage.dies(1), ["finish"]);
}

#[test]
fn a_stop_forgets_replacements_that_wait() {
    let mut stage = running(1);
    stage.dies(1);
    stage.ready(2);
    assert!(stage.dies(2).is_empty());
    assert_eq!(stage.handle(Event::Terminate), ["finish"]);
}

#[test]
fn a_reload_replaces_one_after_the_other() {
    let mut stage = running(2);
    assert_eq!(stage.handle(Event::Reload), ["start 1 of 2 as #3"]);
    assert_eq!(
        stage.ready(3),
        ["terminate #1"],
        "the new one is ready before the old one is asked to leave"
    );
    assert_eq!(stage.ends(1, 0, "bye"), ["start 2 of 2 as #4"]);
    assert_eq!(stage.ready(4), ["terminate #2"]);
    assert!(stage.ends(2, 0, "bye").is_empty());
    assert_eq!(stage.fleet.wake_at(), None);
}

#[test]
fn an_old_worker_that_dies_during_its_replacement_is_not_replaced_twice() {
    let mut stage = running(1);
    assert_eq!(stage.handle(Event::Reload), ["start 1 of 1 as #2"]);
    assert!(stage.dies(1).is_empty());
    assert!(stage.ready(2).is_empty());
    assert_eq!(stage.handle(Event::Terminate), ["terminate #2"]);
}

#[test]
fn one_more_and_one_less() {
    let mut stage = running(2);
    assert_eq!(stage.handle(Event::More), ["start 3 of 3 as #3"]);
    assert!(stage.ready(3).is_empty());
    // The socket goes at once: while the worker drains, the kernel must give it no more connections.
    assert_eq!(stage.handle(Event::Fewer), ["retire 3", "terminate #3"]);
    assert!(stage.ends(3, 0, "bye").is_empty());
}

#[test]
fn the_first_of_two_is_replaced_because_it_was_started_as_the_only_one() {
    let mut stage = running(1);
    assert_eq!(
        stage.handle(Event::More),
        ["start 2 of 2 as #2", "start 1 of 2 as #3"]
    );
    assert!(stage.ready(2).is_empty());
    assert_eq!(stage.ready(3), ["terminate #1"]);
    assert!(stage.ends(1, 0, "bye").is_empty());
    assert_eq!(stage.handle(Event::More), ["start 3 of 3 as #4"]);
}

#[test]
fn a_fleet_without_the_worker_that_was_missing_is_announced() {
    let mut stage = starting(2);
    assert!(stage.ready(1).is_empty());
    assert_eq!(
        stage.handle(Event::Fewer),
        ["retire 2", "terminate #2", "announce 1"]
    );
    assert!(stage.dies(2).is_empty());
}

#[test]
fn all_sockets_are_closed_before_the_workers_are_asked_to_leave() {
    let mut stage = running(2);
    let actions = stage.fleet.handle(Event::Terminate, stage.now);
    assert!(matches!(actions[0], Action::Close), "{actions:?}");
}

#[test]
fn the_last_worker_cannot_be_removed() {
    let mut stage = running(1);
    assert!(stage.handle(Event::Fewer).is_empty());
}

#[test]
fn a_worker_that_says_that_it_leaves_is_replaced_before_it_is_gone() {
    let mut stage = running(2);
    stage.now += Duration::from_secs(60);
    assert_eq!(
        stage.handle(Event::Leaving(Key(1))),
        ["terminate #1", "start 1 of 2 as #3"]
    );
    assert!(stage.ends(1, 0, "bye").is_empty());
}

#[test]
fn a_worker_that_was_told_to_leave_is_replaced_at_once_however_soon() {
    let mut stage = with_policy(
        1,
        Policy {
            max_requests: NonZeroU64::new(10),
            ..POLICY
        },
    );
    for key in 1..5 {
        stage.ready(key);
        stage.handle(Event::Answered(Key(key), 10));
        assert_eq!(
            stage.handle(Event::Leaving(Key(key))),
            [
                format!("terminate #{key}"),
                format!("start 1 of 1 as #{}", key + 1)
            ]
        );
        assert!(stage.ends(key, 0, "bye").is_empty());
    }
}

#[test]
fn a_worker_that_leaves_before_its_time_waits_longer_each_time() {
    let mut stage = with_policy(
        1,
        Policy {
            max_requests: NonZeroU64::new(10),
            ..POLICY
        },
    );
    stage.ready(1);
    stage.handle(Event::Leaving(Key(1)));
    let waits: Vec<_> = (2..5)
        .map(|key| {
            stage.ends(key - 1, 0, "bye");
            stage.ready(key);
            stage.handle(Event::Answered(Key(key), 9));
            assert_eq!(
                stage.handle(Event::Leaving(Key(key))),
                [format!("terminate #{key}")]
            );
            stage.ends(key, 0, "bye");
            stage.next().0
        })
        .collect();
    assert_eq!(waits, [100, 200, 400]);
}

#[test]
fn the_status_lists_what_runs_and_what_waits() {
    let mut stage = running(2);
    stage.handle(Event::Answered(Key(2), 12));
    stage.dies(1);
    stage.ready(3);
    stage.dies(3);
    stage.handle(Event::Reload);
    let workers = stage.fleet.snapshot(|_| 0);
    let told: Vec<_> = workers
        .iter()
        .map(|worker| {
            (
                worker.worker,
                worker.pid,
                worker.state,
                worker.requests,
                worker.restarts,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, None, WorkerState::Waiting, None, 2),
            (2, Some(102), WorkerState::Ready, Some(12), 0),
            (2, Some(104), WorkerState::Starting, None, 1),
        ]
    );
    stage.ready(4);
    assert_eq!(stage.fleet.snapshot(|_| 0)[1].state, WorkerState::Draining);
}
