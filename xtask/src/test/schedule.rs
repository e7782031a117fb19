//! Two suites at a time: one that compiles keeps the processor busy while the other waits for processes.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{
    suites::{Shared, Suite},
    summary::Report,
};

/// How many suites run at once.
const AT_ONCE: usize = 2;

/// What is left to do, and what the suites that run use alone.
struct Queue {
    waiting: VecDeque<(usize, &'static Suite)>,
    in_use: Vec<Shared>,
}

/// Runs the suites, and returns their reports in the suites' order.
pub(super) fn run(
    suites: &[&'static Suite],
    report: impl Fn(&'static Suite) -> Report + Sync,
) -> Vec<Report> {
    let queue = Mutex::new(Queue {
        waiting: suites.iter().copied().enumerate().collect(),
        in_use: Vec::new(),
    });
    let ended = Condvar::new();
    let reports = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((number, suite)) = next(&queue, &ended) {
                    let report = report(suite);
                    lock(&reports).push((number, report));
                    lock(&queue).in_use.retain(|used| Some(*used) != suite.uses);
                    ended.notify_all();
                }
            });
        }
    });
    let mut reports = reports.into_inner().unwrap_or_else(PoisonError::into_inner);
    reports.sort_by_key(|(number, _)| *number);
    reports.into_iter().map(|(_, report)| report).collect()
}

/// The next suite that may run now: what it uses, no other one does.
fn next(queue: &Mutex<Queue>, ended: &Condvar) -> Option<(usize, &'static Suite)> {
    let mut queue = lock(queue);
    loop {
        let mut waiting = queue.waiting.iter();
        let may_run = |(_, suite): &(usize, &Suite)| {
            suite.uses.is_none_or(|used| !queue.in_use.contains(&used))
        };
        if let Some(place) = waiting.position(may_run) {
            let (number, suite) = queue.waiting.remove(place)?;
            queue.in_use.extend(suite.uses);
            return Some((number, suite));
        }
        if queue.waiting.is_empty() {
            return None;
        }
        queue = ended.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        super::{suites::SUITES, summary::Outcome},
        *,
    };

    #[test]
    fn every_suite_runs_once_and_never_do_two_compile_or_open_browsers() {
        let suites: Vec<&'static Suite> = SUITES.iter().collect();
        let in_use = Mutex::new(Vec::new());
        let reports = run(&suites, |suite| {
            if let Some(used) = suite.uses {
                assert!(
                    !lock(&in_use).contains(&used),
                    "{} beside another",
                    suite.name
                );
                lock(&in_use).push(used);
                thread::yield_now();
                lock(&in_use).retain(|other| *other != used);
            }
            Report {
                suite: suite.name,
                outcome: Outcome::Passed,
                time: Duration::ZERO,
                tests: super::super::log::Tests::default(),
            }
        });
        let names: Vec<_> = reports.iter().map(|report| report.suite).collect();
        let expected: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        assert_eq!(names, expected);
    }
}
