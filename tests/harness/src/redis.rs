//! A Redis server of a test's own.

use std::{
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::Command,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    process::{Process, Signal},
    program,
};

/// It is ready within milliseconds, on a machine that has nothing else to do.
const START: Duration = Duration::from_secs(30);

/// It has nothing to save, and need not be asked.
const GRACE: Duration = Duration::ZERO;

/// A `redis-server`. Dropping it ends it.
///
/// What it holds is nowhere else: when it stops, it is gone.
pub struct RedisServer {
    address: SocketAddr,
    process: Option<Process>,
    // Declared last: the server's folder goes after the server.
    folder: TempDir,
}

impl RedisServer {
    /// Starts a server on a free port, and waits until it answers.
    pub async fn start() -> Self {
        let mut server = Self {
            address: free_address(),
            process: None,
            folder: TempDir::with_prefix("redis-under-test-")
                .expect("the temporary folder can be written to"),
        };
        server.start_again().await;
        server
    }

    /// Whether `redis-server` is not in `PATH`.
    pub fn is_missing() -> bool {
        program::look(&["redis-server"]).is_none()
    }

    /// The address as `--store` and `--cache` take it.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// The host and the port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same server's address for clients on this machine: a socket in a folder.
    pub fn socket_url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// Sends the server a signal: one that is stopped still accepts, and does not answer.
    pub fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            process.signal(signal);
        }
    }

    /// Ends the server. Nobody else can then be reached at its address.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts the server at the same address, with nothing in it.
    pub async fn start_again(&mut self) {
        self.stop();
        let name = "redis-server";
        let program = program::find(name, &[name], "the package redis-server");
        let mut command = Command::new(program);
        command
            .args(["--bind", &self.address.ip().to_string()])
            .args(["--port", &self.address.port().to_string()])
            .arg("--unixsocket")
            .arg(self.socket())
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(self.folder.path());
        let process = Process::spawn(name, &mut command, GRACE);
        let is_ready = |line: &str| line.contains("Ready to accept connections").then_some(());
        if let Err(unready) = process.ready(START, is_ready).await {
            panic!("redis-server did not start{unready}\n{}", process.output());
        }
        self.process = Some(process);
    }
}

/// A free port of a loopback address that nobody else uses.
///
/// Of 127.0.0.1 another test may get the port while the server is stopped, and the app would talk to that.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((loopback(), 0));
    let listener = listener.expect("every loopback address has a free port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
}

/// Any of the 16 million loopback addresses.
pub(crate) fn loopback() -> Ipv4Addr {
    let [.., a, b, c] = RandomState::new().hash_one(()).to_be_bytes();
    Ipv4Addr::new(127, a, b, c.clamp(2, 254))
}
