//! The transcripts of the book: each command is run, and what comes back is compared with what the book says.
//!
//! There is a test for each file of `docs/transcripts`, with the file's name. `BLESS_BOOK=1` writes down what comes back.

use std::{env, process::ExitCode};

use harness::{Transcript, TranscriptError};
use libtest_mimic::{Arguments, Failed, Trial};

/// How many run at once: they wait most of the time.
const AT_ONCE: usize = 4;

fn main() -> Result<ExitCode, TranscriptError> {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    let bless = env::var_os("BLESS_BOOK").is_some_and(|value| value == "1");
    let trials = Transcript::all()?
        .into_iter()
        .map(|transcript| {
            let name = transcript.name().to_owned();
            Trial::test(name, move || run(&transcript, bless).map_err(Failed::from))
        })
        .collect();
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn run(transcript: &Transcript, bless: bool) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let result = runtime.block_on(async {
        if bless {
            transcript.bless().await
        } else {
            transcript.check().await
        }
    });
    result.map_err(|error| error.to_string())
}
