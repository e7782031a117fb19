//! What a lesson does to its workers, by the control socket.

use std::{
    fs,
    io::Write,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Instant,
};

use handover::order::{self, Done, Order, Reason, Refusal};
use harness::{
    DEADLINE, Pid, ProcessTable,
    process::{Process, Signal},
};
use workers::WorkerState;

use crate::supervisor::{answer, ask, command, get, log, meet_all, spawn};

/// A supervisor with two workers that takes orders at the socket `control.sock` of a folder.
fn teaching(folder: &Path) -> (Process, PathBuf) {
    let control = folder.join("control.sock");
    let options = format!(
        "--bind 127.0.0.1:0 -n 2 --teaching --control {}",
        control.display()
    );
    (spawn(&mut command(&options, "")), control)
}

fn give(control: &Path, order: &str) -> Result<Done, Refusal> {
    order::give(control, order.parse().expect("an order")).expect("a reply")
}

/// Waits until a worker is in this state.
fn until(control: &Path, worker: usize, state: WorkerState) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let status = workers::status(control).expect("it replies");
        if status.workers[worker - 1].state == state {
            return;
        }
        assert!(Instant::now() < deadline, "wanted {state}\n{status}");
    }
}

/// The letter that Linux has for what a process is doing; `T` is one that a signal has stopped.
fn letter(pid: Pid) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

#[test]
fn an_order_kills_a_worker_and_the_next_one_knows_its_life() {
    let folder = tempfile::tempdir().expect("a folder");
    let (supervisor, control) = teaching(folder.path());
    let address = supervisor.wait_for_address();
    let before = meet_all(address, 2);
    assert_eq!(give(&control, "kill 1"), Ok(Done { worker: 1, life: 1 }));
    supervisor.wait_for_line("was killed by SIGKILL");
    let after = meet_all(address, 2);
    assert_ne!(before[&1], after[&1]);
    let variable = |name: &str, pid| ProcessTable::variable(pid, name);
    assert_eq!(variable("WORKER_LIFE", after[&1]).as_deref(), Some("2"));
    assert_eq!(variable("WORKER_LIFE", after[&2]).as_deref(), Some("1"));
    let path = variable("WORKER_CONTROL", after[&2]);
    assert_eq!(path.as_deref(), control.to_str());
    // It may answer before the supervisor has heard that it does.
    until(&control, 1, WorkerState::Ready);
    assert_eq!(give(&control, "kill 1"), Ok(Done { worker: 1, life: 2 }));
}

#[test]
fn a_paused_worker_stands_still_and_goes_on_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let (supervisor, control) = teaching(folder.path());
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 2);
    assert_eq!(
        give(&control, "pause 2 10"),
        Ok(Done { worker: 2, life: 1 })
    );
    until(&control, 2, WorkerState::Paused);
    let deadline = Instant::now() + DEADLINE;
    while letter(pids[&2]) != Some('T') {
        assert!(Instant::now() < deadline, "it is {:?}", letter(pids[&2]));
    }
    // The second order ends sooner than the first would have.
    give(&control, "pause 2 0.2").expect("it serves");
    until(&control, 2, WorkerState::Ready);
    supervisor.wait_for_line("goes on after");
    assert_eq!(meet_all(address, 2), pids);
}

#[test]
fn a_paused_worker_hears_term() {
    let folder = tempfile::tempdir().expect("a folder");
    let (supervisor, control) = teaching(folder.path());
    let address = supervisor.wait_for_address();
    let held = ask(address, "/hold");
    supervisor.wait_for_line("took /hold");
    give(&control, "pause 1 10").expect("it serves");
    give(&control, "pause 2 10").expect("it serves");
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(answer(held).as_deref(), Ok("held"));
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
    assert!(
        !log(&supervisor).contains("is killed"),
        "{}",
        log(&supervisor)
    );
}

#[test]
fn a_paused_worker_does_not_outlive_a_supervisor_that_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (supervisor, control) = teaching(folder.path());
    let pids = meet_all(supervisor.wait_for_address(), 2);
    give(&control, "pause 1 10").expect("it serves");
    let deadline = Instant::now() + DEADLINE;
    while letter(pids[&1]) != Some('T') {
        assert!(Instant::now() < deadline, "it is {:?}", letter(pids[&1]));
    }
    supervisor.signal(Signal::SIGKILL);
    while pids.values().any(|pid| ProcessTable::read().contains(*pid)) {
        assert!(Instant::now() < deadline, "{pids:?} are still there");
    }
}

#[test]
fn mistakes_are_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let (supervisor, control) = teaching(folder.path());
    supervisor.wait_for_address();
    for (line, refused, sentence) in [
        (
            "kill 9",
            "worker",
            "There is no worker 9: the numbers are 1 to 2.",
        ),
        (
            "dance",
            "order",
            "`dance` is no order: expected `status`, `kill N` or `pause N SECONDS`.",
        ),
        (
            "pause 1 11",
            "order",
            "A pause cannot last `11` seconds: expected more than 0 and at most 10.",
        ),
    ] {
        let reply = order::ask(&control, line).expect("a reply");
        let reply: serde_json::Value = serde_json::from_slice(&reply).expect("JSON");
        assert_eq!(
            reply,
            serde_json::json!({ "refused": refused, "error": sentence })
        );
    }
    // Who sends no line and who sends too long a one are heard too.
    let mut silent = UnixStream::connect(&control).expect("it listens");
    silent
        .write_all("kill".repeat(1000).as_bytes())
        .expect("it reads");
    let long = order::ask(&control, &"x".repeat(200)).expect("a reply");
    assert!(String::from_utf8_lossy(&long).contains("is no order"));
}

#[test]
fn without_teaching_no_order_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let control = folder.path().join("control.sock");
    let options = format!("--bind 127.0.0.1:0 --control {}", control.display());
    let supervisor = spawn(command(&options, "").env("WORKER_CONTROL", "/another's"));
    let address = supervisor.wait_for_address();
    let order = Order::Kill { worker: 1 };
    let refusal = order::give(&control, order).expect("a reply").unwrap_err();
    assert_eq!(refusal.refused, Reason::Teaching);
    assert_eq!(get(address, "/env/WORKER_CONTROL"), "unset");
}

#[test]
fn a_lesson_is_for_this_machine_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let control = folder.path().join("control.sock");
    for bind in ["0.0.0.0:0", "[::]:0"] {
        let options = format!("--bind {bind} --teaching --control {}", control.display());
        let supervisor = spawn(&mut command(&options, ""));
        assert_eq!(supervisor.wait_for_end().code(), Some(1));
        let log = log(&supervisor);
        assert!(log.contains("needs a loopback address"), "{log}");
    }
    let supervisor = spawn(&mut command("--bind 127.0.0.1:0 --teaching", ""));
    assert_eq!(
        supervisor.wait_for_end().code(),
        Some(2),
        "it needs --control"
    );
}
