//! The workspace's own commands: `cargo xtask list`, `run`, `new`, `test`, `docs`, `check`, `call`, `compare` and `tidy`.
//!
//! One file or folder for each command. `workspace` and `registry` know what there is to list, run and test; the book's builder uses them
//! too.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

pub mod cargo;
mod docs;
pub mod files;
mod list;
mod new;
mod programs;
pub mod registry;
mod run;
mod table;
mod test;
mod tidy;
mod tools;
pub mod usage;
pub mod workspace;

pub use run::{ADDRESS, browser};

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::usage::UsageError;

/// List, run and test the tutorials of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the tutorials: what each shows, and whether it holds with eight workers.
    List,
    Run(run::Args),
    New(new::Args),
    Test(test::Args),
    Docs(docs::Args),
    /// Record what happens to a tutorial's data under people and faults, and judge it by what is promised.
    Check(programs::Args),
    /// Ask a running tutorial as its page does, and show each answer.
    Call(programs::Args),
    /// Run every option under 1 and 8 workers, and measure what becomes of the data.
    Compare(programs::Args),
    Tidy(tidy::Args),
}

impl Command {
    fn execute(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::List => list::execute(),
            Self::Run(args) => run::execute(&args),
            Self::New(args) => new::execute(&args),
            Self::Test(args) => test::execute(&args),
            Self::Docs(args) => docs::execute(&args),
            Self::Check(args) => programs::check(&args),
            Self::Call(args) => programs::call(&args),
            Self::Compare(args) => programs::compare(&args),
            Self::Tidy(args) => tidy::execute(&args),
        }
    }
}

/// The program: reads the command line and runs the command.
pub fn main() -> ExitCode {
    Cli::parse().command.execute().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        if error.is::<UsageError>() {
            ExitCode::from(2)
        } else {
            ExitCode::FAILURE
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_misspelt_command_is_a_usage_error_that_names_the_right_one() {
        let error = Cli::try_parse_from(["cargo xtask", "lsit"]).expect_err("no such command");
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("'list'"), "{error}");
    }
}
