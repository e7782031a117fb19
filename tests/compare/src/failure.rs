//! Measurements that go wrong: the harness panics, and here that becomes a sentence.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, set_hook, take_hook},
};

use futures_util::FutureExt;

/// Why a measurement gave nothing, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(pub(crate) String);

/// Runs `program` without a word about panics: all of them are to be within [`catch`], whose failure is reported.
pub(crate) fn silently<T>(program: impl FnOnce() -> T) -> T {
    set_hook(Box::new(|_| ()));
    let outcome = program();
    drop(take_hook());
    outcome
}

/// Runs a measurement to its end, or to its panic.
pub(crate) async fn catch<T>(measurement: impl Future<Output = T>) -> Result<T, Failure> {
    let outcome = AssertUnwindSafe(measurement).catch_unwind().await;
    outcome.map_err(|panic| Failure::of(panic.as_ref()))
}

impl Failure {
    /// The first line of the panic's message, and the first error in the log that follows it.
    fn of(panic: &(dyn Any + Send)) -> Self {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        let mut lines = message.unwrap_or("it ended without a message").lines();
        let first = lines.next().unwrap_or_default();
        let error = lines.map(str::trim).find(|line| line.starts_with("error"));
        Self(error.map_or_else(|| first.to_owned(), |error| format!("{first}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_its_first_line_and_the_error_in_its_log() {
        let failed = catch(async { panic!("wanted {}; saw none\n  the page: {{}}", "a page") });
        assert_eq!(
            failed.await,
            Err::<(), _>(Failure("wanted a page; saw none".to_owned()))
        );
        let failed =
            catch(async { panic!("did not start\n  Compiling a\n    error: no such file\n") });
        assert_eq!(
            failed.await,
            Err::<(), _>(Failure("did not start: error: no such file".to_owned()))
        );
        assert_eq!(catch(async { 1 }).await, Ok(1));
    }
}
