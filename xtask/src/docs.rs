//! `cargo xtask docs`: checks, builds and serves the book, and records what it shows.

use std::{
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::Context;

use crate::{
    cargo,
    run::browser,
    test::{self, BUILDER},
    workspace::Workspace,
};

/// Check and build the book.
///
/// `cargo xtask test book` also runs its terminal sessions and takes its screenshots again, and compares them.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Serve the book, and build it again after each change.
    #[arg(long, conflicts_with = "bless")]
    serve: bool,

    /// Record the sessions and take the screenshots again before the book is built.
    #[arg(long)]
    bless: bool,

    /// Open the book in the browser.
    #[arg(long)]
    open: bool,
}

pub(crate) fn execute(args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    if args.bless {
        test::run_suite(&workspace, "book", &[("BLESS_BOOK", "1".to_owned())])?;
    } else {
        let selected = ["--package", BUILDER, "--bin", BUILDER].map(String::from);
        let mut builder = cargo::built_program(&workspace, BUILDER, &selected)?;
        builder.arg(if args.serve { "serve" } else { "build" });
        builder.args(destination(&workspace));
        if args.serve {
            // It replaces this process, so a signal ends it.
            let error = builder.args(args.open.then_some("--open")).exec();
            return Err(error).context("cannot start the program that serves the book");
        }
        if !run(builder)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    let first = folder(&workspace).join("index.html");
    println!(
        "The book begins at {}; `cargo xtask docs --open` opens it.",
        first.display()
    );
    if args.open {
        // Wait for the opener: it would end with this program.
        let _ = browser::open(&first.display().to_string()).join();
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the book is built: `cargo xtask run` shows it below each tutorial's page.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target_directory.join("book")
}

/// The option that gives the program `builder` this folder.
pub(crate) fn destination(workspace: &Workspace) -> [String; 2] {
    ["--dest".to_owned(), folder(workspace).display().to_string()]
}

fn run(mut builder: Command) -> anyhow::Result<bool> {
    let status = builder
        .status()
        .context("cannot start the program that builds the book")?;
    Ok(status.success())
}
