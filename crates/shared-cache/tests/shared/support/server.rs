//! A Redis server of a test's own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// A `redis-server` on a socket in a folder of its own, which ends with this value. It writes nothing to the disk.
#[derive(Debug)]
pub(crate) struct RedisServer {
    folder: TempDir,
    process: Child,
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = run(&folder);
        Self { folder, process }
    }

    pub(crate) fn address(&self) -> String {
        format!("redis+unix://{}", socket(&self.folder).display())
    }

    /// Kills the server; its socket stays behind, and nobody listens.
    pub(crate) fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Starts it again at the same address, with nothing in it.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let _ = fs::remove_file(socket(&self.folder));
        self.process = run(&self.folder);
    }

    /// Sends a signal: a stopped server still accepts, and does not answer.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("redis.sock")
}

fn run(folder: &TempDir) -> Child {
    let mut process = Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no"])
        .arg("--unixsocket")
        .arg(socket(folder))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need `redis-server`: install the package of that name, `apt-get install redis-server`");
    let mut said = String::new();
    let mut lines = BufReader::new(process.stdout.take().unwrap());
    while !said.contains("Ready to accept connections")
        && !said.contains("ready to accept connections")
    {
        let length = lines.read_line(&mut said).unwrap();
        assert!(
            length > 0,
            "redis-server ended before it was ready:\n{said}"
        );
    }
    // It has nothing more to say that fills a pipe, and ends with the test.
    process.stdout = Some(lines.into_inner());
    process
}
