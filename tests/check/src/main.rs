//! `cargo xtask check`: runs a lesson under people and faults, records one history, and judges it by name.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod faults;
mod lesson;
mod people;
mod promise;
mod record;
mod run;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};
use histories::Fault;
use xtask::usage::UsageError;

/// Record what happens to a tutorial's data, and judge it by the guarantees that its manifest promises.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask check",
    bin_name = "cargo xtask check",
    max_term_width = 100
)]
pub(crate) struct Arguments {
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

    /// What is done to workers and clients meanwhile
    #[arg(long, value_name = "FAULT", value_enum)]
    fault: Vec<FaultName>,

    /// Let workers keep their connections
    #[arg(long)]
    keep_alive: bool,

    /// What decides which calls people make, and when faults come [default: chosen at random, and printed]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Judge this recorded history, and run nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workers", "people", "calls", "fault", "keep_alive", "seed"])]
    replay: Option<PathBuf>,

    /// Options of the app
    #[arg(last = true, value_name = "APP-OPTIONS")]
    options: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FaultName {
    /// A worker is killed
    Kill,
    /// A worker stands still for two seconds
    Pause,
    /// All workers are replaced, one after the other
    Reload,
    /// Some clients leave before their answers
    Leave,
}

impl From<FaultName> for Fault {
    fn from(name: FaultName) -> Self {
        match name {
            FaultName::Kill => Self::Kill,
            FaultName::Pause => Self::Pause,
            FaultName::Reload => Self::Reload,
            FaultName::Leave => Self::Leave,
        }
    }
}

fn main() -> ExitCode {
    match run::run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            match error.is::<UsageError>() {
                true => ExitCode::from(2),
                false => ExitCode::FAILURE,
            }
        }
    }
}
