//! A Redis server of the test's own.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A server that listens on a socket in a folder of its own, so that it needs no port, and ends with the test.
pub(crate) struct RedisServer {
    folder: TempDir,
    password: Option<&'static str>,
    process: Option<Child>,
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        Self::start_with(None)
    }

    pub(crate) fn start_with(password: Option<&'static str>) -> Self {
        let mut server = Self {
            folder: tempfile::tempdir().unwrap(),
            password,
            process: None,
        };
        server.restart();
        server
    }

    /// Starts the server again, with nothing in it. It answers when this returns.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let mut command = Command::new("redis-server");
        command
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--unixsocket",
            ])
            .arg(self.folder.path().join("redis.sock"))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped());
        if let Some(password) = self.password {
            command.args(["--requirepass", password]);
        }
        let mut process = command.spawn().unwrap_or_else(|error| {
            panic!("cannot run redis-server ({error}): install it, on Debian and Ubuntu with `apt-get install redis-server`")
        });
        let mut log = BufReader::new(process.stdout.take().unwrap());
        self.process = Some(process);
        let mut seen = String::new();
        while !seen.contains("ready to accept connections") {
            let length = log.read_line(&mut seen).unwrap();
            assert_ne!(length, 0, "redis-server ended with:\n{seen}");
        }
        // The server writes little more, but it must not find its log closed.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// The id of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.as_ref().unwrap().id()
    }

    /// As the option `--store` takes it.
    pub(crate) fn address(&self) -> String {
        let socket = self.folder.path().join("redis.sock");
        let password = self.password.map(|password| format!("?pass={password}"));
        format!(
            "redis+unix://{}{}",
            socket.display(),
            password.unwrap_or_default()
        )
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}
