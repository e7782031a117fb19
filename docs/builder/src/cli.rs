//! The command line: `build` checks and builds the book, `serve` shows it while it is written.

use std::{
    env,
    net::SocketAddr,
    path::{self, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Parser, Subcommand};
use xtask::browser;

use crate::{
    build::{self, Built, Mistakes},
    finding::Finding,
    repository::Repository,
    serve,
};

/// Check, build and serve the book.
#[derive(Debug, Parser)]
#[command(name = "builder", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// The folder for the book [default: target/book].
    #[arg(long, global = true, value_name = "DIR")]
    dest: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the chapters and everything they point to, and build the book.
    Build {
        /// Build it also with mistakes, for those who write it. The mistakes are shown all the same, and the exit code is 1.
        #[arg(long)]
        draft: bool,
    },
    /// Build the book, serve it, and build it again after each change; an open page then loads itself again.
    Serve {
        /// Where to listen; port 0 takes a free one.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
        bind: SocketAddr,

        /// Open the book in the browser.
        #[arg(long)]
        open: bool,
    },
}

/// Does what the command line asks for.
pub fn run() -> ExitCode {
    match execute(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(Mistakes(findings)) = error.downcast_ref() {
                show(findings);
            }
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<()> {
    let here = env::current_dir().context("the current folder is gone")?;
    let repository = Repository::around(&here)
        .context("there is no docs/book.toml in this folder or above it; go to the repository")?;
    let dest = cli.dest.unwrap_or_else(|| repository.path("target/book"));
    // What is told of it later holds in any current folder.
    let folder = path::absolute(dest)?;
    match cli.command {
        Command::Build { draft } => {
            let (built, findings) = build::build(&repository, &folder, draft)?;
            say(&built);
            if !findings.is_empty() {
                return Err(Mistakes(findings).into());
            }
        }
        Command::Serve { bind, open } => serve_book(repository, folder, bind, open)?,
    }
    Ok(())
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
        browser::open(&url);
    }
    let report = |result: &anyhow::Result<Built>| match result {
        Ok(built) => say(built),
        Err(error) => match error.downcast_ref() {
            Some(Mistakes(findings)) => {
                show(findings);
                eprintln!("The book stays as it was before.");
            }
            None => eprintln!("error: {error:#}"),
        },
    };
    serve::run(listener, repository, folder, report).await
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
