//! The facts: every question, to every option, under every number of workers.

use std::{cell::RefCell, time::Instant};

use futures_util::future;

use crate::{
    answer::{Answer, Kind},
    deployment::{Conditions, Deployment},
    failure::catch,
    output,
    questions::Question,
    report::Fact,
    tools::People,
    variant::Variant,
};

/// How many apps are asked at the same time: each waits for its browsers and its processes most of the time.
pub(crate) const LANES: usize = 4;

/// Asks everything. Questions that need people are left open where there are none, and why.
pub(crate) async fn measure(
    variants: &[Variant],
    workers: &[usize],
    people: Result<&[People], &str>,
    conditions: Conditions<'_>,
    since: Instant,
) -> Vec<Fact> {
    // Eight workers take longest: what is left for the end should be short.
    let by_length = workers.iter().rev();
    let cells =
        by_length.flat_map(|&workers| variants.iter().map(move |&variant| (variant, workers)));
    let cells = RefCell::new(cells);
    let lane = async |lane: usize| {
        let people = people.map(|people| &people[lane]);
        let mut facts = Vec::new();
        loop {
            let next = cells.borrow_mut().next();
            let Some((variant, workers)) = next else {
                return facts;
            };
            facts.extend(ask_all(variant, workers, people, conditions).await);
            output::done(since, &format!("{}, {}", variant.name(), count(workers)));
        }
    };
    let mut facts = future::join_all((0..LANES).map(lane)).await.concat();
    let place = |fact: &Fact| {
        let variant = |variant: &Variant| variant.id() == fact.option;
        let variant = variants.iter().position(variant);
        (variant, fact.workers, fact.question)
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
    variant: Variant,
    workers: usize,
    people: Result<&People, &str>,
    conditions: Conditions<'_>,
) -> Vec<Fact> {
    let conditions = Conditions {
        people: people.ok(),
        ..conditions
    };
    let mut deployment = None;
    let mut facts = Vec::new();
    for question in Question::ALL {
        let answer = if let (Err(why), true) = (people, question.needs_browser()) {
            Answer::new(Kind::NotMeasured, why)
        } else {
            // What was left of a deployment in which a question failed is no place for the next one.
            let before = deployment.take();
            let asking = async {
                let deployment = match before {
                    Some(deployment) => deployment,
                    None => Deployment::start(variant, workers, conditions).await,
                };
                question.ask(deployment).await
            };
            let (after, answer) = match catch(asking).await {
                Ok((after, answer)) => (Some(after), answer),
                Err(failure) => (None, Answer::new(Kind::Failed, failure.0)),
            };
            deployment = after;
            answer
        };
        facts.push(Fact {
            option: variant.id().to_owned(),
            question,
            workers,
            answer,
        });
    }
    facts
}
