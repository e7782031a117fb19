//! The checkers against each other, against all orders tried one by one, and against a checker that others wrote.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use todc_utils::{
    linearizability::{
        WGLChecker,
        history::{Action, History as OtherHistory},
    },
    specifications::Specification,
};

use crate::{
    Answer, Call, Event, EventKind, Guarantee, Header, History, Operation, Verdict, general,
    general::Failure, history::Operation as Observed, swap,
};

/// A call of a small history: when it begins and ends, what it does, and what it read.
#[derive(Clone, Debug)]
struct Small {
    called: u32,
    answered: Option<u32>,
    operation: Operation,
    write: Value,
    read: Value,
}

/// A history of these calls of one key. No two events are at the same time.
fn history(calls: &[Small]) -> History {
    let mut events: Vec<(u32, EventKind)> = Vec::new();
    for (number, call) in (1..).zip(calls) {
        let person = format!("P{number}");
        events.push((
            call.called,
            EventKind::Call(Call {
                call: number,
                person,
                operation: call.operation,
                key: String::new(),
                write: call.write.clone(),
            }),
        ));
        if let Some(answered) = call.answered {
            events.push((
                answered,
                EventKind::Answer(Answer {
                    call: number,
                    by: None,
                    status: None,
                    read: call.read.clone(),
                    origin: None,
                    age: None,
                }),
            ));
        }
    }
    events.sort_by_key(|(at, _)| *at);
    let event = |(at, kind)| Event {
        at: f64::from(at),
        kind,
    };
    let header = Header {
        history: 1,
        lesson: "small".to_owned(),
        options: Vec::new(),
        workers: 1,
        seed: None,
    };
    History::new(header, events.into_iter().map(event).collect()).unwrap()
}

/// Tries every order of every choice of calls that contains all answered ones.
fn brute_force(calls: &[Observed<'_>]) -> bool {
    fn go(calls: &[Observed<'_>], order: &mut Vec<usize>, value: Option<&Value>) -> bool {
        let is_left = |index: &usize| !order.contains(index);
        let left: Vec<usize> = (0..calls.len()).filter(is_left).collect();
        if left.iter().all(|&index| calls[index].answer.is_none()) {
            return true;
        }
        left.iter().any(|&index| {
            let call = &calls[index];
            let waits = |&other: &usize| calls[other].answered < call.called;
            if left.iter().any(waits) {
                return false;
            }
            let read = call.answer.map(|answer| &answer.read);
            let fits = |value: &Value| read.is_none_or(|read| read == value);
            // What was there before all calls is nothing that a call wrote.
            let is_written = |value: &Value| calls.iter().any(|call| call.call.write == *value);
            let fits_first = || !read.is_some_and(is_written);
            let fits = |value: Option<&Value>| value.map_or_else(fits_first, fits);
            let next = match call.call.operation {
                Operation::Put => Some(Some(call.call.write.clone())),
                Operation::Swap if fits(value) => Some(Some(call.call.write.clone())),
                Operation::Get if fits(value) => Some(value.or(read).cloned()),
                _ => None,
            };
            let Some(next) = next else { return false };
            order.push(index);
            let found = go(calls, order, next.as_ref());
            order.pop();
            found
        })
    }
    go(calls, &mut Vec::new(), None)
}

fn is_order(result: Result<(), Failure>) -> bool {
    match result {
        Ok(()) => true,
        Err(Failure::Contradiction(_)) => false,
        Err(Failure::GivenUp(reason)) => panic!("{reason}"),
    }
}

/// Times of calls, whether each is answered, and what it reads: the number of a write, or what was there before.
fn smalls(
    operations: &'static [Operation],
    most: usize,
    answers: f64,
) -> impl Strategy<Value = Vec<Small>> {
    let times = |calls: usize| Just((0..2 * calls as u32).collect::<Vec<_>>()).prop_shuffle();
    (1..=most).prop_flat_map(move |calls| {
        (
            times(calls),
            vec(prop::bool::weighted(answers), calls),
            vec(0..operations.len(), calls),
            vec(0..=calls, calls),
        )
            .prop_map(move |(times, answered, kinds, reads)| {
                (0..calls)
                    .map(|index| {
                        let (a, b) = (times[2 * index], times[2 * index + 1]);
                        let operation = operations[kinds[index]];
                        let writes = operation != Operation::Get;
                        Small {
                            called: a.min(b),
                            answered: answered[index].then_some(a.max(b)),
                            operation,
                            write: if writes {
                                json!(index + 1)
                            } else {
                                Value::Null
                            },
                            read: json!(reads[index]),
                        }
                    })
                    .collect()
            })
    })
}

/// What a real register would answer: each call takes effect at a moment between its call and its answer.
fn real(mut calls: Vec<Small>) -> Vec<Small> {
    let mut order: Vec<usize> = (0..calls.len()).collect();
    order.sort_by_key(|&index| {
        (calls[index].called + calls[index].answered.unwrap_or(u32::MAX / 2)) / 2
    });
    let mut value = json!(0);
    for index in order {
        let call = &mut calls[index];
        if call.operation != Operation::Put {
            call.read = value.clone();
        }
        // A call without an answer happens or not.
        if call.operation != Operation::Get
            && (call.answered.is_some() || call.called.is_multiple_of(2))
        {
            value = call.write.clone();
        }
    }
    calls
}

const SWAPS: &[Operation] = &[Operation::Swap];
const ALL: &[Operation] = &[Operation::Swap, Operation::Put, Operation::Get];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn swaps_are_judged_as_by_trying_all_orders(calls in smalls(SWAPS, 5, 0.8)) {
        let history = history(&calls);
        let calls = history.calls();
        prop_assert_eq!(swap::check(&calls).is_ok(), brute_force(&calls));
    }

    #[test]
    fn any_operations_are_judged_as_by_trying_all_orders(calls in smalls(ALL, 5, 0.8)) {
        let history = history(&calls);
        let calls = history.calls();
        prop_assert_eq!(is_order(general::check(&calls)), brute_force(&calls));
    }

    #[test]
    fn both_judges_agree_on_swaps_that_nearly_hold(
        calls in smalls(SWAPS, 8, 0.8),
        changed in any::<prop::sample::Index>(),
        read in 0..9_usize,
        changes in any::<bool>(),
    ) {
        let mut calls = real(calls);
        if changes {
            let index = changed.index(calls.len());
            calls[index].read = json!(read);
        }
        let history = history(&calls);
        let calls = history.calls();
        let agreed = swap::check(&calls).is_ok();
        prop_assert_eq!(agreed, is_order(general::check(&calls)));
        prop_assert!(agreed || changes, "a real register was called broken");
    }

    #[test]
    fn what_a_real_register_answers_holds(calls in smalls(ALL, 12, 0.8)) {
        let history = history(&real(calls));
        prop_assert!(is_order(general::check(&history.calls())));
    }

    #[test]
    fn one_changed_answer_breaks_a_finished_history_of_swaps(
        calls in smalls(SWAPS, 12, 1.0),
        changed in any::<prop::sample::Index>(),
    ) {
        let mut calls = real(calls);
        let index = changed.index(calls.len());
        let before = calls[index].read.clone();
        let written: BTreeSet<u64> = calls.iter().filter_map(|call| call.read.as_u64()).collect();
        // The value that another call read.
        let Some(other) = written.into_iter().find(|value| json!(value) != before) else {
            return Ok(());
        };
        calls[index].read = json!(other);
        let history = history(&calls);
        prop_assert!(matches!(Guarantee::Linearizable.judge(&history), Verdict::Broken(_)));
    }

    #[test]
    fn what_is_linearizable_keeps_the_single_guarantees_too(calls in smalls(ALL, 10, 0.9)) {
        let history = history(&real(calls));
        for guarantee in [
            Guarantee::NothingInvented,
            Guarantee::ReadYourWrites,
            Guarantee::MonotonicReads,
            Guarantee::SurvivesKill,
        ] {
            let verdict = guarantee.judge(&history);
            prop_assert!(matches!(verdict, Verdict::Holds(_)), "{guarantee}: {verdict}");
        }
    }

    #[test]
    fn a_history_with_one_answer_changed_is_always_broken(
        calls in smalls(SWAPS, 12, 1.0),
        changed in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let mut calls = real(calls);
        prop_assert!(swap::check(&history(&calls).calls()).is_ok());
        // It now reads what another call wrote, or what it wrote itself.
        let (changed, other) = (changed.index(calls.len()), other.index(calls.len()));
        prop_assume!(calls[changed].read != calls[other].write);
        calls[changed].read = calls[other].write.clone();
        prop_assert!(swap::check(&history(&calls).calls()).is_err());
    }

    #[test]
    fn a_history_is_read_as_it_was_written(calls in smalls(ALL, 8, 0.7)) {
        let history = history(&calls);
        prop_assert_eq!(History::parse(&history.to_string()).unwrap(), history);
    }
}

/// The same register, as `todc-utils` asks for it. It begins with 0.
struct Register;

#[derive(Clone, Debug)]
struct Step {
    operation: Operation,
    write: u64,
    read: u64,
}

impl Specification for Register {
    type State = u64;
    type Operation = Step;

    fn init() -> u64 {
        0
    }

    fn apply(step: &Step, state: &u64) -> (bool, u64) {
        let fits = step.read == *state;
        match step.operation {
            Operation::Put => (true, step.write),
            Operation::Swap if fits => (true, step.write),
            _ => (fits, *state),
        }
    }
}

/// What the checker of `todc-utils` says of a history in which all calls were answered.
fn judged_by_others(calls: &[Small]) -> bool {
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let mut actions = Vec::new();
    for (process, call) in calls.iter().enumerate() {
        let step = Step {
            operation: call.operation,
            write: number(&call.write),
            read: number(&call.read),
        };
        let answered = call.answered.unwrap_or_default();
        actions.push((call.called, process, Action::Call(step.clone())));
        actions.push((answered, process, Action::Response(step)));
    }
    actions.sort_by_key(|(at, ..)| *at);
    let actions = actions
        .into_iter()
        .map(|(_, process, action)| (process, action));
    WGLChecker::<Register>::is_linearizable(OtherHistory::from_actions(actions.collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn todc_utils_agrees(
        calls in smalls(ALL, 7, 1.0),
        changed in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let mut calls = real(calls);
        // Half of the histories hold. In the others one call reads what another one wrote.
        let (changed, other) = (changed.index(calls.len()), other.index(calls.len()));
        if calls[changed].operation != Operation::Put && calls[other].operation != Operation::Get {
            calls[changed].read = calls[other].write.clone();
        }
        let history = history(&calls);
        prop_assert_eq!(is_order(general::check(&history.calls())), judged_by_others(&calls));
    }
}
