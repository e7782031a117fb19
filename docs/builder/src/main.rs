//! The program `builder`: `build` checks and builds the book, `serve` shows it while it is written.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use std::{
    env,
    net::SocketAddr,
    path::{self, PathBuf},
    process::{self, ExitCode, Stdio},
};

use anyhow::Context;
use builder::{
    build::{self, Built, Error},
    finding::Finding,
    repository::Repository,
    serve,
};
use clap::{Parser, Subcommand};

/// Check, build and serve the book.
#[derive(Debug, Parser)]
#[command(name = "builder", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the chapters and everything they point to, and build the book.
    Build {
        /// The folder for the book [default: target/book].
        #[arg(long, value_name = "DIR")]
        dest: Option<PathBuf>,

        /// Build it also with mistakes, for those who write it. The mistakes are shown all the same, and the exit code is 1.
        #[arg(long)]
        draft: bool,
    },
    /// Build the book, serve it, and build it again after each change; an open page then loads itself again.
    Serve {
        /// The folder for the book [default: target/book].
        #[arg(long, value_name = "DIR")]
        dest: Option<PathBuf>,

        /// Where to listen; port 0 takes a free one.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
        bind: SocketAddr,

        /// Open the book in the browser.
        #[arg(long)]
        open: bool,
    },
}

fn main() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(Error::Findings(findings)) = error.downcast_ref() {
                show(findings);
            }
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> anyhow::Result<()> {
    let here = env::current_dir().context("the current folder is gone")?;
    let repository = Repository::around(&here)
        .context("there is no docs/book.toml in this folder or above it; go to the repository")?;
    match command {
        Command::Build { dest, draft: false } => {
            let built = build::build(&repository, &folder(dest, &repository)?)?;
            say(&built);
            Ok(())
        }
        Command::Build { dest, draft: true } => {
            let (built, findings) = build::draft(&repository, &folder(dest, &repository)?)?;
            say(&built);
            if findings.is_empty() {
                Ok(())
            } else {
                Err(Error::Findings(findings).into())
            }
        }
        Command::Serve { dest, bind, open } => {
            let folder = folder(dest, &repository)?;
            serve_book(repository, folder, bind, open)
        }
    }
}

#[tokio::main]
async fn serve_book(
    repository: Repository,
    folder: PathBuf,
    bind: SocketAddr,
    open: bool,
) -> anyhow::Result<()> {
    let listener = serve::bind(bind).await?;
    let url = format!("http://{}", listener.local_addr()?);
    println!("listening on {url} (the book)");
    if open {
        open_in_browser(&url);
    }
    let report = |result: &Result<Built, Error>| match result {
        Ok(built) => say(built),
        Err(Error::Findings(findings)) => {
            show(findings);
            eprintln!("The book stays as it was before.");
        }
        Err(error) => eprintln!("error: {error}"),
    };
    serve::run(listener, repository, folder, report).await?;
    Ok(())
}

fn show(findings: &[Finding]) {
    for finding in findings {
        println!("{finding}");
    }
}

fn say(built: &Built) {
    println!(
        "The book is in {}: {} chapters, and {} files of the repository.",
        built.folder.display(),
        built.chapters,
        built.sources
    );
}

/// Opens an address as a click on a link would, without waiting for it.
fn open_in_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = process::Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        eprintln!("cannot open a browser with {opener}: {error}; the book is at {url}");
    }
}

/// The folder for the book, where the current folder does not matter any more.
fn folder(dest: Option<PathBuf>, repository: &Repository) -> anyhow::Result<PathBuf> {
    match dest {
        Some(folder) => Ok(path::absolute(folder)?),
        None => Ok(repository.root().join("target/book")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
