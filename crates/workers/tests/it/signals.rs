//! What the supervisor does when it is sent a signal.

use std::{net::TcpStream, path::Path, process::Command};

use harness::process::{Pid, Signal, send};

use crate::supervisor::{answer, ask, command, get, log, meet_all, spawn, start};

#[test]
fn term_ends_all_with_success() {
    let supervisor = start("-n 3", "");
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 3);
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
    // The supervisor has waited for each, and so none is even a zombie.
    let is_left = |pid: &Pid| Path::new("/proc").join(pid.to_string()).exists();
    let left: Vec<_> = pids.values().filter(|pid| is_left(pid)).collect();
    assert!(left.is_empty(), "{left:?} of {pids:?}");
}

#[test]
fn an_interrupt_is_passed_on_and_what_runs_is_finished() {
    let supervisor = start("-n 2", "");
    let address = supervisor.wait_for_address();
    let held = ask(address, "/hold");
    supervisor.wait_for_line("took /hold");
    supervisor.signal(Signal::SIGINT);
    assert_eq!(answer(held).as_deref(), Ok("held"));
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
}

#[test]
fn a_new_connection_is_refused_while_the_last_requests_run() {
    let supervisor = start("-n 2 --grace 3600", "");
    let address = supervisor.wait_for_address();
    let stuck = ask(address, "/stuck");
    supervisor.wait_for_line("took /stuck");
    supervisor.signal(Signal::SIGTERM);
    supervisor.wait_for_line("stopping");
    // The workers close their copies when they hear of it. What gets in until then is closed with them.
    while TcpStream::connect(address).is_ok() {}
    drop(stuck);
    supervisor.signal(Signal::SIGQUIT);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
}

#[test]
fn a_supervisor_whose_log_nobody_reads_still_hears_a_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("log");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let command = command("-n 2 --bind 127.0.0.1:0", "");
    let mut shell = Command::new("sh");
    // Open for reading and writing, so that opening it waits for nobody; nobody ever reads.
    shell
        .args(["-c", "exec \"$0\" \"$@\" 2<>\"$PIPE\""])
        .arg(command.get_program())
        .args(command.get_args())
        .env("PIPE", &pipe);
    let supervisor = spawn(&mut shell);
    let address = supervisor.wait_for_address();
    // Each request is a line of 1 KiB: twice what a pipe of 64 KiB holds.
    let path = format!("/log/{}", "x".repeat(1024));
    for _ in 0..128 {
        get(address, &path);
    }
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
}

#[test]
fn a_stuck_worker_is_killed_after_the_grace() {
    let supervisor = start("-n 2 --grace 0.3", "");
    let address = supervisor.wait_for_address();
    let _stuck = ask(address, "/stuck");
    supervisor.wait_for_line("took /stuck");
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
    assert!(
        log(&supervisor).contains("did not leave within 0.3 s and is killed"),
        "{}",
        log(&supervisor)
    );
}

#[test]
fn a_second_interrupt_does_not_wait_for_the_grace() {
    let supervisor = start("-n 2 --grace 3600", "");
    let address = supervisor.wait_for_address();
    let _stuck = ask(address, "/stuck");
    supervisor.wait_for_line("took /stuck");
    supervisor.signal(Signal::SIGINT);
    supervisor.wait_for_line("stopping");
    supervisor.signal(Signal::SIGINT);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
}

#[test]
fn quit_ends_at_once() {
    let supervisor = start("-n 2 --grace 3600", "");
    let address = supervisor.wait_for_address();
    let _stuck = ask(address, "/stuck");
    supervisor.wait_for_line("took /stuck");
    supervisor.signal(Signal::SIGQUIT);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
}

#[test]
fn workers_are_added_and_removed() {
    let supervisor = start("-n 2", "");
    let address = supervisor.wait_for_address();
    supervisor.signal(Signal::SIGTTIN);
    supervisor.wait_for_line("worker 3 is added");
    let pids = meet_all(address, 3);
    supervisor.signal(Signal::SIGTTOU);
    supervisor.wait_for_line(&format!(
        "worker 3 (pid {}) ended with exit code 0",
        pids[&3]
    ));
    assert_eq!(meet_all(address, 2).len(), 2);
}

#[test]
fn connections_outlive_the_workers_that_they_waited_for() {
    let supervisor = start("-n 2", "");
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 2);
    for pid in pids.values() {
        send(*pid, Signal::SIGSTOP);
    }
    let waiting: Vec<_> = (0..20).map(|_| ask(address, "/")).collect();
    for pid in pids.values() {
        send(*pid, Signal::SIGKILL);
    }
    for connection in waiting {
        let body = answer(connection).expect("no connection in the queue is lost");
        assert!(
            !pids.values().any(|pid| body.ends_with(&format!(" {pid}"))),
            "{body}"
        );
    }
}
