//! The people of one test and their browsers, from the first to the last.

use std::{
    env, fs,
    panic::{AssertUnwindSafe, resume_unwind},
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use futures_util::FutureExt;
use tokio::{runtime, sync::Mutex, time::timeout};

use crate::{App, Page, Person, Pid, chromium::ChromeDriver, counts::Workers};

/// No test takes this long: one that does hangs in something that is not a wait of ours.
const LIMIT: Duration = Duration::from_secs(120);

/// Where people come from: each has a browser of their own.
pub struct Browser {
    driver: Arc<ChromeDriver>,
    people: Mutex<Vec<Person>>,
}

/// Runs `test` once for each number of workers for which it holds, with browsers at hand.
///
/// These are 1 and 8, or those in `E2E_WORKERS` (`1,4`). All else is as in [`in_browser`].
///
/// # Panics
///
/// When `test` does, when a page fails in silence, and when Chromium or ChromeDriver is not installed.
pub fn with_browser(claim: Workers, mut test: impl AsyncFnMut(&Browser, usize)) {
    for workers in claim.counts() {
        let setting = format!("with {workers} workers");
        run(&setting, async |browser| test(browser, workers).await);
    }
}

/// Runs `test` with browsers at hand. `E2E_HEADED=1` shows their windows.
///
/// Whatever happens, all browsers are closed at the end. A test that succeeds fails after all if a page wrote an
/// error to its console that the test did not take.
///
/// # Panics
///
/// When `test` does, when a page fails in silence, and when Chromium or ChromeDriver is not installed.
pub fn in_browser(test: impl AsyncFnOnce(&Browser)) {
    run("in a browser", test);
}

/// Runs `test`, closes what it opened, and only then says how it ended. `setting` tells one run from another.
fn run(setting: &str, test: impl AsyncFnOnce(&Browser)) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(async {
        let browser = Browser::start().await;
        let body = timeout(LIMIT, test(&browser));
        let outcome = AssertUnwindSafe(body).catch_unwind().await;
        let evidence = match &outcome {
            Ok(Ok(())) => browser.console_errors().await,
            Ok(Err(_)) | Err(_) => browser.screenshots().await,
        };
        browser.close().await;
        match outcome {
            Ok(Ok(())) => assert!(
                evidence.is_empty(),
                "{setting}, a page failed in silence:{evidence}"
            ),
            Ok(Err(_)) => panic!("{setting}, not over after {} s{evidence}", LIMIT.as_secs()),
            Err(panic) => {
                report(&format!("this was {setting}{evidence}"));
                resume_unwind(panic);
            }
        }
    });
}

impl Browser {
    /// The program without which there is no browser and that is not in `PATH`: Chromium or ChromeDriver.
    pub fn missing() -> Option<&'static str> {
        ChromeDriver::missing()
    }

    /// Starts ChromeDriver, for programs that are no test: a test has [`in_browser`], which closes all at its end.
    ///
    /// # Panics
    ///
    /// When Chromium or ChromeDriver is not installed.
    pub async fn start() -> Self {
        Self {
            driver: Arc::new(ChromeDriver::start().await),
            people: Mutex::default(),
        }
    }

    /// Someone new, with a browser and a profile of their own.
    pub async fn person(&self) -> Person {
        let person = Person::new(Arc::clone(&self.driver)).await;
        self.people.lock().await.push(person.clone());
        person
    }

    /// ChromeDriver's process, which has started all browsers of this test.
    pub fn driver(&self) -> Pid {
        self.driver.pid()
    }

    /// Someone new opens the app.
    pub async fn open(&self, app: &App) -> Page {
        self.person().await.open(app).await
    }

    /// What nobody expected on the consoles, as sentences, or nothing.
    async fn console_errors(&self) -> String {
        let mut sentences = String::new();
        for person in &*self.people.lock().await {
            match person.0.console_errors().await {
                Ok(errors) => {
                    for error in errors {
                        sentences += &format!(
                            "\n    an error on the console that the test did not take: {error}"
                        );
                    }
                }
                Err(error) => sentences += &format!("\n    a console cannot be read: {error}"),
            }
        }
        sentences
    }

    /// Takes a picture of what each person sees, and says where it is.
    async fn screenshots(&self) -> String {
        let mut sentences = String::new();
        for (index, person) in self.people.lock().await.iter().enumerate() {
            let Some(picture) = person.0.screenshot().await else {
                continue;
            };
            let file = picture_file(index + 1);
            let written = fs::create_dir_all(file.parent().unwrap_or(&file))
                .and_then(|()| fs::write(&file, picture));
            sentences += &match written {
                Ok(()) => format!("\n    what person {} saw: {}", index + 1, file.display()),
                Err(error) => format!("\n    cannot write {}: {error}", file.display()),
            };
        }
        sentences
    }

    /// Closes everybody's browser.
    pub async fn close(self) {
        let browsers = self.driver.browsers();
        for person in &*self.people.lock().await {
            person.0.close().await;
        }
        self.driver.stop(&browsers).await;
    }
}

/// `target/tests/<test>-<person>.png`: libtest gives each test's thread the test's name.
fn picture_file(person: usize) -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let target = program.ancestors().nth(3).unwrap_or(&program).to_owned();
    let test = thread::current()
        .name()
        .unwrap_or("test")
        .replace("::", "-");
    target.join("tests").join(format!("{test}-{person}.png"))
}

#[expect(
    clippy::print_stderr,
    reason = "it belongs to the panic's message, which is on standard error"
)]
fn report(text: &str) {
    eprintln!("{text}");
}
