//! The facts: every question, to every option, under every number of workers.

use std::{cell::RefCell, collections::VecDeque};

use futures_util::future;
use harness::Browser;

use crate::{
    answer::{Answer, Kind},
    failure::{Failure, catch},
    people::People,
    progress::Progress,
    questions::Question,
    report::Fact,
    scene::{Scene, Setting},
    subject::Subject,
};

/// Under how many workers the questions are asked.
pub(crate) const WORKERS: [usize; 2] = [1, 8];

/// How many scenes are open at the same time. Each waits for its browsers and its processes most of the time.
const LANES: usize = 2;

/// Asks everything. Questions that need a browser are left open where there is none, for the reason `no_browser`.
pub(crate) async fn measure(
    subjects: &[&'static Subject],
    browser: Option<&Browser>,
    no_browser: &str,
    setting: Setting<'_>,
    progress: &Progress,
) -> Vec<Fact> {
    // Eight workers take longest: what is left for the end should be short.
    let by_length = WORKERS.iter().rev();
    let cells: VecDeque<_> = by_length
        .flat_map(|&workers| subjects.iter().map(move |&subject| (subject, workers)))
        .collect();
    let cells = RefCell::new(cells);
    let lane = async || {
        let people = match browser {
            Some(browser) => Some(People::of(browser).await),
            None => None,
        };
        let setting = Setting {
            people: people.as_ref(),
            ..setting
        };
        let mut facts = Vec::new();
        loop {
            let next = cells.borrow_mut().pop_front();
            let Some((subject, workers)) = next else {
                return facts;
            };
            facts.extend(ask_all(subject, workers, no_browser, setting, progress).await);
            progress.part(&format!("{}, {workers} {}", subject.name(), noun(workers)));
        }
    };
    let mut facts = future::join_all((0..LANES).map(|_| lane())).await.concat();
    let place = |fact: &Fact| {
        let subject = subjects
            .iter()
            .position(|subject| subject.id == fact.option);
        let question = Question::ALL
            .iter()
            .position(|question| question.id() == fact.question);
        (subject, fact.workers, question)
    };
    facts.sort_by_key(place);
    facts
}

/// "worker" or "workers".
pub(crate) fn noun(workers: usize) -> &'static str {
    if workers == 1 { "worker" } else { "workers" }
}

/// Asks all questions about one option under so many workers. One that fails does not keep the next from being asked.
async fn ask_all(
    subject: &'static Subject,
    workers: usize,
    no_browser: &str,
    setting: Setting<'_>,
    progress: &Progress,
) -> Vec<Fact> {
    let mut scene = catch(Scene::open(subject, workers, setting)).await;
    let mut facts = Vec::new();
    for question in Question::ALL {
        progress.step(&format!(
            "{}, {workers} {}: {}",
            subject.name(),
            noun(workers),
            question.id()
        ));
        let answer = if question.needs_browser() && setting.people.is_none() {
            Answer::new(Kind::NotMeasured, no_browser)
        } else {
            let (answer, next) = ask(question, scene).await;
            // What was left of a scene in which a question failed is no place for the next one.
            scene = match next {
                Some(scene) => Ok(scene),
                None => catch(Scene::open(subject, workers, setting)).await,
            };
            answer
        };
        facts.push(Fact {
            option: subject.id.to_owned(),
            question: question.id().to_owned(),
            workers,
            answer,
        });
    }
    facts
}

/// The answer, and the scene for the next question, unless this one has failed in it.
async fn ask<'a>(
    question: Question,
    scene: Result<Scene<'a>, Failure>,
) -> (Answer, Option<Scene<'a>>) {
    let outcome = match scene {
        Ok(scene) => catch(question.ask(scene)).await,
        Err(failure) => Err(failure),
    };
    match outcome {
        Ok((scene, answer)) => (answer, Some(scene)),
        Err(failure) => (Answer::new(Kind::Failed, failure.0), None),
    }
}
