//! Workers that are killed or paused because a lesson wants it.

use handover::order::{Done, Reason};

use super::*;

fn order(stage: &mut Stage, order: &str) -> (Done, Vec<String>) {
    let (done, actions) = stage
        .fleet
        .order(order.parse().unwrap(), stage.now)
        .unwrap();
    (done, stage.told(actions))
}

fn refused(stage: &mut Stage, order: &str) -> (Reason, String) {
    let refusal = stage
        .fleet
        .order(order.parse().unwrap(), stage.now)
        .unwrap_err();
    (refusal.refused, refusal.error)
}

#[test]
fn a_worker_that_is_ordered_to_end_is_replaced_as_its_next_life() {
    let mut stage = running(3);
    stage.now += Duration::from_secs(60);
    let first = Done { worker: 2, life: 1 };
    assert_eq!(
        order(&mut stage, "kill 2"),
        (first, vec!["kill #2".to_owned()])
    );
    assert_eq!(stage.dies(2), ["start 2 of 3 as #4"]);
    stage.ready(4);
    let second = Done { worker: 2, life: 2 };
    assert_eq!(order(&mut stage, "kill 2").0, second);
}

#[test]
fn a_pause_ends_by_itself() {
    let mut stage = running(2);
    assert_eq!(order(&mut stage, "pause 1 3").1, ["pause #1"]);
    assert_eq!(stage.fleet.snapshot(|_| 0)[0].state, WorkerState::Paused);
    assert_eq!(stage.next(), (3_000, vec!["resume #1".to_owned()]));
    assert_eq!(stage.fleet.snapshot(|_| 0)[0].state, WorkerState::Ready);
    assert_eq!(stage.fleet.wake_at(), None);
}

#[test]
fn a_second_pause_counts_from_its_own_beginning() {
    let mut stage = running(1);
    order(&mut stage, "pause 1 3");
    assert!(stage.after(Duration::from_secs(2)).is_empty());
    order(&mut stage, "pause 1 3");
    assert_eq!(stage.next(), (3_000, vec!["resume #1".to_owned()]));
}

#[test]
fn a_worker_that_stands_still_goes_on_before_it_is_asked_to_leave() {
    for event in [Event::Terminate, Event::Fewer] {
        let mut stage = running(2);
        order(&mut stage, "pause 2 10");
        let told = stage.handle(event);
        let of_two: Vec<_> = told.iter().filter(|word| word.ends_with("#2")).collect();
        assert_eq!(of_two, ["resume #2", "terminate #2"]);
    }
    let mut stage = running(1);
    order(&mut stage, "pause 1 10");
    stage.handle(Event::Reload);
    assert_eq!(stage.ready(2), ["resume #1", "terminate #1"]);
}

#[test]
fn a_worker_that_does_not_serve_takes_no_orders() {
    let mut stage = starting(2);
    stage.ready(1);
    let sentence = "Worker 2 does not serve at this moment: it starts, or it leaves.";
    assert_eq!(
        refused(&mut stage, "kill 2"),
        (Reason::State, sentence.to_owned())
    );
    let sentence = "There is no worker 3: the numbers are 1 to 2.";
    assert_eq!(
        refused(&mut stage, "pause 3 1"),
        (Reason::Worker, sentence.to_owned())
    );
}

#[test]
fn a_number_that_is_taken_away_and_given_again_goes_on_to_count_its_lives() {
    let mut stage = running(2);
    stage.handle(Event::Fewer);
    stage.ends(2, 0, "bye");
    stage.handle(Event::More);
    stage.ready(3);
    assert_eq!(order(&mut stage, "kill 2").0, Done { worker: 2, life: 2 });
}
