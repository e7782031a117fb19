//! The addresses and the folder that a transcript names, and those of one run that stand for them.

use std::{
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use regex::{Captures, Regex};
use tempfile::TempDir;

use crate::redis::loopback;

/// Where `cargo xtask run` listens unless told otherwise.
const APP: u16 = 8050;
/// Where `redis-server` listens unless told otherwise.
const REDIS: u16 = 6379;

/// An address that a reader types. Those of other ports are nobody's and stay.
const ADDRESS: &str = r"\b(?:127\.0\.0\.1|localhost):(3000|6379|80\d\d)\b";
/// An app that is run; its folder in `.data` has its id.
const RUN: &str = r"\bcargo xtask run ([a-z][\w-]*)";
/// The question to all supervisors whose folders are in `.data`.
const STATUS: &str = r"-p workers -- status\b";
/// The folder of all apps, as a word or at the beginning of a path.
const DATA: &str = r#"(^|[\s'"=])\.data\b"#;

/// A long-lived program of a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Server {
    /// It takes `--bind`, and says `listening on` when it is ready.
    Bound,
    /// It is ready when its port answers.
    Redis,
}

/// What stands for what in one run.
pub(super) struct Places {
    workspace: PathBuf,
    data: TempDir,
    /// What stands for 127.0.0.1, so that two runs do not meet.
    ip: Ipv4Addr,
    /// By how much each port is higher, so that a server of all addresses does not have it.
    higher: u16,
}

impl Places {
    /// New places, with an empty folder for `.data`.
    pub(super) fn new(workspace: &Path) -> Self {
        let chance = RandomState::new().hash_one(());
        let data = TempDir::with_prefix("transcript-");
        Self {
            workspace: workspace.to_owned(),
            data: data.expect("the temporary folder can be written to"),
            ip: loopback(),
            // With 8099 up to 32 098: below the ports that the system gives to whoever asks for any.
            higher: 4_000 + (chance % 20_000) as u16,
        }
    }

    /// The server that a command starts, if it starts one and does nothing else.
    pub(super) fn server(command: &str) -> Option<Server> {
        let words: Vec<&str> = command.split_whitespace().collect();
        let is = |word: &&str, of: &[&str]| of.contains(word);
        if words
            .iter()
            .any(|word| is(word, &["|", "&&", "||", ";", "&"]))
        {
            return None;
        }
        let is_app = words.starts_with(&["cargo", "xtask", "run"]);
        let is_program = words.starts_with(&["cargo", "run"])
            && words.iter().any(|word| is(word, &["balancer", "--bind"]));
        if is_app || is_program {
            Some(Server::Bound)
        } else {
            (words.first() == Some(&"redis-server")).then_some(Server::Redis)
        }
    }

    /// The command as it is run.
    pub(super) fn to_run(&self, command: &str) -> String {
        let command = self.given_data(command);
        let command = match Self::server(&command) {
            Some(Server::Bound) => bound(&command),
            Some(Server::Redis) => {
                let options = format!("--bind {} --port {}", self.ip, REDIS + self.higher);
                command.replacen("redis-server", &format!("redis-server {options}"), 1)
            }
            None => {
                let options = format!("-h {} -p {}", self.ip, REDIS + self.higher);
                command.replace("redis-cli ", &format!("redis-cli {options} "))
            }
        };
        let place = |found: &Captures<'_>| {
            let port: u16 = found[1].parse().expect("the pattern has only ports");
            format!("{}:{}", self.ip, port + self.higher)
        };
        pattern(ADDRESS).replace_all(&command, place).into_owned()
    }

    /// An output as the reader sees it.
    pub(super) fn to_show(&self, line: &str) -> String {
        let address = format!(r"\b{}:(\d+)\b", self.ip.to_string().replace('.', r"\."));
        let shown = |found: &Captures<'_>| match found[1].parse::<u16>() {
            Ok(port) if port > self.higher => format!("127.0.0.1:{}", port - self.higher),
            _ => found[0].to_owned(),
        };
        pattern(&address)
            .replace_all(line, shown)
            .replace(&self.ip.to_string(), "127.0.0.1")
            .replace(&self.data.path().display().to_string(), ".data")
            .replace(&format!("{}/", self.workspace.display()), "")
    }

    /// Where the Redis server listens.
    pub(super) fn redis(&self) -> SocketAddr {
        (self.ip, REDIS + self.higher).into()
    }

    /// The command with the folder of this run, also where a command uses `.data` without naming it.
    fn given_data(&self, command: &str) -> String {
        let folder = self.data.path().display();
        let place = |found: &Captures<'_>| format!("{}{folder}", &found[1]);
        let command = pattern(DATA).replace_all(command, place);
        if command.contains("--data ") || command.contains("--socket ") {
            return command.into_owned();
        }
        let own = |found: &Captures<'_>| format!("{} --data {folder}/{}", &found[0], &found[1]);
        let command = pattern(RUN).replace_all(&command, own);
        let all = |found: &Captures<'_>| format!("{} --data {folder}", &found[0]);
        pattern(STATUS).replace_all(&command, all).into_owned()
    }
}

/// The command with the address at which an app listens without being told.
fn bound(command: &str) -> String {
    if command.contains("--bind ") {
        return command.to_owned();
    }
    let place = |found: &Captures<'_>| format!("{} --bind 127.0.0.1:{APP}", &found[0]);
    pattern(RUN).replace(command, place).into_owned()
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are regular expressions")
}
