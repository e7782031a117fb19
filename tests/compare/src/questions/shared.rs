//! Who else sees what one person has stored.

use harness::Page;

use crate::{
    answer::{Answer, Kind, Trial},
    lesson::{UPDATE, answering},
    scene::{Scene, sent},
};

/// Is it seen by another person, who has a browser of their own, opens the page and does what shows it?
///
/// The second person knows nothing of the first: where the app asks for a name of the session, both give none.
pub(super) async fn seen_by_another_user(scene: &mut Scene<'_>) -> Answer {
    let (ann, bob) = (scene.anns_page().await, scene.bobs_page().await);
    seen_from(scene, ann, bob).await
}

/// Is it seen by another tab of the same person, which is opened while the first is still there?
pub(super) async fn seen_by_another_tab(scene: &mut Scene<'_>) -> Answer {
    let (first, second) = (scene.anns_page().await, scene.anns_other_page().await);
    seen_from(scene, first, second).await
}

/// Stores in one page, loads the other again, and looks there.
async fn seen_from(scene: &mut Scene<'_>, writes: &Page, reads: &Page) -> Answer {
    scene
        .trials(async |scene, value| {
            let lesson = scene.lesson();
            let writer = lesson.store(writes, value, None).await;
            reads.reload().await;
            let seen = lesson.shows_when_opened(reads, value, None).await;
            let same_worker = answering(reads).await == writer;
            Trial { seen, same_worker }
        })
        .await
}

/// Is it seen by another worker than the one that has stored it?
///
/// Two connections, of which the kernel has given the second to another worker. Over the first one goes the call that stores, over the second
/// the call that reads, with what the answer to the first has left in the browser, if anything.
pub(super) async fn seen_by_another_worker(scene: &mut Scene<'_>) -> Answer {
    if scene.workers == 1 {
        return Answer::new(Kind::NotApplicable, "there is no other");
    }
    let (value, lesson) = (scene.new_value(), scene.lesson());
    // A connection carries one call, and each session's first call only makes it: it may go to whichever worker.
    let mut calls = lesson.write(&value, &value);
    let last = calls.pop().expect("there is a call that stores");
    for call in calls {
        scene.app.post(UPDATE, &call).await;
    }
    let (writer, mut connection) = scene.app.connect_to(|_| true).await;
    let carried = lesson.carried(&sent(&mut connection, &last).await);

    let (_, mut connection) = scene.app.connect_to(|number| number != writer).await;
    let read = lesson.read(&value, carried.as_ref());
    let answer = Answer::of(lesson.has(&sent(&mut connection, &read).await, &value));
    if lesson.in_browser() {
        answer.if_yes("the browser brings it along")
    } else {
        answer
    }
}
