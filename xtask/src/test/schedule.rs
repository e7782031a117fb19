//! Two suites at a time, at most one of which compiles: it keeps the processor busy while the other waits for processes.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{suites::Suite, summary::Report};

/// How many suites run at once.
const AT_ONCE: usize = 2;

/// What is left to do, and whether a suite is compiling.
struct Queue {
    waiting: VecDeque<(usize, &'static Suite)>,
    is_compiling: bool,
}

/// Runs the suites, and returns their reports in the suites' order.
pub(super) fn run(
    suites: &[&'static Suite],
    report: impl Fn(&'static Suite) -> Report + Sync,
) -> Vec<Report> {
    let queue = Mutex::new(Queue {
        waiting: suites.iter().copied().enumerate().collect(),
        is_compiling: false,
    });
    let ended = Condvar::new();
    let reports = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((number, suite)) = next(&queue, &ended) {
                    let report = report(suite);
                    lock(&reports).push((number, report));
                    lock(&queue).is_compiling &= !suite.compiles;
                    ended.notify_all();
                }
            });
        }
    });
    let mut reports = reports.into_inner().unwrap_or_else(PoisonError::into_inner);
    reports.sort_by_key(|(number, _)| *number);
    reports.into_iter().map(|(_, report)| report).collect()
}

/// The next suite that may run now. Two that compile would only wait for each other, because cargo locks its folder.
fn next(queue: &Mutex<Queue>, ended: &Condvar) -> Option<(usize, &'static Suite)> {
    let mut queue = lock(queue);
    loop {
        let mut waiting = queue.waiting.iter();
        let may_run = |(_, suite): &(usize, &Suite)| !(queue.is_compiling && suite.compiles);
        if let Some(place) = waiting.position(may_run) {
            let (number, suite) = queue.waiting.remove(place)?;
            queue.is_compiling |= suite.compiles;
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
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::{
        super::{suites::SUITES, summary::Outcome},
        *,
    };

    #[test]
    fn every_suite_runs_once_and_never_do_two_compile() {
        let suites: Vec<&'static Suite> = SUITES.iter().collect();
        let compiling = AtomicUsize::new(0);
        let reports = run(&suites, |suite| {
            let others = compiling.fetch_add(usize::from(suite.compiles), Ordering::SeqCst);
            assert!(
                !suite.compiles || others == 0,
                "{} beside another",
                suite.name
            );
            thread::yield_now();
            compiling.fetch_sub(usize::from(suite.compiles), Ordering::SeqCst);
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
