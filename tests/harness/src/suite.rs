//! A program of browser tests: which there are, how they are run, and what is said of one that fails.
//!
//! A file of tests lists them, and the program lists its files:
//!
//! ```no_run
//! // tests/tests/browser/global_variable.rs
//! use harness::{App, Browser};
//!
//! harness::tests! {
//!     One: with_one_worker_two_people_read_each_others_text,
//! }
//!
//! async fn with_one_worker_two_people_read_each_others_text(browser: &Browser, workers: usize) {
//!     let app = App::start("global-variable").workers(workers).await;
//!     let ann = browser.open(&app).await;
//!     let bob = browser.open(&app).await;
//!     ann.type_text("#input", "a").await;
//!     ann.settled().await;
//!     bob.type_text("#input", "b").await;
//!     bob.wait_for_text("#content", "a").await;
//! }
//!
//! // tests/tests/browser/main.rs
//! fn main() -> std::process::ExitCode {
//!     harness::run_suite("browser", file!(), &[TESTS])
//! }
//! ```

use std::{fs, path::Path, process::ExitCode, sync::Arc};

use futures_util::future::LocalBoxFuture;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::{self, Runtime};

use crate::{Browser, browser, counts::Workers, failure, pool::Pool, xtask};

/// How many tests run at once: they wait most of the time, for browsers and processes.
const AT_ONCE: usize = 4;

/// Lists the tests of a file, each with the [`Workers`] under which it holds.
///
/// A function that is missing in the list is one that the compiler calls unused.
#[macro_export]
macro_rules! tests {
    (@call Once $name:ident $browser:ident $workers:ident) => { $name($browser) };
    (@call $claim:ident $name:ident $browser:ident $workers:ident) => { $name($browser, $workers) };
    ($($claim:ident: $name:ident),* $(,)?) => {
        /// The tests of this file.
        pub(crate) const TESTS: &[$crate::Test] = &[$($crate::Test {
            name: ::std::concat!(::std::module_path!(), "::", ::std::stringify!($name)),
            workers: $crate::Workers::$claim,
            #[allow(unused_variables, reason = "a test that is run once gives its apps what workers it wants")]
            body: |browser, workers| {
                ::std::boxed::Box::pin($crate::tests!(@call $claim $name browser workers))
            },
        }),*];
    };
}

/// A browser test, as [`tests!`](crate::tests) lists it.
#[derive(Clone, Copy)]
pub struct Test {
    /// Its path, which begins with the name of the program.
    pub name: &'static str,
    /// Under how many workers it holds.
    pub workers: Workers,
    /// What it does, with a browser at hand and so many workers.
    pub body: Body,
}

/// What a test does.
pub type Body = for<'a> fn(&'a Browser, usize) -> LocalBoxFuture<'a, ()>;

impl Test {
    /// A trial for each number of workers, such as `global_variable::eight_workers_disagree@8`. One that is not tried counts as ignored.
    fn trials(&self, suite: &Arc<Suite>) -> Vec<Trial> {
        let name = self.name.split_once("::").map_or("", |(_, name)| name);
        if self.workers == Workers::Once {
            return vec![suite.trial(name.to_owned(), self.body, 0)];
        }
        let trial = |(workers, tried): (usize, bool)| {
            let trial = suite.trial(format!("{name}@{workers}"), self.body, workers);
            trial.with_ignored_flag(!tried)
        };
        self.workers.counts().into_iter().map(trial).collect()
    }
}

/// What the tests of one program share.
struct Suite {
    name: &'static str,
    pool: Arc<Pool>,
    runtime: Runtime,
}

/// Runs the tests that the arguments choose, as `cargo test` expects it; `main` is the program's `file!()`.
///
/// `E2E_WORKERS` (`1,4`) chooses under how many workers, `E2E_HEADED=1` shows the browsers' windows.
pub fn run_suite(name: &'static str, main: &'static str, files: &[&[Test]]) -> ExitCode {
    let main = xtask::workspace().join(main);
    // Said before any test runs, whichever are chosen: what nobody runs nobody misses.
    if let Err(message) = check_files(&main) {
        #[expect(
            clippy::print_stderr,
            reason = "a program of tests has no other way to say it"
        )]
        {
            eprintln!("{message}");
        }
        return ExitCode::FAILURE;
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_ONCE);
    failure::keep_panics();
    // Threads of its own: a browser of the pool outlives the test that has started it.
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let suite = Arc::new(Suite {
        name,
        pool: Arc::new(Pool::new()),
        runtime: runtime.expect("a runtime starts"),
    });
    let tests = files.iter().copied().flatten();
    let trials = tests.flat_map(|test| test.trials(&suite)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    suite.runtime.block_on(suite.pool.close());
    conclusion.exit_code()
}

impl Suite {
    fn trial(self: &Arc<Self>, name: String, body: Body, workers: usize) -> Trial {
        let suite = Arc::clone(self);
        Trial::test(name.clone(), move || suite.run(&name, body, workers))
    }

    fn run(&self, trial: &str, body: Body, workers: usize) -> Result<(), Failed> {
        let folder = xtask::target()
            .join("failures")
            .join(trial.replace("::", "-"));
        let test = async |browser: &Browser| body(browser, workers).await;
        let run = browser::run(Arc::clone(&self.pool), &folder, test);
        let outcome = failure::keeping(|| self.runtime.block_on(run));
        outcome.map_err(|failure| {
            let again = format!("cargo xtask test {} -- {trial}", self.name);
            Failed::from(format!("{failure}\n  once more: {again}"))
        })
    }
}

/// Why a test of the files beside `main.rs` would never be run: no `mod` names its file, or it is none of the list.
fn check_files(main: &Path) -> Result<(), String> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let folder = main.parent().unwrap_or(main);
    let main = read(main)?;
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in files.flatten().map(|file| file.path()) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let Some(module) = name.strip_suffix(".rs") else {
            continue;
        };
        let (declaration, tests) = (format!("mod {module};"), format!("{module}::TESTS"));
        let text = read(&path)?;
        // A file without a list holds what the others share.
        let is_listed = main.contains(&tests) || !text.contains("tests! {");
        let is_named = main.lines().any(|line| line == declaration);
        if module != "main" && !(is_named && is_listed) {
            return Err(format!(
                "nobody runs the tests of {}: add `{declaration}` to main.rs, and `{tests}` to its list",
                path.display()
            ));
        }
        if text.lines().any(|line| line.trim() == "#[test]") {
            return Err(format!(
                "nobody runs a `#[test]` in {}: list its function in `harness::tests!` instead",
                path.display()
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_nobody_runs_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| fs::write(folder.path().join(file), text).unwrap();
        let main = folder.path().join("main.rs");
        write("main.rs", "//! mod lost;\nmod listed;\nlisted::TESTS\n");
        write("listed.rs", "");
        write("notes.txt", "");
        check_files(&main).unwrap();

        write("lost.rs", "");
        let message = check_files(&main).unwrap_err();
        assert!(message.contains("lost.rs: add `mod lost;`"), "{message}");

        write("main.rs", "mod listed;\nmod lost;\nlisted::TESTS\n");
        check_files(&main).unwrap();
        write("lost.rs", "harness::tests! { One: it_holds }\n");
        let message = check_files(&main).unwrap_err();
        assert!(message.contains("`lost::TESTS` to its list"), "{message}");

        write(
            "main.rs",
            "mod listed;\nmod lost;\n[listed::TESTS, lost::TESTS]\n",
        );
        write("lost.rs", "    #[test]\n    fn it_holds() {}\n");
        let message = check_files(&main).unwrap_err();
        assert!(message.contains("nobody runs a `#[test]`"), "{message}");
    }
}
