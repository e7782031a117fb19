//! What the supervisor does when it is sent a signal.

use crate::supervisor::{answer, ask, meet_all, start};
use nix::sys::signal::Signal;

#[test]
fn term_ends_all_with_success() {
    let mut supervisor = start("-n 3", "");
    let address = supervisor.address();
    let pids = meet_all(&address, 3);
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.end().code(), Some(0));
    assert!(pids.values().all(|pid| crate::supervisor::is_gone(*pid)));
}

#[test]
fn an_interrupt_is_passed_on_and_what_runs_is_finished() {
    let mut supervisor = start("-n 2", "");
    let address = supervisor.address();
    let held = ask(&address, "/hold");
    supervisor.until("took /hold");
    supervisor.signal(Signal::SIGINT);
    assert_eq!(answer(held).as_deref(), Ok("held"));
    assert_eq!(supervisor.end().code(), Some(0));
}

#[test]
fn a_stuck_worker_is_killed_after_the_grace() {
    let mut supervisor = start("-n 2 --grace 0.3", "");
    let address = supervisor.address();
    let _stuck = ask(&address, "/stuck");
    supervisor.until("took /stuck");
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.end().code(), Some(0));
    assert!(
        supervisor
            .log()
            .contains("did not leave within 0.3 s and is killed"),
        "{}",
        supervisor.log()
    );
}

#[test]
fn a_second_interrupt_does_not_wait_for_the_grace() {
    let mut supervisor = start("-n 2 --grace 3600", "");
    let address = supervisor.address();
    let _stuck = ask(&address, "/stuck");
    supervisor.until("took /stuck");
    supervisor.signal(Signal::SIGINT);
    supervisor.until("stopping");
    supervisor.signal(Signal::SIGINT);
    assert_eq!(supervisor.end().code(), Some(0));
}

#[test]
fn quit_ends_at_once() {
    let mut supervisor = start("-n 2 --grace 3600", "");
    let address = supervisor.address();
    let _stuck = ask(&address, "/stuck");
    supervisor.until("took /stuck");
    supervisor.signal(Signal::SIGQUIT);
    assert_eq!(supervisor.end().code(), Some(0));
}

#[test]
fn workers_are_added_and_removed() {
    let mut supervisor = start("-n 2", "");
    let address = supervisor.address();
    supervisor.signal(Signal::SIGTTIN);
    supervisor.until("worker 3 is added");
    let pids = meet_all(&address, 3);
    supervisor.signal(Signal::SIGTTOU);
    supervisor.until(&format!(
        "worker 3 (pid {}) ended with exit code 0",
        pids[&3]
    ));
    assert_eq!(meet_all(&address, 2).len(), 2);
}

#[test]
fn connections_outlive_the_workers_that_they_waited_for() {
    let mut supervisor = start("-n 2", "");
    let address = supervisor.address();
    let pids = meet_all(&address, 2);
    for pid in pids.values() {
        crate::supervisor::send(*pid, Signal::SIGSTOP);
    }
    let waiting: Vec<_> = (0..20).map(|_| ask(&address, "/")).collect();
    for pid in pids.values() {
        crate::supervisor::send(*pid, Signal::SIGKILL);
    }
    for connection in waiting {
        let body = answer(connection).expect("no connection in the queue is lost");
        assert!(
            !pids.values().any(|pid| body.ends_with(&format!(" {pid}"))),
            "{body}"
        );
    }
}
