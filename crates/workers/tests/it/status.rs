//! `workers status` and the control socket.

use std::{
    os::unix::net::UnixListener,
    path::Path,
    process::{Command, Output},
};

use harness::{
    DEADLINE, Pid,
    process::{Process, Signal, send},
};
use workers::{Status, WorkerState};

use crate::supervisor::{ask as send_request, command, get, identity, log, meet_all, spawn};

/// A supervisor whose control socket is in `data`.
fn supervise(data: &Path, name: &str, options: &str) -> Process {
    let control = data.join("control.sock");
    let options = format!(
        "--bind 127.0.0.1:0 --name {name} --control {} {options}",
        control.display()
    );
    spawn(&mut command(&options, ""))
}

fn ask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_workers"))
        .arg("status")
        .args(arguments)
        .output()
        .expect("the program `workers` is built")
}

fn stdout(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// A process's id as the status has it.
fn number(pid: Pid) -> u32 {
    pid.as_raw().cast_unsigned()
}

/// Waits until the status is as wanted.
fn until(data: &Path, wanted: impl Fn(&Status) -> bool) -> Status {
    let deadline = std::time::Instant::now() + DEADLINE;
    loop {
        let status = workers::status(data.join("control.sock")).expect("it answers");
        if wanted(&status) {
            return status;
        }
        let now = std::time::Instant::now();
        assert!(now < deadline, "wanted another status than\n{status}");
    }
}

#[test]
fn the_table_shows_every_worker() {
    let data = tempfile::tempdir().expect("a folder");
    let supervisor = supervise(data.path(), "echo", "-n 3");
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 3);
    let table = stdout(&ask(&["--data", text(data.path())]));
    let lines: Vec<_> = table.lines().collect();
    assert!(
        lines[0].starts_with(&format!("echo on http://{address} (supervisor pid ")),
        "{table}"
    );
    assert_eq!(
        lines[1].split_whitespace().collect::<Vec<_>>(),
        [
            "worker", "pid", "state", "since", "requests", "restarts", "memory"
        ]
    );
    for (line, (number, pid)) in lines[2..].iter().zip(&pids) {
        let cells: Vec<_> = line.split_whitespace().collect();
        assert_eq!(
            cells[..3],
            [number.to_string(), pid.to_string(), "ready".to_owned()]
        );
        assert_eq!(cells.last(), Some(&"MiB"), "{table}");
    }
    assert_eq!(lines.len(), 5, "{table}");
}

#[test]
fn requests_and_restarts_are_counted() {
    let data = tempfile::tempdir().expect("a folder");
    let supervisor = supervise(data.path(), "echo", "-n 2");
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 2);
    assert_eq!(get(address, "/report/17"), "reported");
    let status = until(data.path(), |status| {
        status
            .workers
            .iter()
            .any(|worker| worker.requests == Some(17))
    });
    let silent = status
        .workers
        .iter()
        .filter(|worker| worker.requests.is_none());
    assert_eq!(silent.count(), 1, "one has reported nothing: {status}");
    send(pids[&1], Signal::SIGKILL);
    let status = until(data.path(), |status| {
        status.workers[0].restarts == 1 && status.workers[0].state == WorkerState::Ready
    });
    let (one, two) = (&status.workers[0], &status.workers[1]);
    assert_eq!((one.requests, two.restarts), (None, 0));
    assert_ne!(one.pid, Some(number(pids[&1])));
}

#[test]
fn a_worker_that_drains_and_one_that_waits_are_called_that() {
    let data = tempfile::tempdir().expect("a folder");
    let supervisor = supervise(data.path(), "echo", "--grace 3600");
    let address = supervisor.wait_for_address();
    let _stuck = send_request(address, "/stuck");
    supervisor.wait_for_line("took /stuck");
    supervisor.signal(Signal::SIGHUP);
    let status = until(data.path(), |status| {
        status.workers.len() == 2 && status.workers[1].state == WorkerState::Ready
    });
    assert_eq!(status.workers[0].state, WorkerState::Draining);
    // From the second death in a row on the next worker is waited for.
    let deadline = std::time::Instant::now() + DEADLINE;
    loop {
        let (_, pid) = identity(&get(address, "/"));
        send(pid, Signal::SIGKILL);
        let status = until(data.path(), |status| {
            status
                .workers
                .iter()
                .all(|worker| worker.pid != Some(number(pid)))
        });
        let mut vacant = status.workers.iter().filter(|worker| worker.pid.is_none());
        if let Some(worker) = vacant.next() {
            assert_eq!(worker.state, WorkerState::Waiting);
            break;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "nobody waits: {status}"
        );
    }
}

#[test]
fn json_is_one_object_a_line_for_each_supervisor() {
    let folder = tempfile::tempdir().expect("a folder");
    let running: Vec<_> = ["option1", "option4"]
        .map(|id| supervise(&folder.path().join(id), id, ""))
        .into_iter()
        .collect();
    let addresses: Vec<_> = running.iter().map(Process::wait_for_address).collect();
    // One that was killed is no news beside those that run.
    let dead = folder.path().join("dead");
    std::fs::create_dir(&dead).expect("a folder can be made");
    drop(UnixListener::bind(dead.join("control.sock")).expect("a socket"));
    let text = stdout(&ask(&["--json", "--data", text(folder.path())]));
    let told: Vec<Status> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a status"))
        .collect();
    let told: Vec<_> = told
        .iter()
        .map(|status| (status.name.as_str(), status.address.as_str()))
        .collect();
    let urls: Vec<_> = addresses
        .iter()
        .map(|address| format!("http://{address}"))
        .collect();
    assert_eq!(
        told,
        [("option1", urls[0].as_str()), ("option4", urls[1].as_str())]
    );
}

#[test]
fn without_a_supervisor_there_is_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let stale = folder.path().join("stale.sock");
    drop(UnixListener::bind(&stale).expect("a socket"));
    let other = folder.path().join("other.sock");
    for arguments in [
        ["--data", text(folder.path())],
        ["--socket", text(&stale)],
        ["--socket", text(&other)],
    ] {
        let output = ask(&arguments);
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.starts_with("error: no supervisor "), "{error}");
        assert!(
            error.contains(arguments[1]) && error.lines().count() == 1,
            "{error}"
        );
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn a_data_folder_has_one_supervisor_and_a_killed_one_is_followed() {
    let data = tempfile::tempdir().expect("a folder");
    let first = supervise(data.path(), "echo", "");
    first.wait_for_line("listening on ");
    let second = supervise(data.path(), "echo", "");
    assert_eq!(second.wait_for_end().code(), Some(1));
    let socket = data.path().join("control.sock");
    assert_eq!(
        log(&second),
        format!(
            "error: another supervisor answers at {}: end it, or choose another control socket or data folder",
            socket.display()
        )
    );
    first.signal(Signal::SIGKILL);
    first.wait_for_end();
    assert!(socket.exists(), "nobody was left to remove it");
    let third = supervise(data.path(), "echo", "");
    third.wait_for_line("listening on ");
    assert_eq!(until(data.path(), |_| true).workers.len(), 1);
    third.signal(Signal::SIGTERM);
    assert_eq!(third.wait_for_end().code(), Some(0));
    assert!(!socket.exists());
}

#[test]
fn the_status_needs_no_program_to_run() {
    for arguments in [&["--data", ".", "--socket", "x"][..], &["--jsn"]] {
        assert_eq!(ask(arguments).status.code(), Some(2), "{arguments:?}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_workers"))
        .output()
        .expect("the program `workers` is built");
    assert_eq!(
        output.status.code(),
        Some(2),
        "to run a program it must have one"
    );
}
