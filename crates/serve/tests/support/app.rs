//! An app for the tests: a heading that repeats what is typed, and ways to fail.

#![expect(
    clippy::print_stderr,
    reason = "what it writes is the log that the tests read"
)]

use std::{process::ExitCode, time::Duration};

use callbacks::{App, Input, Output, dcc, html};
use serve::Start;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};

/// How to fail
#[derive(Debug, clap::Args)]
struct Options {
    /// Fail before there is an app
    #[arg(long)]
    fail: bool,
    /// Let two callbacks have the same output
    #[arg(long)]
    contradict: bool,
}

fn main() -> ExitCode {
    serve::main_with(async |start: Start<Options>| {
        eprintln!("data in {}", start.data.display());
        eprintln!("started as {start:?}");
        if start.options.fail {
            return Err("the table is not there".into());
        }
        Ok(app(start.options.contradict))
    })
}

fn app(contradict: bool) -> App {
    let input = dcc::Input::new("input");
    let content = html::H1::new("content");
    let mut app = App::new("Echo").callback(Output(content.children()), Input(input.value()), echo);
    if contradict {
        app = app.callback(Output(content.children()), Input(input.value()), echo);
    }
    app.layout(html::div((input, content)))
}

async fn echo(value: Option<String>) -> Option<String> {
    match value.as_deref() {
        Some("stuck") => {
            eprintln!("stuck");
            std::future::pending().await
        }
        Some("block") => {
            eprintln!("blocks its thread");
            loop {
                std::thread::park();
            }
        }
        // Until the worker is asked to leave.
        Some("hold") => {
            let mut asked = signal(SignalKind::terminate()).ok()?;
            eprintln!("holding");
            asked.recv().await;
            Some("held".to_owned())
        }
        // Until a moment after that.
        Some("outlive") => {
            let mut asked = signal(SignalKind::terminate()).ok()?;
            eprintln!("outliving");
            asked.recv().await;
            let _ = timeout(Duration::from_millis(300), std::future::pending::<()>()).await;
            eprintln!("outlived");
            value
        }
        // As a callback that asks a database: long enough to be met by whatever happens to the worker.
        Some("slow") => {
            let _ = timeout(Duration::from_millis(20), std::future::pending::<()>()).await;
            value
        }
        _ => value,
    }
}
