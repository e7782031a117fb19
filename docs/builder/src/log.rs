//! What mdBook logs: it warns of mistakes and goes on, where the book should not be built.

use std::{
    io::{self, Read, Seek},
    sync::Arc,
};

use tracing_subscriber::filter::LevelFilter;

/// Runs `work`, and gives with its result the warnings and errors that it has logged in this thread.
pub(crate) fn captured<T>(work: impl FnOnce() -> T) -> io::Result<(T, Vec<String>)> {
    let log = Arc::new(tempfile::tempfile()?);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::WARN)
        .with_writer(Arc::clone(&log))
        .with_ansi(false)
        .without_time()
        .with_level(false)
        .with_target(false)
        .finish();
    let result = tracing::subscriber::with_default(subscriber, work);
    let mut text = String::new();
    (&*log).rewind()?;
    (&*log).read_to_string(&mut text)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok((result, lines.map(str::to_owned).collect()))
}
