//! From the command line to the end.

use std::{
    io::{Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixDatagram, UnixStream},
    },
    time::{Duration, Instant},
};

use harness::{
    DEADLINE,
    process::{Process, Signal},
};

use crate::client::{app, call, rest, send, start};

#[test]
fn a_program_without_a_supervisor_says_where_it_listens() {
    let program = start(&mut app("--bind 127.0.0.1:0"));
    let line = program.wait_for_line("listening on http://");
    assert!(
        line.starts_with("listening on http://127.0.0.1:")
            && line.ends_with(" (serve-test-app, 1 worker)"),
        "{line}"
    );
    let answer = rest(call(program.wait_for_address(), "a word"));
    assert!(
        answer.contains("\r\nx-worker: 1\r\n") && answer.contains("a word"),
        "{answer}"
    );
    assert!(
        answer
            .contains("server-timing: worker;desc=\"1\", life;desc=\"1\", callback;desc=\"content.children\";dur="),
        "{answer}"
    );
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
}

#[test]
fn the_data_folder_is_named_after_the_program() {
    let program = start(&mut app("--bind 127.0.0.1:0"));
    program.wait_for_line("data in .data/serve-test-app");
    let program = start(&mut app("--bind 127.0.0.1:0 --data elsewhere"));
    program.wait_for_line("data in elsewhere");
}

#[test]
fn a_worker_reports_to_its_supervisor() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let program = start(
        app("--bind 127.0.0.1:0")
            .env("NOTIFY_SOCKET", &path)
            .env("WORKER_NUMBER", "3"),
    );
    let mut report = [0; 64];
    let length = socket.recv(&mut report).unwrap();
    assert_eq!(&report[..length], b"READY=1\nWATCHDOG=1\nSTATUS=requests=0");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
    assert!(
        !program
            .output()
            .lines()
            .iter()
            .any(|line| line.contains("listening")),
        "that is the supervisor's to say"
    );
}

#[test]
fn a_worker_leaves_when_its_lifeline_is_cut() {
    let mut command = app("--bind 127.0.0.1:0");
    command.env("WORKER_LIFELINE", "1");
    let (program, lifeline) = Process::spawn_fed("the app", &mut command, Duration::ZERO);
    let stuck = call(program.wait_for_address(), "stuck");
    program.wait_for_line("stuck");
    let cut = Instant::now();
    drop(lifeline);
    assert_eq!(program.wait_for_end().code(), Some(0));
    let took = cut.elapsed();
    assert!(took < Duration::from_secs(2), "an orphan for {took:?}");
    program.wait_for_line("the supervisor is gone");
    drop(stuck);
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let program = start(
        app("--bind 127.0.0.1:0")
            .env("WORKER_GRACE", "3600")
            .env("RUST_LOG", "debug"),
    );
    let _stuck = call(program.wait_for_address(), "stuck");
    program.wait_for_line("stuck");
    program.signal(Signal::SIGINT);
    program.wait_for_line("leaving");
    program.signal(Signal::SIGINT);
    assert_eq!(program.wait_for_end().code(), Some(0));
}

#[test]
fn a_misspelt_option_ends_with_two_and_names_the_right_one() {
    let program = start(&mut app("--contradic"));
    assert_eq!(program.wait_for_end().code(), Some(2));
    program.wait_for_line("--contradict");
}

#[test]
fn the_help_shows_the_apps_options_and_the_common_ones() {
    let program = start(&mut app("--help"));
    assert_eq!(program.wait_for_end().code(), Some(0));
    for wanted in ["Usage: serve-test-app", "--contradict", "--data"] {
        assert!(
            program
                .output()
                .lines()
                .iter()
                .any(|line| line.contains(wanted)),
            "no {wanted} in {:#?}",
            program.output().lines()
        );
    }
}

#[test]
fn an_app_that_contradicts_itself_does_not_start() {
    let program = start(&mut app("--bind 127.0.0.1:0 --contradict"));
    assert_eq!(program.wait_for_end().code(), Some(1));
    let error = program.wait_for_line("the app cannot start");
    assert!(error.starts_with("error: "), "{error}");
}

#[test]
fn an_app_may_fail_in_its_own_words() {
    let program = start(&mut app("--bind 127.0.0.1:0 --fail"));
    assert_eq!(program.wait_for_end().code(), Some(1));
    let error = program.wait_for_line("the table is not there");
    assert_eq!(error, "error: the table is not there");
}

#[test]
fn a_port_in_use_is_one_sentence() {
    let first = start(&mut app("--bind 127.0.0.1:0"));
    let address = first.wait_for_address();
    let second = start(&mut app(&format!("--bind {address}")));
    assert_eq!(second.wait_for_end().code(), Some(1));
    let lines = second.output().lines();
    let [error] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        error.starts_with(&format!("error: {address} is already in use: "))
            && error.contains("--bind"),
        "{error}"
    );
}

#[test]
fn a_foreign_host_is_let_in_by_its_name_alone() {
    let program = start(&mut app("--bind 127.0.0.1:0 --allow-host app.example"));
    let address = program.wait_for_address();
    let status = |host: &str| {
        let request = format!("GET /health HTTP/1.1\r\n{host}connection: close\r\n\r\n");
        let answer = rest(send(address, &request));
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    for (host, expected) in [
        (format!("host: {address}\r\n"), "200"),
        ("host: localhost\r\n".to_owned(), "200"),
        ("host: app.example\r\n".to_owned(), "200"),
        ("host: evil.example\r\n".to_owned(), "421"),
        (String::new(), "400"),
    ] {
        assert_eq!(status(&host), expected, "{host:?}");
    }
}

#[test]
fn limits_are_options_of_every_app() {
    let program = start(&mut app(
        "--bind 127.0.0.1:0 --callback-timeout 0.2 --max-callbacks 1 --body-limit 300",
    ));
    let address = program.wait_for_address();
    let stuck = call(address, "stuck");
    program.wait_for_line("stuck");
    let refused = rest(call(address, "one too many"));
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    let given_up = rest(stuck);
    assert!(given_up.starts_with("HTTP/1.1 504"), "{given_up}");
    let too_large = rest(call(address, &"x".repeat(300)));
    assert!(too_large.starts_with("HTTP/1.1 413"), "{too_large}");
    assert!(rest(call(address, "a word")).contains("a word"));
}

#[test]
fn an_app_listens_wherever_the_supervisor_can() {
    let program = start(&mut app("--bind localhost:0"));
    let address = program.wait_for_address();
    assert!(address.ip().is_loopback());
    assert!(rest(call(address, "a word")).contains("a word"));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.sock");
    let line = format!("--bind unix:{} --socket-mode 620", path.display());
    let program = start(&mut app(&line));
    let said = program.wait_for_line("listening on unix:");
    let announced = format!("unix:{}", path.display());
    assert_eq!(
        said,
        format!("listening on {announced} (serve-test-app, 1 worker)")
    );
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o620);
    let mut connection = UnixStream::connect(&path).unwrap();
    let request = "GET /health HTTP/1.1\r\nhost: anything\r\nconnection: close\r\n\r\n";
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("OK"), "{answer}");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
    assert!(!path.exists());
}

#[test]
fn an_address_that_is_none_is_refused_as_the_supervisor_refuses_it() {
    for text in ["8050", "unix:", "nowhere"] {
        let program = start(&mut app(&format!("--bind {text}")));
        assert_eq!(program.wait_for_end().code(), Some(2));
        let sentence = text.parse::<workers::Bind>().unwrap_err().to_string();
        program.wait_for_line(&sentence);
    }
    // RFC 5737 keeps this address for documentation: no machine has it.
    let program = start(&mut app("--bind 192.0.2.1:8050"));
    assert_eq!(program.wait_for_end().code(), Some(1));
    program
        .wait_for_line("error: this machine has no address 192.0.2.1:8050: choose one of its own");
}
