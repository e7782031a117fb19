//! `cargo xtask check` and `cargo xtask call`: people call a lesson, here many under faults, whose history is judged; there the reader.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod call;
mod faults;
mod files;
mod people;
mod run;
mod verdicts;

use std::{
    panic,
    path::PathBuf,
    process::{self, ExitCode},
};

use clap::{
    Parser,
    builder::{PossibleValuesParser, TypedValueParser},
};
use histories::Fault;
use serde_json::Value;
use tokio::runtime::Runtime;
use xtask::usage::UsageError;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
enum Command {
    Check(Check),
    Call(Call),
}

/// Record what happens to a tutorial's data, and judge it by the guarantees that its manifest promises
#[derive(Debug, Parser)]
struct Check {
    /// The tutorial's id or slug; `cargo xtask list` shows them
    tutorial: String,

    /// How many workers run it
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=64))]
    workers: u16,

    /// How many people call at the same time
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=64))]
    people: u16,

    /// How many calls they make; up to 2,000 where something breaks only by chance
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    calls: u64,

    /// What is done meanwhile: a worker is killed, or stands still for two seconds; all are replaced; clients leave before their answers
    #[arg(long, value_name = "FAULT", value_parser = fault())]
    fault: Vec<Fault>,

    /// Let workers keep their connections
    #[arg(long)]
    keep_alive: bool,

    /// What decides which calls people make, and when faults come [default: chosen at random, and printed]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Judge this recorded history, and run nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workers", "people", "calls", "fault", "keep_alive", "seed", "options"])]
    replay: Option<PathBuf>,

    /// Where the picture is written, and the history beside it [default: in target/histories]
    #[arg(long, value_name = "FILE.svg")]
    picture: Option<PathBuf>,

    /// Options of the app; `redis` as a value stands for the address of a server that is started for it
    #[arg(last = true, value_name = "APP-OPTIONS")]
    options: Vec<String>,
}

/// Ask a running tutorial as its page does, once for each value, and show each answer
#[derive(Debug, Parser)]
struct Call {
    /// The tutorial's id or slug
    tutorial: String,

    /// What is stored, or computed from, in turn
    #[arg(required = true)]
    value: Vec<String>,

    /// Where the app listens
    #[arg(long, value_name = "ADDRESS", default_value = xtask::ADDRESS)]
    bind: std::net::SocketAddr,
}

fn fault() -> impl TypedValueParser<Value = Fault> {
    let names = PossibleValuesParser::new(["kill", "pause", "reload", "leave"]);
    names.try_map(|name| serde_json::from_value(Value::String(name)))
}

fn main() -> ExitCode {
    // What the harness has to say, such as that an app did not start, is for the reader; where in the harness is not.
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        eprintln!("error: {message}");
    }));
    let run = || match (Command::parse(), Runtime::new()?) {
        (Command::Check(arguments), runtime) => run::run(arguments, &runtime),
        (Command::Call(arguments), runtime) => runtime.block_on(call::call(&arguments)),
    };
    let ended = panic::catch_unwind(run).unwrap_or_else(|_| process::exit(1));
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        match error.is::<UsageError>() {
            true => ExitCode::from(2),
            false => ExitCode::FAILURE,
        }
    })
}
