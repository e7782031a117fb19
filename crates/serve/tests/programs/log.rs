//! What the log says, and what it does not.

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::client::{app, body, call, rest, send, start};

const VALUE: &str = "open-sesame";
const QUERY: &str = "token=abracadabra";

/// Calls a callback and a route of an app with this log, and ends it; the lines that it wrote.
fn log_of(filter: &str, arguments: &str) -> Vec<String> {
    let program = start(app(&format!("--bind 127.0.0.1:0 {arguments}")).env("RUST_LOG", filter));
    let address = program.wait_for_address();
    let answer = rest(call(address, VALUE));
    assert!(answer.contains(VALUE), "{answer}");
    let request = format!(
        "GET /nothing?{QUERY} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {QUERY}\r\n\r\n"
    );
    assert!(rest(send(address, &request)).starts_with("HTTP/1.1 404"));
    // A body that is no JSON, with the value in it.
    let broken = format!(
        "POST /_dash-update-component HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{{{VALUE}",
        VALUE.len() + 1
    );
    assert!(rest(send(address, &broken)).starts_with("HTTP/1.1 400"));
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
    program.output().lines()
}

#[test]
fn each_request_is_one_line_for_those_who_ask() {
    let log = log_of("serve=debug", "");
    let lines = |wanted: &str| {
        let lines = log.iter().filter(|line| line.contains(wanted));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(lines(" answered ").len(), 3, "{log:#?}");
    let [call, broken] = lines("method=POST path=\"/_dash-update-component\"")[..] else {
        panic!("not two calls in {log:#?}")
    };
    for wanted in [
        "DEBUG serve::access: answered worker=1 ",
        "status=200 callback=\"content.children\" ms=",
        &format!(" up={} ", body(VALUE).len()),
    ] {
        assert!(call.contains(wanted), "no {wanted:?} in {call}");
    }
    let down = call.split(" down=").nth(1).unwrap();
    assert!(down.parse::<usize>().unwrap() > VALUE.len(), "{call}");
    assert!(broken.contains("status=400 ms="), "{broken}");
    assert_eq!(lines("path=\"/nothing\" status=404").len(), 1, "{log:#?}");
}

#[test]
fn the_log_is_quiet_unless_asked() {
    let log = log_of("", "");
    let of_the_app = ["listening on", "data in", "started as"];
    let other = log
        .iter()
        .find(|line| !of_the_app.iter().any(|start| line.starts_with(start)));
    assert_eq!(other, None);
}

#[test]
fn a_request_that_nobody_waits_for_any_more_has_its_line_too() {
    let program = start(app("--bind 127.0.0.1:0").env("RUST_LOG", "serve=debug"));
    let stuck = call(program.wait_for_address(), "stuck");
    program.wait_for_line("stuck");
    drop(stuck);
    let line = program.wait_for_line("not answered");
    assert!(line.contains("path=\"/_dash-update-component\""), "{line}");
}

#[test]
fn a_program_can_read_the_log() {
    let log = log_of("serve=debug", "--log json");
    let of_the_app = ["listening on", "data in", "started as"];
    let lines = log
        .iter()
        .filter(|line| !of_the_app.iter().any(|start| line.starts_with(start)));
    let objects: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let calls: Vec<_> = objects
        .iter()
        .filter(|object| object["callback"] == "content.children")
        .collect();
    let [call] = calls[..] else {
        panic!("{objects:#?}")
    };
    assert_eq!(call["message"], "answered");
    assert_eq!(
        (
            &call["worker"],
            &call["status"],
            &call["method"],
            &call["path"]
        ),
        (
            &1.into(),
            &200.into(),
            &"POST".into(),
            &"/_dash-update-component".into()
        )
    );
    assert_eq!(call["up"], body(VALUE).len());
    assert!(call["ms"].is_f64() && call["down"].is_u64(), "{call}");
}

#[test]
fn no_value_and_no_query_is_in_the_log_even_at_trace() {
    for arguments in ["", "--log json"] {
        let log = log_of("trace", arguments).join("\n");
        assert!(log.contains("answered"), "{log}");
        for secret in [VALUE, QUERY, "abracadabra", "from=test"] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
}

#[test]
fn a_call_whose_client_has_left_is_finished_before_the_worker_leaves() {
    let program = start(app("--bind 127.0.0.1:0").env("RUST_LOG", "serve=debug"));
    let outliving = call(program.wait_for_address(), "outlive");
    program.wait_for_line("outliving");
    drop(outliving);
    program.wait_for_line("not answered");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait_for_end().code(), Some(0));
    let log = program.output().lines().join("\n");
    assert!(log.contains("outlived"), "{log}");
}
