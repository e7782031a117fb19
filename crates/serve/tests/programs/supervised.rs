//! Workers of this crate under the supervisor of the crate `workers`: what each promises the other.

use std::{
    collections::BTreeSet,
    env, io,
    io::Write,
    net::SocketAddr,
    num::{NonZeroU32, NonZeroU64},
    path::PathBuf,
    process::Command,
    sync::atomic::Ordering::SeqCst,
    thread,
    time::{Duration, Instant},
};

use harness::{
    DEADLINE, Pid, ProcessTable,
    process::{Process, Signal, send as send_signal},
};
use workers::{Accept, Config, Status, WorkerState};

use crate::{
    client::{call, rest, send},
    load::{CLIENTS, under_load},
};

/// What the process that becomes the supervisor is told.
const SUPERVISE: &str = "TEST_SUPERVISE";

/// A supervisor with `count` workers, and where it listens.
pub(crate) struct Supervised {
    pub(crate) program: Process,
    pub(crate) address: SocketAddr,
    control: PathBuf,
    _folder: tempfile::TempDir,
}

pub(crate) fn supervise(count: u32, settings: &str) -> Supervised {
    let folder = tempfile::tempdir().unwrap();
    let control = folder.path().join("control.sock");
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["supervised::becomes_a_supervisor", "--exact", "--nocapture"])
        .env(
            SUPERVISE,
            format!("{count} {} {settings}", control.display()),
        )
        .env("TMPDIR", folder.path())
        .env_remove("RUST_LOG");
    // QUIT ends the workers too, with no word about it.
    let program = Process::spawn("the supervisor", &mut command, DEADLINE);
    let program = program.asked_with(Signal::SIGQUIT);
    let address = program.wait_for_address();
    Supervised {
        program,
        address,
        control,
        _folder: folder,
    }
}

/// No test of its own: the other tests start this one in a process that becomes the supervisor.
#[test]
fn becomes_a_supervisor() {
    let Ok(told) = env::var(SUPERVISE) else {
        return;
    };
    let told: Vec<_> = told.split_whitespace().collect();
    let [count, control, settings @ ..] = &told[..] else {
        panic!("{told:?}")
    };
    let mut config = Config::new("echo", env!("CARGO_BIN_EXE_serve-test-app"))
        .bind("127.0.0.1:0".parse().unwrap())
        .workers(count.parse::<NonZeroU32>().unwrap())
        .control(control)
        .keep_alive(settings.contains(&"keep-alive"))
        .teaching(settings.contains(&"teaching"));
    let max_requests = settings.iter().find_map(|word| word.strip_prefix("max="));
    if let Some(count) = max_requests {
        config = config.max_requests(count.parse::<NonZeroU64>().unwrap(), 20);
    }
    let watchdog = settings
        .iter()
        .find_map(|word| word.strip_prefix("watchdog="));
    if let Some(seconds) = watchdog {
        config = config.watchdog(Duration::from_secs_f64(seconds.parse().unwrap()));
    }
    if settings.contains(&"reuseport") {
        config = config.accept(Accept::ReusePort);
    }
    workers::log_to_stderr();
    workers::run(config, |ready| {
        let _ = writeln!(io::stdout(), "{ready}");
    })
    .unwrap();
}

impl Supervised {
    fn status(&self) -> Status {
        workers::status(&self.control).unwrap()
    }

    fn pids(&self) -> BTreeSet<u32> {
        let status = self.status();
        status
            .workers
            .iter()
            .filter_map(|worker| worker.pid)
            .collect()
    }

    /// Waits until the status is as wanted.
    pub(crate) fn until(&self, wanted: impl Fn(&Status) -> bool) -> Status {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let status = self.status();
            if wanted(&status) {
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "wanted another status than\n{status}"
            );
        }
    }
}

fn kill(pid: u32) {
    send_signal(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL);
}

pub(crate) fn all_ready(status: &Status, count: usize) -> bool {
    let mut workers = status.workers.iter();
    status.workers.len() == count && workers.all(|worker| worker.state == WorkerState::Ready)
}

#[test]
fn ten_thousand_requests_survive_reloads() {
    for settings in ["", "keep-alive"] {
        let server = supervise(3, settings);
        let before = server.pids();
        let mut reloads = 0;
        let address = server.address;
        let tally = under_load(address, |tally| {
            while reloads == 0 || tally.answered.load(SeqCst) < 10_000 {
                server.program.signal(Signal::SIGHUP);
                reloads += 1;
                server
                    .program
                    .wait_for_lines("ended with exit code 0", 3 * reloads);
            }
        });
        assert_eq!(tally.failed.load(SeqCst), 0, "{settings} {tally:?}");
        let after = server.until(|status| all_ready(status, 3));
        let after = after.workers.iter().filter_map(|worker| worker.pid);
        assert!(before.is_disjoint(&after.collect()));
    }
}

#[test]
fn no_request_fails_because_a_worker_has_answered_enough() {
    for settings in ["max=60", "max=60 keep-alive"] {
        let server = supervise(2, settings);
        let address = server.address;
        let tally = under_load(address, |tally| {
            tally.reach(3_000);
            server.program.wait_for_lines("leaves by its own will", 20);
        });
        assert_eq!(tally.failed.load(SeqCst), 0, "{settings} {tally:?}");
        server.program.wait_for_lines("ended with exit code 0", 20);
        let log = server.program.output().lines().join("\n");
        assert!(
            !log.contains("is replaced in"),
            "nothing is waited for: {log}"
        );
        assert!(!log.contains("is killed"), "{log}");
        let status = server.until(|status| all_ready(status, 2));
        let counts = status.workers.iter().map(|worker| worker.requests);
        assert!(counts.flatten().all(|count| count <= 80), "{status}");
    }
}

#[test]
fn a_kill_costs_the_calls_in_flight_and_no_other() {
    let server = supervise(3, "");
    let address = server.address;
    let victims = server.pids();
    let tally = under_load(address, |tally| {
        for (round, pid) in victims.iter().enumerate() {
            tally.reach(500 * (round + 1));
            kill(*pid);
            server
                .program
                .wait_for_lines("was killed by SIGKILL", round + 1);
        }
        tally.reach(3_000);
    });
    // Each client has one call in flight, and at most all of them are with the one that is killed.
    let failed = tally.failed.load(SeqCst);
    assert!(failed <= CLIENTS * victims.len(), "{tally:?}");
    server.until(|status| all_ready(status, 3));

    let victims = server.pids();
    let tally = under_load(address, |tally| {
        tally.reach(500);
        victims.iter().for_each(|pid| kill(*pid));
        server.program.wait_for_lines("was killed by SIGKILL", 6);
        tally.reach(3_000);
    });
    let failed = tally.failed.load(SeqCst);
    assert!(
        (1..=CLIENTS).contains(&failed),
        "the slow ones at least: {tally:?}"
    );
    let status = server.until(|status| all_ready(status, 3));
    assert!(
        status.workers.iter().all(|worker| worker.restarts == 2),
        "{status}"
    );
}

#[test]
fn the_status_knows_how_many_requests_were_answered() {
    let server = supervise(2, "");
    assert!(
        server
            .status()
            .workers
            .iter()
            .all(|worker| worker.requests == Some(0))
    );
    let answers = (0..25).map(|_| rest(call(server.address, "a word")));
    assert!(answers.into_iter().all(|answer| answer.contains("a word")));
    let total = |status: &Status| -> u64 {
        let counts = status.workers.iter().map(|worker| worker.requests);
        counts.flatten().sum()
    };
    let status = server.until(|status| total(status) >= 25);
    assert_eq!(total(&status), 25);
    let memory = status.workers[0].memory.unwrap();
    assert!((1 << 20..1 << 30).contains(&memory), "{memory}");
}

#[test]
fn a_slow_request_is_finished_and_a_half_sent_one_is_not_waited_for() {
    let server = supervise(2, "");
    let slow = call(server.address, "hold");
    server.program.wait_for_line("holding");
    let half = send(
        server.address,
        "POST /_dash-update-component HTTP/1.1\r\nho",
    );
    server.program.signal(Signal::SIGTERM);
    assert!(rest(slow).contains("held"));
    assert_eq!(server.program.wait_for_end().code(), Some(0));
    let log = server.program.output().lines().join("\n");
    assert!(
        !log.contains("cut off") && !log.contains("is killed"),
        "the grace had to end it: {log}"
    );
    drop(half);
}

#[test]
fn a_worker_that_stands_still_is_replaced() {
    let server = supervise(2, "watchdog=1");
    let stopped = server.status().workers[0].pid.unwrap();
    send_signal(Pid::from_raw(stopped.cast_signed()), Signal::SIGSTOP);
    server.program.wait_for_line("has not said WATCHDOG=1 for");
    server.until(|status| all_ready(status, 2) && status.workers[0].restarts == 1);
    let blocked = call(server.address, "block");
    server.program.wait_for_line("] blocks its thread");
    server
        .program
        .wait_for_lines("has not said WATCHDOG=1 for", 2);
    let restarts = |status: &Status| -> u32 {
        let counts = status.workers.iter().map(|worker| worker.restarts);
        counts.sum()
    };
    server.until(|status| all_ready(status, 2) && restarts(status) == 2);
    drop(blocked);
}

#[test]
fn no_connection_is_lost_when_a_worker_with_its_own_socket_is_taken_away() {
    let server = supervise(2, "reuseport");
    let address = server.address;
    let tally = under_load(address, |tally| {
        for round in 1..=5 {
            server.program.signal(Signal::SIGTTIN);
            server.until(|status| all_ready(status, 3));
            tally.reach(300 * round);
            server.program.signal(Signal::SIGTTOU);
            server
                .program
                .wait_for_lines("ended with exit code 0", round);
        }
    });
    assert_eq!(tally.failed.load(SeqCst), 0, "{tally:?}");
}

#[test]
fn orphans_are_gone_within_two_seconds_whatever_they_do() {
    let server = supervise(3, "");
    let pids = server.pids();
    let stuck: Vec<_> = (0..6).map(|_| call(server.address, "stuck")).collect();
    server.program.wait_for_lines("] stuck", 6);
    let killed = Instant::now();
    server.program.signal(Signal::SIGKILL);
    stuck
        .into_iter()
        .for_each(|call| assert_eq!(rest_or_reset(call), ""));
    for pid in pids {
        while ProcessTable::read().contains(Pid::from_raw(pid.cast_signed())) {
            let took = killed.elapsed();
            assert!(
                took < Duration::from_secs(2),
                "worker {pid} lives after {took:?}"
            );
            thread::yield_now();
        }
    }
}

/// What comes until the other side is gone, however it goes.
fn rest_or_reset(mut connection: std::net::TcpStream) -> String {
    use std::io::Read;
    let mut text = String::new();
    match connection.read_to_string(&mut text) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => String::new(),
        other => other.map(|_| text).unwrap(),
    }
}
