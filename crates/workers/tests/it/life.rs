//! Workers start, are met, die, and are replaced.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, ErrorKind, Read},
    process::Command,
    time::{Duration, Instant},
};

use harness::{
    DEADLINE,
    process::{Signal, send},
};

use crate::supervisor::{answer, ask, command, get, identity, log, meet_all, spawn, start};

#[test]
fn the_ready_line_is_exact_and_alone_on_standard_output() {
    let command = command("-n 3 --name option4 --bind 127.0.0.1:0", "--noise");
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "exec \"$0\" \"$@\" 2>/dev/null"])
        .arg(command.get_program())
        .args(command.get_args())
        .env("RUST_LOG", "debug");
    let supervisor = spawn(&mut shell);
    let address = supervisor.wait_for_address();
    meet_all(address, 3);
    supervisor.signal(Signal::SIGTERM);
    supervisor.wait_for_end();
    assert_eq!(
        log(&supervisor),
        format!("listening on http://{address} (option4, 3 workers)")
    );
}

#[test]
fn one_worker_is_supervised_too() {
    let supervisor = start("", "");
    let line = supervisor.wait_for_line("listening on ");
    assert!(
        line.ends_with(" (workers-test-server, 1 worker)"),
        "{line:?}"
    );
}

#[test]
fn every_worker_answers() {
    let supervisor = start("-n 8", "");
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 8);
    assert_eq!(
        pids.keys().copied().collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6, 7, 8]
    );
}

#[test]
fn a_worker_is_told_what_it_is() {
    let supervisor = start("-n 2 --grace 2.5 --keep-alive", "");
    let address = supervisor.wait_for_address();
    for (name, value) in [
        ("WORKER_COUNT", "2"),
        ("WORKER_KEEP_ALIVE", "1"),
        ("WORKER_GRACE", "2.5"),
        ("WORKER_LIFELINE", "1"),
        ("LISTEN_PID", "unset"),
    ] {
        assert_eq!(get(address, &format!("/env/{name}")), value, "{name}");
    }
}

#[test]
fn a_killed_worker_is_replaced_and_the_log_names_the_signal() {
    let supervisor = start("-n 3", "");
    let address = supervisor.wait_for_address();
    let before = meet_all(address, 3);
    send(before[&2], Signal::SIGKILL);
    let line = supervisor.wait_for_line("was killed by SIGKILL");
    assert!(
        line.contains(&format!("worker 2 (pid {}) ", before[&2])),
        "{line}"
    );
    assert!(line.contains(" after "), "how long it lived: {line}");
    let after = meet_all(address, 3);
    assert_ne!(before[&2], after[&2]);
    assert_eq!(
        (before[&1], before[&3]),
        (after[&1], after[&3]),
        "the others go on"
    );
}

#[test]
fn a_worker_that_ends_by_itself_is_replaced_and_the_log_has_its_code() {
    let supervisor = start("", "");
    let address = supervisor.wait_for_address();
    let (_, before) = identity(&get(address, "/"));
    drop(ask(address, "/exit/7"));
    supervisor.wait_for_line(&format!("worker 1 (pid {before}) ended with exit code 7"));
    let (number, after) = identity(&get(address, "/"));
    assert_eq!(number, 1);
    assert_ne!(before, after);
}

#[test]
fn a_crash_loop_is_slowed_down() {
    let supervisor = start("", "");
    let address = supervisor.wait_for_address();
    for _ in 0..3 {
        // Each of these waits in the socket's queue until there is a worker again.
        let _ = answer(ask(address, "/exit/1"));
    }
    supervisor.wait_for_line("worker 1 is replaced in 0.1 s");
    supervisor.wait_for_line("worker 1 is replaced in 0.2 s");
    assert_eq!(identity(&get(address, "/")).0, 1);
}

#[test]
fn a_failing_start_stops_all_and_shows_the_last_lines() {
    let supervisor = start("-n 3", "--fail");
    assert_eq!(supervisor.wait_for_end().code(), Some(1));
    let log = log(&supervisor);
    let error = log
        .split("error: worker ")
        .nth(1)
        .unwrap_or_else(|| panic!("no error in {log}"));
    assert!(
        error.contains("ended with exit code 3 before it was ready; its last lines:"),
        "{error}"
    );
    assert!(
        error.contains("\n  error: the table is not there\n  help: make one"),
        "{error}"
    );
}

#[test]
fn the_others_serve_while_a_replacement_cannot_start_and_it_comes_back() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let broken = file.path().with_extension("broken");
    let supervisor = start("-n 2", &format!("--fail-if {}", broken.display()));
    let address = supervisor.wait_for_address();
    let before = meet_all(address, 2);
    std::fs::write(&broken, "").expect("a file can be made");
    send(before[&1], Signal::SIGKILL);
    // The fourth wait: more than three attempts have failed.
    supervisor.wait_for_line("worker 1 is replaced in 0.8 s");
    assert_eq!(identity(&get(address, "/")), (2, before[&2]));
    std::fs::remove_file(&broken).expect("the file is there");
    let after = meet_all(address, 2);
    assert_ne!(after[&1], before[&1]);
    assert_eq!(after[&2], before[&2]);
    assert!(
        log(&supervisor).contains("before it was ready (4 times in a row); its last lines:"),
        "{}",
        log(&supervisor)
    );
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workers"));
    let supervisor = spawn(command.args(["--bind", "127.0.0.1:0", "--", "/no/such/program"]));
    assert_eq!(supervisor.wait_for_end().code(), Some(1));
    assert!(
        log(&supervisor).contains("error: cannot start `/no/such/program`: No such file"),
        "{}",
        log(&supervisor)
    );
}

#[test]
fn a_server_that_knows_no_notify_socket_can_be_used() {
    let supervisor = start("-n 2 --ready start", "--silent");
    let address = supervisor.wait_for_address();
    meet_all(address, 2);
}

#[test]
fn every_line_of_a_worker_has_its_number_and_pid() {
    let supervisor = start("", "--noise");
    let address = supervisor.wait_for_address();
    let (_, pid) = identity(&get(address, "/"));
    let prefix = format!("[worker 1 pid {pid}] ");
    supervisor.wait_for_line(&format!("{prefix}not \u{fffd} text"));
    let long = supervisor.wait_for_lines(&format!("{prefix}xxx"), 3);
    assert_eq!(
        long.iter()
            .map(|line| line.len() - prefix.len())
            .sum::<usize>(),
        40_000,
        "nothing of it is lost"
    );
    // What has no end comes out with the process.
    drop(ask(address, "/exit/0"));
    supervisor.wait_for_line(&format!("{prefix}no end"));
}

#[test]
fn a_worker_that_leaves_by_its_own_will_is_replaced_before_it_is_gone() {
    let supervisor = start("", "");
    let address = supervisor.wait_for_address();
    let (_, before) = identity(&get(address, "/"));
    let held = ask(address, "/hold");
    assert_eq!(get(address, "/leave"), "leaving");
    supervisor.wait_for_line(&format!("worker 1 (pid {before}) leaves by its own will"));
    assert_eq!(answer(held).as_deref(), Ok("held"), "what ran was finished");
    assert_ne!(identity(&get(address, "/")).1, before);
}

#[test]
fn workers_leave_when_the_supervisor_is_killed() {
    // What a killed supervisor leaves behind is left in here.
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = command("-n 3 --bind 127.0.0.1:0", "");
    let supervisor = spawn(command.env("TMPDIR", folder.path()));
    let address = supervisor.wait_for_address();
    // A connection to each worker that only the end of that worker can close.
    let mut watched = BTreeMap::new();
    while watched.len() < 3 {
        let mut connection = BufReader::new(ask(address, "/watch"));
        let mut worker = String::new();
        connection.read_line(&mut worker).expect("a line");
        watched.insert(worker, connection);
    }
    let killed = Instant::now();
    supervisor.signal(Signal::SIGKILL);
    for (worker, mut connection) in watched {
        let mut rest = Vec::new();
        match connection.read_to_end(&mut rest) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                panic!("worker {worker} lives on")
            }
            _ => assert!(rest.is_empty()),
        }
    }
    let took = killed.elapsed();
    assert!(took < Duration::from_secs(2), "orphans for {took:?}");
}

#[test]
fn what_a_killed_supervisor_left_is_removed_by_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || {
        let mut command = command("--bind 127.0.0.1:0", "");
        spawn(command.env("TMPDIR", folder.path()))
    };
    let folders = || std::fs::read_dir(folder.path()).expect("a folder").count();
    let killed = start();
    killed.wait_for_line("listening on ");
    killed.signal(Signal::SIGKILL);
    killed.wait_for_end();
    assert_eq!(folders(), 1, "nobody was left to remove it");
    let next = start();
    next.wait_for_line("listening on ");
    assert_eq!(folders(), 1, "its own and no other");
    next.signal(Signal::SIGTERM);
    assert_eq!(next.wait_for_end().code(), Some(0));
    assert_eq!(folders(), 0);
}

#[test]
fn each_worker_draws_its_own_number_of_requests() {
    let supervisor = start("-n 8 --max-requests 1000 --max-requests-jitter 100000", "");
    let address = supervisor.wait_for_address();
    let mut numbers = BTreeSet::new();
    meet_all(address, 8);
    let deadline = Instant::now() + DEADLINE;
    while numbers.len() < 2 {
        assert!(Instant::now() < deadline, "only {numbers:?}");
        let asked: Vec<_> = (0..8)
            .map(|_| ask(address, "/env/WORKER_MAX_REQUESTS"))
            .collect();
        for connection in asked {
            let number = answer(connection).expect("an answer");
            numbers.insert(number.parse::<u64>().expect("a number"));
        }
    }
    assert!(
        numbers
            .iter()
            .all(|number| (1000..=101_000).contains(number)),
        "{numbers:?}"
    );
}

#[test]
fn a_worker_without_a_limit_is_told_of_none() {
    let mut command = command("--bind 127.0.0.1:0", "");
    let supervisor = spawn(command.env("WORKER_MAX_REQUESTS", "3"));
    let address = supervisor.wait_for_address();
    assert_eq!(get(address, "/env/WORKER_MAX_REQUESTS"), "unset");
}

#[test]
fn a_supervisor_that_gets_orphans_leaves_no_zombies() {
    // What the first process of a container is, this program says of itself; each worker leaves a child behind when it starts.
    let mut command = Command::new(env!("CARGO_BIN_EXE_workers-test-server"));
    let line = "-n 2 --bind 127.0.0.1:0 -- sh -c";
    command
        .args(["--", env!("CARGO_BIN_EXE_workers")])
        .args(line.split(' '))
        .args([
            "(true &); exec \"$0\"",
            env!("CARGO_BIN_EXE_workers-test-server"),
        ])
        .env("RUST_LOG", "debug");
    let supervisor = spawn(&mut command);
    let address = supervisor.wait_for_address();
    let pids = meet_all(address, 2);
    supervisor.wait_for_lines("an orphan has ended", 2);
    send(pids[&1], Signal::SIGKILL);
    supervisor.wait_for_line("was killed by SIGKILL");
    supervisor.wait_for_lines("an orphan has ended", 3);
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
}

#[test]
fn workers_inherit_the_environment() {
    let mut command = command("--bind 127.0.0.1:0", "");
    let supervisor = spawn(command.env("SIGNING_KEY", "correct horse"));
    let address = supervisor.wait_for_address();
    assert_eq!(get(address, "/env/SIGNING_KEY"), "correct horse");
    assert!(!log(&supervisor).contains("horse"));
}
