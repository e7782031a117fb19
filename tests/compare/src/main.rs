//! Runs every option under one worker and under eight, and measures what becomes of the data: `cargo xtask compare`.
//!
//! Nothing in the result is written by hand. A question is a small function in `questions`, a number comes from `measure`, and the tables
//! are made of what they found.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod answer;
mod apps;
mod check;
mod deployment;
mod facts;
mod failure;
mod lesson;
mod markdown;
mod measure;
mod output;
mod questions;
mod report;
mod run;
mod tools;
mod units;
mod variant;

use std::process::ExitCode;

use clap::{
    Parser,
    builder::{PossibleValuesParser, TypedValueParser},
};

/// Run every option under 1 and 8 workers, and measure what becomes of the data.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask compare",
    bin_name = "cargo xtask compare",
    max_term_width = 100
)]
pub(crate) struct Arguments {
    /// Write the book's tables and comparison.json
    #[arg(long, conflicts_with_all = ["check", "facts", "options", "workers"])]
    bless: bool,

    /// Write the book's tables anew from its comparison.json, and measure nothing
    #[arg(long, exclusive = true)]
    render: bool,

    /// Ask the questions alone, and fail if an answer is not the one in the book's comparison.json
    #[arg(long)]
    check: bool,

    /// Ask the questions alone, no more often than an answer needs, of apps built without optimisations
    #[arg(long)]
    facts: bool,

    /// Compare these options alone
    #[arg(long, value_name = "ID,…", value_delimiter = ',', value_parser = variant::ids())]
    options: Vec<String>,

    /// Ask with these numbers of workers alone
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8", value_parser = counts())]
    workers: Vec<usize>,
}

/// The numbers of workers that are compared, as the command line checks them.
fn counts() -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(["1", "8"]).try_map(|count| count.parse())
}

impl Arguments {
    /// The option for which everything has to be there, if it is given.
    fn whole(&self) -> Option<&'static str> {
        match (self.check, self.bless) {
            (true, _) => Some("--check"),
            (_, true) => Some("--bless"),
            (false, false) => None,
        }
    }

    /// Whether more is measured than the answers to the questions.
    fn with_numbers(&self) -> bool {
        !(self.check || self.facts)
    }

    /// Whether this option is compared.
    fn compares(&self, option: &str) -> bool {
        self.options.is_empty() || self.options.iter().any(|id| id == option)
    }

    /// Whether what gave this answer is asked.
    fn asks(&self, fact: &report::Fact) -> bool {
        self.compares(&fact.option) && self.workers.contains(&fact.workers)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run::run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
