//! Who else sees what one person has stored.

use harness::Page;

use crate::{
    answer::{Answer, Kind, Trial},
    deployment::{Deployment, sent},
    lesson::{UPDATE, answering},
};

/// Is it seen by another person, who has a browser of their own, opens the page and does what shows it?
///
/// The second person knows nothing of the first: where the app asks for a name of the session, both give none.
pub(super) async fn seen_by_another_user(deployment: &mut Deployment<'_>) -> Answer {
    let (ann, bob) = (deployment.anns_page().await, deployment.bobs_page().await);
    seen_from(deployment, ann, bob, None).await
}

/// Is it seen by another tab of the same person, which is opened while the first is still there?
pub(super) async fn seen_by_another_tab(deployment: &mut Deployment<'_>) -> Answer {
    let first = deployment.anns_page().await;
    let second = deployment.anns_other_page().await;
    seen_from(deployment, first, second, None).await
}

/// Stores in one page, loads the other again, and looks there; in the session `name` if it is given.
pub(super) async fn seen_from(
    deployment: &mut Deployment<'_>,
    writes: &Page,
    reads: &Page,
    name: Option<&str>,
) -> Answer {
    deployment
        .trials(async |deployment, value| {
            let lesson = deployment.lesson();
            let writer = lesson.store(writes, value, name).await;
            reads.reload().await;
            let seen = lesson.opens_with(reads, value, name).await;
            let same_worker = answering(reads).await == writer;
            Trial { seen, same_worker }
        })
        .await
}

/// Is it seen by another worker than the one that has stored it?
///
/// Two connections, of which the kernel has given the second to another worker. Over the first one goes the call that stores, over the second
/// the call that reads, with what the answer to the first has left in the browser, if anything.
pub(super) async fn seen_by_another_worker(deployment: &mut Deployment<'_>) -> Answer {
    if deployment.workers == 1 {
        return Answer::new(Kind::NotApplicable, "there is no other");
    }
    let (value, lesson) = (deployment.new_value(), deployment.lesson());
    // A connection carries one call, and each session's first call only makes it: it may go to whichever worker.
    let mut calls = lesson.write(&value, &value);
    let last = calls.pop().expect("there is a call that stores");
    for call in calls {
        deployment.app.post(UPDATE, &call).await;
    }
    let (writer, mut connection) = deployment.app.connect_to(|_| true).await;
    let held = lesson.left_in_browser(&sent(&mut connection, &last).await);

    let (_, mut connection) = deployment.app.connect_to(|number| number != writer).await;
    let read = lesson.read(&value, &value, held.as_ref());
    let answer = Answer::of(lesson.has(&sent(&mut connection, &read).await, &value));
    answer.if_yes(lesson.held().map_or("", |_| "the browser brings it along"))
}
