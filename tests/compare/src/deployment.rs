//! One option under some number of workers, with two people in front of it.

use std::{collections::BTreeMap, mem};

use harness::{App, Connection, Page, Pid, RedisServer, Response, Start};
use hyper::Method;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    answer::{Answer, Trial},
    lesson::{Lesson, UPDATE},
    tools::People,
    variant::Variant,
};

/// After how many trials a measurement gives up that wants the kernel to choose another worker, or the same.
const MOST: usize = 100;

/// How many trials must agree before chance is thought to have no part.
const AGREEING: usize = 2;

/// A running app, and who uses it.
pub(crate) struct Deployment<'a> {
    pub(crate) variant: Variant,
    pub(crate) workers: usize,
    pub(crate) app: App,
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
        Self {
            variant,
            workers,
            app: conditions.build(start.data(data.path())).await,
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

    pub(crate) fn lesson(&self) -> &'static Lesson {
        self.variant.lesson
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

    /// Repeats a trial until it says enough.
    ///
    /// With one worker that is once. With several the kernel must have chosen another worker than the one that had stored the value; where that
    /// one's answer agrees with the others', chance has no part. If none of them has found the value, the worker that stored one is asked
    /// directly, because a `no` must not be bad luck. Where chance has a part, trials go on until there are enough for a fraction, if one is
    /// wanted.
    pub(crate) async fn trials(
        &mut self,
        mut trial: impl AsyncFnMut(&Self, &str) -> Trial,
    ) -> Answer {
        let mut made: Vec<Trial> = Vec::new();
        let mut remembered = false;
        while made.len() < MOST {
            let value = self.new_value();
            made.push(trial(self, &value).await);
            if self.workers == 1 {
                return Answer::of_trials(&made);
            }
            let fraction_of = self.conditions.fraction_of;
            match said(&made, fraction_of) {
                Said::Enough => return Answer::of_trials(&made),
                Said::MaybeBadLuck if !remembered => {
                    remembered = self.remembered_by_its_worker().await;
                    let (seen, same_worker) = (true, true);
                    match (remembered, fraction_of) {
                        (true, Some(_)) => continue,
                        (true, None) => made.push(Trial { seen, same_worker }),
                        (false, _) => {}
                    }
                    return Answer::of_trials(&made);
                }
                Said::MaybeBadLuck | Said::TooLittle => {}
            }
        }
        panic!(
            "wanted the kernel to choose another worker, and the same again; in {MOST} trials it has not"
        )
    }

    /// Whether the worker that was told a value tells it to whoever asks this same worker, who brings nothing along.
    async fn remembered_by_its_worker(&mut self) -> bool {
        let (value, lesson) = (self.new_value(), self.lesson());
        let mut calls = lesson.write(&value, &value);
        calls.push(lesson.read("another value", "somebody else's", None));
        let mut connections = self.connected_to_one_worker(calls.len()).await;
        let mut remembered = false;
        for (connection, call) in connections.iter_mut().zip(&calls) {
            remembered = lesson.has(&sent(connection, call).await, &value);
        }
        remembered
    }

    /// So many connections that the kernel has given to one worker. It has only a few to choose from, and so does not need long.
    async fn connected_to_one_worker(&self, count: usize) -> Vec<Connection> {
        let mut connections: BTreeMap<usize, Vec<Connection>> = BTreeMap::new();
        loop {
            let connection = self.app.connect().await;
            let number = self.app.worker_of(&connection).await;
            let of_worker = connections.entry(number).or_default();
            of_worker.push(connection);
            if of_worker.len() == count {
                return mem::take(of_worker);
            }
        }
    }
}

/// What the trials so far say together, with several workers.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// They are an answer.
    Enough,
    /// None has found the value, and none has asked the worker that stored it.
    MaybeBadLuck,
    TooLittle,
}

fn said(made: &[Trial], fraction_of: Option<usize>) -> Said {
    let another = made.iter().any(|trial| !trial.same_worker);
    let the_same = made.iter().any(|trial| trial.same_worker);
    let seen = made.iter().filter(|trial| trial.seen).count();
    let agree = seen == 0 || seen == made.len();
    match (agree, seen) {
        (false, _) if made.len() >= fraction_of.unwrap_or(AGREEING) => Said::Enough,
        (true, _) if made.len() >= AGREEING && another && (seen > 0 || the_same) => Said::Enough,
        (true, 0) if made.len() >= AGREEING && another => Said::MaybeBadLuck,
        _ => Said::TooLittle,
    }
}

/// Calls a callback over this connection.
pub(crate) async fn sent(connection: &mut Connection, call: &Value) -> Response {
    let answer = connection.request(Method::POST, UPDATE, Some(call)).await;
    answer.unwrap_or_else(|error| panic!("wanted an answer; {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trials as text: `S` saw the value at the same worker and `s` did not, `O` and `o` at another one.
    fn after(trials: &str) -> Said {
        let trial = |letter: char| Trial {
            seen: letter.is_uppercase(),
            same_worker: letter.eq_ignore_ascii_case(&'s'),
        };
        said(&trials.chars().map(trial).collect::<Vec<_>>(), Some(4))
    }

    #[test]
    fn two_trials_that_agree_are_enough_when_another_worker_was_asked() {
        assert_eq!(after("O"), Said::TooLittle);
        assert_eq!(after("SS"), Said::TooLittle);
        assert_eq!(after("SO"), Said::Enough);
        assert_eq!(after("OO"), Said::Enough);
        assert_eq!(after("so"), Said::Enough);
    }

    #[test]
    fn a_value_that_only_others_were_asked_for_may_be_missing_by_bad_luck() {
        assert_eq!(after("o"), Said::TooLittle);
        assert_eq!(after("oo"), Said::MaybeBadLuck);
    }

    #[test]
    fn trials_that_differ_go_on_until_there_are_enough_for_a_fraction() {
        assert_eq!(after("So"), Said::TooLittle);
        assert_eq!(after("Soo"), Said::TooLittle);
        assert_eq!(after("Sooo"), Said::Enough);
        assert_eq!(after("oooooS"), Said::Enough);
    }
}
