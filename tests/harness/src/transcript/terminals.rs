//! The terminals of a transcript: one shell for all ordinary commands, and one for each server.

use std::{
    env,
    io::Write,
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    process::{ChildStdin, Command, ExitStatus},
    time::Duration,
};

use nix::sys::signal::Signal;
use tokio::net::TcpStream;

use super::{
    places::{Places, Server},
    script::Kind,
};
use crate::{
    process::{Process, Unready},
    wait, xtask,
};

/// How long one command may take: it may be a build from nothing.
const LIMIT: Duration = Duration::from_secs(300);

/// How long a server may take to leave. A supervisor gives its workers 5 s.
const GRACE: Duration = Duration::from_secs(10);

/// What the shell does: it runs each command that it is sent, all in one process, so that variables and functions stay.
///
/// Before each it sets `$?` to the status of the one before, and after each it prints a line that no command prints.
const SHELL: &str = r#"
exec 2>&1
__status=0
while IFS= read -r -d '' __command; do
    (exit "$__status")
    eval "$__command" < /dev/null
    __status=$?
    printf '\n%s\n' "$0"
done
"#;

/// The line that the shell prints after each command.
const DONE: &str = "\u{1e}done\u{1e}";

/// Variables of this process that a reader's terminal has too: where programs, homes, and cargo's and rustup's folders are. Any other may
/// change what programs say or do.
const KEPT: [&str; 10] = [
    "CARGO_HOME",
    "CARGO_INCREMENTAL",
    "CARGO_NET_OFFLINE",
    "CARGO_TARGET_DIR",
    "HOME",
    "PATH",
    "RUSTFLAGS",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "TMPDIR",
];

/// The terminals, and what stands for the addresses and folders that are typed into them.
pub(super) struct Terminals {
    builds: bool,
    places: Places,
    // Before the shell, so that what it may have started in them is still there to be ended.
    servers: Vec<Running>,
    /// Which server is in question.
    current: usize,
    shell: Shell,
}

/// A server in its terminal.
struct Running {
    process: Process,
    /// How many of its lines have been shown.
    shown: usize,
}

struct Shell {
    process: Process,
    input: ChildStdin,
    /// How many of its lines have been read.
    read: usize,
}

impl Terminals {
    /// Opens the shell. If it `builds`, `cargo xtask run` does what it does for a reader; otherwise it takes the apps that were built with the tests.
    pub(super) fn open(builds: bool) -> Self {
        let mut command = bash(SHELL, builds);
        let (process, input) = Process::spawn_fed("the shell", command.arg(DONE), GRACE);
        Self {
            builds,
            places: Places::new(xtask::workspace()),
            servers: Vec::new(),
            current: 0,
            shell: Shell {
                process,
                input,
                read: 0,
            },
        }
    }

    /// Does what an entry says. Returns the lines that appear, as the reader sees them.
    pub(super) async fn perform(&mut self, entry: &Kind) -> Result<Vec<String>, String> {
        let lines = match entry {
            Kind::Comment => Vec::new(),
            Kind::Command(command) => match Places::server(command) {
                Some(server) => self.serve(server, command).await?,
                None => {
                    let command = self.places.to_run(command);
                    self.shell.run(&command).await?
                }
            },
            Kind::Terminal { number, up_to } => self.turn_to(*number, up_to.as_deref()).await?,
            Kind::Interrupt => self.interrupt().await?,
        };
        let mut lines: Vec<String> = lines.iter().map(|line| self.show(line)).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        Ok(lines)
    }

    /// Starts a server, and waits until it is ready or has ended.
    async fn serve(&mut self, kind: Server, command: &str) -> Result<Vec<String>, String> {
        let command = self.places.to_run(command);
        let process = Process::spawn(
            &command,
            &mut bash(&format!("exec 2>&1\nexec env {command}"), self.builds),
            GRACE,
        );
        let ready = match kind {
            Server::Bound => process.ready(LIMIT, is_listening).await,
            Server::Redis => answers(&process, self.places.redis()).await,
        };
        match ready {
            Ok(()) => {
                let lines = process.output().lines();
                let end = lines.iter().position(|line| is_listening(line).is_some());
                let shown = end.map_or(lines.len(), |end| end + 1);
                self.current = self.servers.len();
                self.servers.push(Running { process, shown });
                Ok(lines[..shown].to_vec())
            }
            Err(Unready::Ended(status)) => {
                self.shell.set_status(status).await?;
                Ok(process.output().lines())
            }
            Err(Unready::Missed(missed)) => {
                Err(format!("{command}: {missed}\n{}", process.output()))
            }
        }
    }

    /// Turns to a server, and waits for a line of its output if one is wanted.
    async fn turn_to(&mut self, number: usize, up_to: Option<&str>) -> Result<Vec<String>, String> {
        let count = self.servers.len();
        let Some(server) = self.servers.get_mut(number) else {
            return Err(format!(
                "there is no such terminal: {count} servers were started"
            ));
        };
        self.current = number;
        let Some(text) = up_to else {
            return Ok(Vec::new());
        };
        let found = wait::poll(wait::DEADLINE, async || {
            let mut lines = server.process.output().lines_from(server.shown);
            match lines.iter().position(|line| line.contains(text)) {
                Some(end) => {
                    lines.truncate(end + 1);
                    Ok(lines)
                }
                None => Err(format!("{lines:?}")),
            }
        });
        let lines = found
            .await
            .map_err(|missed| format!("wanted a line with {text:?}; {missed}"))?;
        server.shown += lines.len();
        Ok(lines)
    }

    /// Ends the server in question with the key for it, and returns what it still writes.
    async fn interrupt(&mut self) -> Result<Vec<String>, String> {
        let Some(server) = self.servers.get(self.current) else {
            return Err("there is no server to interrupt".to_owned());
        };
        server.process.signal(Signal::SIGINT);
        let ended = server.process.ended(GRACE).await;
        ended.map_err(|missed| format!("the server does not end; {missed}"))?;
        Ok(server.process.output().lines_from(server.shown))
    }

    fn show(&self, line: &str) -> String {
        self.places.to_show(line.trim_end())
    }
}

impl Shell {
    /// Runs one command and returns what it writes.
    async fn run(&mut self, command: &str) -> Result<Vec<String>, String> {
        let sent = self.input.write_all(format!("{command}\0").as_bytes());
        sent.and_then(|()| self.input.flush())
            .map_err(|error| format!("the shell has ended before `{command}`: {error}"))?;
        let done = wait::poll(LIMIT, async || {
            let lines = self.process.output().lines_from(self.read);
            if let Some(end) = lines.iter().position(|line| line == DONE) {
                return Ok(Ok(lines[..end].to_vec()));
            }
            match self.process.status() {
                Some(status) => Ok(Err(format!("`{command}` has ended the shell ({status})"))),
                None => Err(format!("{lines:?}")),
            }
        });
        let lines = done
            .await
            .map_err(|missed| format!("`{command}` does not end; {missed}"))??;
        self.read += lines.len() + 1;
        Ok(lines)
    }

    /// Makes `$?` what a command in another terminal has left.
    async fn set_status(&mut self, status: ExitStatus) -> Result<(), String> {
        let signal = || status.signal().map_or(1, |signal| 128 + signal);
        let code = status.code().unwrap_or_else(signal);
        self.run(&format!("(exit {code})")).await.map(drop)
    }
}

/// A shell with a reader's environment, in the folder of the workspace.
fn bash(script: &str, builds: bool) -> Command {
    // Whoever started the tests may ignore the keys that interrupt, as `nohup` and a shell's background jobs do, and a program that is
    // started inherits this. A reader's terminal does not ignore them.
    let mut command = Command::new("env");
    command
        .args(["--default-signal=INT,QUIT", "bash"])
        .args(["--noprofile", "--norc", "-c", script])
        .current_dir(xtask::workspace())
        .env_clear()
        .envs(
            KEPT.iter()
                .filter_map(|name| Some((name, env::var_os(name)?))),
        )
        .env("CARGO_TERM_QUIET", "true")
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .env("TZ", "UTC");
    if !builds {
        command.env(xtask::BUILT.0, xtask::BUILT.1);
    }
    command
}

/// `listening on http://127.0.0.1:49152 (option2, 8 workers)`: with this line a server says that it is ready.
fn is_listening(line: &str) -> Option<()> {
    line.starts_with("listening on ").then_some(())
}

/// Waits until somebody answers at `address`, or `process` has ended.
async fn answers(process: &Process, address: SocketAddr) -> Result<(), Unready> {
    let answer = wait::poll(LIMIT, async || match TcpStream::connect(address).await {
        Ok(_) => Ok(Ok(())),
        Err(error) => match process.status() {
            Some(status) => Ok(Err(Unready::Ended(status))),
            None => Err(error.to_string()),
        },
    });
    answer.await.map_err(Unready::Missed)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_next_command_runs_after_one_that_reads_its_input_or_ends_no_line() {
        let mut terminals = Terminals::open(false);
        for (command, expected) in [
            ("printf 'no end of line'", "no end of line"),
            ("cat", ""),
            ("echo next", "next"),
        ] {
            let lines = terminals.perform(&Kind::Command(command.to_owned())).await;
            assert_eq!(lines.unwrap().join("\n"), expected, "{command}");
        }
    }

    #[tokio::test]
    async fn the_shell_has_no_variable_that_a_readers_terminal_has_not() {
        let mut terminals = Terminals::open(false);
        let command = Kind::Command("compgen -e".to_owned());
        let mut names = terminals.perform(&command).await.unwrap();
        names.retain(|name| !KEPT.contains(&name.as_str()));
        let set = "CARGO_TERM_QUIET LC_ALL NO_COLOR OLDPWD PWD SHLVL TERM TUTORIALS_BUILT TZ _";
        let set: Vec<&str> = set.split(' ').collect();
        names.retain(|name| !set.contains(&name.as_str()));
        assert_eq!(names, [""; 0]);
    }

    #[tokio::test]
    async fn a_terminal_is_interrupted_although_whoever_started_it_ignores_that() {
        const NAME: &str = "transcript::terminals::tests::a_terminal_is_interrupted_although_whoever_started_it_ignores_that";
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let ignored = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))
            .unwrap();
        let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
        let interrupt = 1 << (Signal::SIGINT as i32 - 1);
        if ignored & interrupt == 0 {
            // Once more, started by somebody who does.
            let command = format!("trap '' INT; exec \"$0\" --exact {NAME}");
            let program = env::current_exe().unwrap();
            let again = Command::new("sh")
                .args(["-c", &command])
                .arg(program)
                .output();
            let again = again.unwrap();
            let said = String::from_utf8_lossy(&again.stdout);
            assert!(
                again.status.success() && said.contains("1 passed"),
                "{said}"
            );
            return;
        }
        let mut terminals = Terminals::open(false);
        let command = Kind::Command("bash -c 'kill -INT $$; echo goes on'; echo $?".to_owned());
        let lines = terminals.perform(&command).await.unwrap();
        assert_eq!(lines, ["130"]);
    }

    #[tokio::test]
    async fn a_command_that_ends_the_shell_is_a_failure() {
        let mut terminals = Terminals::open(false);
        let error = terminals
            .perform(&Kind::Command("exit 3".to_owned()))
            .await
            .unwrap_err();
        assert!(error.contains("has ended the shell"), "{error}");
    }
}
