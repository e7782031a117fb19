//! Where a test has failed: the line of the test, not the line of the wait in the harness that has ended in vain.

use std::{
    any::Any,
    backtrace::Backtrace,
    cell::RefCell,
    env,
    panic::{self, PanicHookInfo},
    path::Path,
};

use crate::xtask;

/// Where the tests are whose lines a failure names, in the workspace.
const TESTS: &str = "tests/tests/";

thread_local! {
    /// On the thread of a test, where it has panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Lets a panic of a test be told when the test is over, and not in the middle of other tests' lines. All others are told at once.
pub(crate) fn keep_panics() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PLACE.with_borrow_mut(|place| match place {
            Some(place) => *place = place_of(panic, &Backtrace::force_capture().to_string()),
            None => tell(panic),
        });
    }));
}

/// Runs `test`, whose panics are kept.
pub(crate) fn keeping<T>(test: impl FnOnce() -> T) -> T {
    PLACE.set(Some(String::new()));
    let outcome = test();
    PLACE.set(None);
    outcome
}

/// What a panic of this thread says, and the lines of the test that have led to it, the innermost first.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    let place = PLACE.with_borrow(|place| place.clone().unwrap_or_default());
    format!("{message}\n  {place}")
}

/// An async function that waits is on the stack like any other: its line is that of its `await`.
fn place_of(panic: &PanicHookInfo<'_>, backtrace: &str) -> String {
    let folder = env::current_dir().unwrap_or_default();
    let lines = lines_of_tests(backtrace, &folder);
    if lines.is_empty() {
        let location = panic.location().map(ToString::to_string);
        return format!("at {}", location.unwrap_or_default());
    }
    format!("at {}", lines.join("\n  called at "))
}

/// The lines of tests in a backtrace as std writes it: `at ./tests/tests/browser/stage.rs:26:10`, below the name of a function.
fn lines_of_tests(backtrace: &str, folder: &Path) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Below this the program lists its tests.
    let of_test = |line: &&str| !line.contains("harness::suite::");
    for line in backtrace.lines().take_while(of_test) {
        let Some(path) = line.trim_start().strip_prefix("at ") else {
            continue;
        };
        // In a backtrace, what lies below the current folder has its name from there.
        let path = folder.join(path.trim_start_matches("./"));
        let Ok(path) = path.strip_prefix(xtask::workspace()) else {
            continue;
        };
        let path = path.to_string_lossy();
        let (place, _column) = path.rsplit_once(':').unwrap_or_default();
        if !place.starts_with(TESTS) {
            continue;
        }
        if lines.last().is_none_or(|last| last != place) {
            lines.push(place.to_owned());
        }
    }
    lines
}
