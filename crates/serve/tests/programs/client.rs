//! The app of these tests as a process, and what clients send to it.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    time::Duration,
};

use harness::{DEADLINE, process::Process};

/// The test's app.
pub(crate) fn app(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serve-test-app"));
    command.args(arguments.split_whitespace());
    command
}

/// Starts a program. It keeps nothing, and so it is killed when the test is over.
pub(crate) fn start(command: &mut Command) -> Process {
    Process::spawn("the app", command, Duration::ZERO)
}

/// Calls the app's callback with this value, and leaves the answer to be read.
pub(crate) fn call(address: SocketAddr, value: &str) -> TcpStream {
    let body = body(value);
    send(
        address,
        &format!(
            "POST /_dash-update-component?from=test HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
}

/// The body of such a call.
pub(crate) fn body(value: &str) -> String {
    format!(
        r#"{{"output":"content.children","outputs":{{"id":"content","property":"children"}},"inputs":[{{"id":"input","property":"value","value":"{value}"}}],"changedPropIds":["input.value"]}}"#
    )
}

/// Sends `text` over a new connection.
pub(crate) fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(DEADLINE)).unwrap();
    connection.write_all(text.as_bytes()).unwrap();
    connection
}

/// What comes until the server closes.
pub(crate) fn rest(mut connection: TcpStream) -> String {
    let mut text = String::new();
    connection.read_to_string(&mut text).unwrap();
    text
}
