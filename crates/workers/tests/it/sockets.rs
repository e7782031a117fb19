//! Where the workers listen.

use std::{
    io::Write,
    net::{Ipv6Addr, TcpListener},
    os::{
        fd::OwnedFd,
        unix::{fs::PermissionsExt, net::UnixStream},
    },
};

use command_fds::{CommandFdExt, FdMapping};
use harness::process::{Signal, send};

use crate::supervisor::{answer, command, get, log, meet_all, spawn, start};

#[test]
fn a_port_in_use_is_one_sentence_that_names_another() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it is bound");
    let mut other = address;
    other.set_port(address.port() + 1);
    for accept in ["shared", "reuseport"] {
        let supervisor = spawn(&mut command(
            &format!("--accept {accept} --bind {address}"),
            "",
        ));
        assert_eq!(supervisor.wait_for_end().code(), Some(1));
        assert_eq!(
            log(&supervisor),
            format!(
                "error: {address} is already in use: end the program that listens there or choose another address, \
                 for example `--bind {other}` (port 0 takes a free one)"
            )
        );
    }
}

#[test]
fn an_address_that_makes_no_sense_is_a_usage_error() {
    let supervisor = spawn(&mut command("--bind 8050", ""));
    assert_eq!(supervisor.wait_for_end().code(), Some(2));
    assert!(
        log(&supervisor).contains("`8050` is no address to listen on"),
        "{}",
        log(&supervisor)
    );
}

#[test]
fn each_worker_may_have_a_socket_of_its_own() {
    let supervisor = start("-n 4 --accept reuseport", "");
    let address = supervisor.wait_for_address();
    let before = meet_all(address, 4);
    send(before[&1], Signal::SIGKILL);
    supervisor.wait_for_line("was killed by SIGKILL");
    let after = meet_all(address, 4);
    assert_ne!(
        before[&1], after[&1],
        "the replacement has its predecessor's socket"
    );
}

#[test]
fn a_second_supervisor_with_sockets_of_its_own_cannot_creep_in() {
    let first = start("-n 2 --accept reuseport", "");
    let address = first.wait_for_address();
    let second = spawn(&mut command(
        &format!("-n 2 --accept reuseport --bind {address}"),
        "",
    ));
    assert_eq!(second.wait_for_end().code(), Some(1));
    assert!(
        log(&second).contains("is already in use"),
        "{}",
        log(&second)
    );
}

#[test]
fn ipv6_is_an_address_like_another() {
    let supervisor = spawn(&mut command("-n 2 --bind [::1]:0", ""));
    let address = supervisor.wait_for_address();
    assert_eq!(address.ip(), Ipv6Addr::LOCALHOST);
    meet_all(address, 2);
}

#[test]
fn a_unix_socket_has_the_mode_it_is_given_is_removed_in_the_end_and_replaces_a_stale_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("app.sock");
    drop(
        std::os::unix::net::UnixListener::bind(&path)
            .expect("a socket that its server left behind"),
    );
    let supervisor = spawn(&mut command(
        &format!("-n 2 --bind unix:{} --socket-mode 660", path.display()),
        "",
    ));
    assert_eq!(
        supervisor.wait_for_line("listening on "),
        format!(
            "listening on unix:{} (workers-test-server, 2 workers)",
            path.display()
        )
    );
    let mode = path.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let mut connection = UnixStream::connect(&path).expect("somebody listens");
    connection
        .write_all(b"GET /env/WORKER_COUNT HTTP/1.1\r\n\r\n")
        .expect("the request is taken");
    assert_eq!(answer(connection).as_deref(), Ok("2"));
    supervisor.signal(Signal::SIGTERM);
    assert_eq!(supervisor.wait_for_end().code(), Some(0));
    assert!(!path.exists());
}

#[test]
fn a_socket_that_the_supervisor_inherited_is_passed_through() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let mut command = command("-n 2 --bind 127.0.0.1:0", "");
    command
        .env("LISTEN_FDS", "1")
        .fd_mappings(vec![FdMapping {
            parent_fd: OwnedFd::from(listener),
            child_fd: 3,
        }])
        .expect("one descriptor");
    let supervisor = spawn(&mut command);
    assert_eq!(supervisor.wait_for_address(), address);
    assert_eq!(
        get(address, "/env/LISTEN_FDS"),
        "unset",
        "the server has taken it"
    );
    meet_all(address, 2);
}
