//! One option under some number of workers, with two people in front of it.

use harness::{App, Page, Pid, RedisServer, Start};
use tempfile::TempDir;
use xtask::registry::Claim;

use crate::{
    answer::{Answer, Trial},
    lesson::Lesson,
    tools::People,
    variant::Variant,
};

/// After how many trials that agree chance has no part after all.
const MOST: usize = 100;

/// How many trials are made of several workers that share the data.
const AGREEING: usize = 2;

/// A running app, and who uses it.
pub(crate) struct Deployment<'a> {
    pub(crate) variant: Variant,
    pub(crate) workers: usize,
    pub(crate) app: App,
    lesson: Lesson,
    conditions: Conditions<'a>,
    values: u32,
    // Declared last: the folder goes after the app.
    data: TempDir,
}

/// Under which conditions it is used.
#[derive(Clone, Copy)]
pub(crate) struct Conditions<'a> {
    /// If there are browsers.
    pub(crate) people: Option<&'a People>,
    pub(crate) redis: Option<&'a RedisServer>,
    /// Whether the app is built with optimisations.
    pub(crate) release: bool,
    /// How many trials are made at least where chance has a part, if it is asked in how many of them the value was there.
    pub(crate) fraction_of: Option<usize>,
}

impl Conditions<'_> {
    /// The app, built as it is to be.
    fn build(&self, start: Start) -> Start {
        if self.release {
            start.flag("--release")
        } else {
            start
        }
    }
}

impl<'a> Deployment<'a> {
    pub(crate) async fn start(
        variant: Variant,
        workers: usize,
        conditions: Conditions<'a>,
    ) -> Self {
        let data =
            TempDir::with_prefix("compare-").expect("the temporary folder can be written to");
        let start = variant.start(workers, conditions.redis, true);
        let app = conditions.build(start.data(data.path())).await;
        let lesson = check::Lesson::of(variant.app, app.address()).await;
        Self {
            variant,
            workers,
            app,
            lesson: Lesson(lesson.unwrap_or_else(|error| panic!("wanted the lesson; {error:#}"))),
            conditions,
            values: 0,
            data,
        }
    }

    /// The same app with one worker and another Redis server, in which nothing takes time to compute.
    pub(crate) async fn quick(&self, redis: Option<&RedisServer>) -> App {
        let start = self.variant.start(1, redis, false);
        self.conditions.build(start).await
    }

    pub(crate) fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// Ann's window, in which she has opened the app.
    pub(crate) async fn anns_page(&self) -> &'a Page {
        self.opened(&self.people().anns[0]).await
    }

    /// Another window of Ann's, with the app too.
    pub(crate) async fn anns_other_page(&self) -> &'a Page {
        self.opened(&self.people().anns[1]).await
    }

    /// Bob's window with the app.
    pub(crate) async fn bobs_page(&self) -> &'a Page {
        self.opened(&self.people().bobs).await
    }

    /// A window more of Ann's, to be closed again.
    pub(crate) async fn anns_new_page(&self) -> Page {
        self.people().ann.open(&self.app).await
    }

    async fn opened(&self, page: &'a Page) -> &'a Page {
        page.open(&self.app, "/").await;
        page.settled().await;
        page
    }

    fn people(&self) -> &'a People {
        self.conditions
            .people
            .expect("a question about people is asked where there are browsers")
    }

    /// A value that nobody has stored here.
    pub(crate) fn new_value(&mut self) -> String {
        self.values += 1;
        format!("stored-{:03}", self.values)
    }

    /// Ends the app and starts it again, in the same place and with the same folder.
    pub(crate) async fn restart(self) -> Self {
        let (address, redis) = (self.app.address(), self.conditions.redis);
        self.app.stop();
        let start = self.variant.start(self.workers, redis, true);
        let start = start.data(self.data.path()).at(address);
        Self {
            app: self.conditions.build(start).await,
            ..self
        }
    }

    /// Kills all of these workers with `kill -9`, and waits until others have their numbers.
    pub(crate) async fn kill(&self, numbers: impl IntoIterator<Item = usize>) {
        let mut killed: Vec<(usize, Pid)> = Vec::new();
        for number in numbers {
            killed.push((number, self.app.kill_worker(number).await));
        }
        for (number, old) in killed {
            self.app.replaced(number, old).await;
        }
    }

    /// Repeats a trial: once with one worker, and twice where the workers share the data, of which `cargo xtask check` is the proof. Where
    /// each has a copy, chance decides: trials go on until the value was there and was not, and until there are enough for a fraction, if
    /// one is wanted.
    pub(crate) async fn trials(
        &mut self,
        mut trial: impl AsyncFnMut(&Self, &str) -> Trial,
    ) -> Answer {
        let by_chance = self.workers > 1 && self.variant.app.claim(8) == Claim::Breaks;
        let least = match (self.workers, by_chance) {
            (1, _) => 1,
            (_, true) => self.conditions.fraction_of.unwrap_or(AGREEING),
            (_, false) => AGREEING,
        };
        let mut made: Vec<Trial> = Vec::new();
        while made.len() < MOST {
            let value = self.new_value();
            made.push(trial(self, &value).await);
            let seen = made.iter().filter(|trial| trial.seen).count();
            let both = seen > 0 && seen < made.len();
            if made.len() >= least && (both || !by_chance) {
                break;
            }
        }
        Answer::of_trials(&made)
    }
}
