//! The people of one test and their browsers, from the first to the last.

use std::{
    fs, io, mem,
    panic::AssertUnwindSafe,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future};
use tokio::time::timeout;

use crate::{App, Page, Person, Pid, chromium::ChromeDriver, failure, pool::Pool};

/// No test takes this long: one that does hangs in something that is not a wait of ours.
const LIMIT: Duration = Duration::from_secs(120);

/// Where people come from: each has a browser of their own.
pub struct Browser {
    pool: Arc<Pool>,
    people: Mutex<Vec<Person>>,
}

/// Runs `test`, gives back or closes the browsers that it had, and only then says how it ended.
///
/// A test that succeeds fails after all if a page wrote an error to its console that the test did not take.
/// Of one that fails, `folder` keeps what its people saw, and all that was logged.
pub(crate) async fn run(
    pool: Arc<Pool>,
    folder: &Path,
    test: impl AsyncFnOnce(&Browser),
) -> Result<(), String> {
    // What is there is of another run, and would be taken for this one's.
    let _ = fs::remove_dir_all(folder);
    let browser = Browser::of(pool);
    let body = timeout(LIMIT, test(&browser));
    let failed = match AssertUnwindSafe(body).catch_unwind().await {
        Ok(Ok(())) => browser.console_errors().await,
        Ok(Err(_)) => Some(format!("not over after {} s", LIMIT.as_secs())),
        Err(panic) => Some(failure::message(&*panic)),
    };
    let Some(message) = failed else {
        browser.everybody_leaves().await;
        return Ok(());
    };
    let kept = match browser.write_evidence(folder).await {
        Ok(()) => format!("pictures, pages and logs: {}", folder.display()),
        Err(error) => format!("cannot write to {}: {error}", folder.display()),
    };
    browser.close_people().await;
    Err(format!("{message}\n  {kept}"))
}

/// Runs `test` with browsers that no other test has or gets, and waits until all of them are gone. An error is what a failing test says.
pub async fn alone(folder: &Path, test: impl AsyncFnOnce(&Browser)) -> Result<(), String> {
    let pool = Arc::new(Pool::new());
    let outcome = run(Arc::clone(&pool), folder, test).await;
    pool.close().await;
    outcome
}

impl Browser {
    /// The program without which there is no browser and that is not in `PATH`: Chromium or ChromeDriver.
    pub fn missing() -> Option<&'static str> {
        ChromeDriver::missing()
    }

    /// Starts ChromeDriver, for programs that are no test.
    pub async fn start() -> Self {
        let browser = Self::of(Arc::new(Pool::new()));
        browser.pool.driver().await;
        browser
    }

    fn of(pool: Arc<Pool>) -> Self {
        Self {
            pool,
            people: Mutex::default(),
        }
    }

    /// Someone new, with a browser and a profile of their own.
    pub async fn person(&self) -> Person {
        let person = Person(self.pool.take().await);
        self.lock().push(person.clone());
        person
    }

    /// ChromeDriver's process, which has started all browsers of this program, once somebody has one.
    pub fn driver(&self) -> Option<Pid> {
        self.pool.pid()
    }

    /// Someone new opens the app.
    pub async fn open(&self, app: &App) -> Page {
        self.person().await.open(app).await
    }

    /// Gives all browsers back, for people who come later.
    pub async fn everybody_leaves(&self) {
        let people = mem::take(&mut *self.lock());
        let given_back = people
            .into_iter()
            .map(|person| self.pool.give_back(person.0));
        future::join_all(given_back).await;
    }

    /// Closes everybody's browser, and ends ChromeDriver.
    pub async fn close(self) {
        self.close_people().await;
        self.pool.close().await;
    }

    /// What nobody expected on the consoles, as sentences.
    async fn console_errors(&self) -> Option<String> {
        let mut sentences = Vec::new();
        for person in self.people() {
            match person.0.console_errors().await {
                Ok(errors) => sentences.extend(errors.iter().map(|error| {
                    format!("an error on the console that the test did not take: {error}")
                })),
                Err(error) => sentences.push(format!("a console cannot be read: {error}")),
            }
        }
        let list = sentences.join("\n    ");
        (!list.is_empty()).then(|| format!("a page failed in silence:\n    {list}"))
    }

    /// Writes what each person saw, and the whole log of each app that was opened.
    async fn write_evidence(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut logs = Vec::new();
        for (person, number) in self.people().iter().zip(1..) {
            let session = &person.0;
            session
                .write_evidence(&folder.join(format!("person-{number}")))
                .await?;
            logs.extend(session.opened().await);
        }
        for (address, output) in logs {
            let file = folder.join(format!("app-{}.log", address.0.port()));
            fs::write(file, output.lines().join("\n") + "\n")?;
        }
        Ok(())
    }

    async fn close_people(&self) {
        let people = self.people();
        future::join_all(people.iter().map(|person| person.0.close())).await;
    }

    fn people(&self) -> Vec<Person> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
