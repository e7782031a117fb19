//! The facts: every question, to every option, under every number of workers.

use std::{cell::RefCell, collections::VecDeque};

use futures_util::future;

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

/// How many apps are asked at the same time: each waits for its browsers and its processes most of the time.
pub(crate) const LANES: usize = 4;

/// Asks everything. Questions that need people are left open where there are none, and why.
pub(crate) async fn measure(
    subjects: &[&'static Subject],
    workers: &[usize],
    people: Result<&[People], &str>,
    setting: Setting<'_>,
    progress: &Progress,
) -> Vec<Fact> {
    // Eight workers take longest: what is left for the end should be short.
    let by_length = workers.iter().rev();
    let cells: VecDeque<_> = by_length
        .flat_map(|&workers| subjects.iter().map(move |&subject| (subject, workers)))
        .collect();
    let cells = RefCell::new(cells);
    let lane = async |lane: usize| {
        let people = people.map(|people| &people[lane]);
        let mut facts = Vec::new();
        loop {
            let next = cells.borrow_mut().pop_front();
            let Some((subject, workers)) = next else {
                return facts;
            };
            facts.extend(ask_all(subject, workers, people, setting).await);
            progress.done(&format!("{}, {}", subject.name(), count(workers)));
        }
    };
    let mut facts = future::join_all((0..LANES).map(lane)).await.concat();
    let place = |fact: &Fact| {
        let subject = |subject: &&Subject| subject.id == fact.option;
        let question = |question: &Question| question.id() == fact.question;
        (
            subjects.iter().position(subject),
            fact.workers,
            Question::ALL.iter().position(question),
        )
    };
    facts.sort_by_key(place);
    facts
}

/// Such as `1 worker` or `8 workers`.
pub(crate) fn count(workers: usize) -> String {
    let noun = if workers == 1 { "worker" } else { "workers" };
    format!("{workers} {noun}")
}

/// Asks all questions about one option under so many workers. One that fails does not keep the next from being asked.
async fn ask_all(
    subject: &'static Subject,
    workers: usize,
    people: Result<&People, &str>,
    setting: Setting<'_>,
) -> Vec<Fact> {
    let setting = Setting {
        people: people.ok(),
        ..setting
    };
    let mut scene = catch(Scene::open(subject, workers, setting)).await;
    let mut facts = Vec::new();
    for question in Question::ALL {
        let answer = match people {
            Err(why) if question.needs_browser() => Answer::new(Kind::NotMeasured, why),
            _ => {
                let (answer, next) = ask(question, scene).await;
                // What was left of a scene in which a question failed is no place for the next one.
                scene = match next {
                    Some(scene) => Ok(scene),
                    None => catch(Scene::open(subject, workers, setting)).await,
                };
                answer
            }
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
