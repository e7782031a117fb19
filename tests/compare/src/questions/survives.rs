//! What stored data outlives.

use crate::{
    answer::{Answer, Trial},
    lesson::answering,
    scene::Scene,
};

/// Is it still there after the page was loaded again?
pub(super) async fn survives_a_reload(scene: &mut Scene<'_>) -> Answer {
    let page = scene.anns_page().await;
    scene
        .trials(async |scene, value| {
            let writer = scene.lesson().store(page, value, None).await;
            page.reload().await;
            let seen = scene.lesson().shows_when_opened(page, value, None).await;
            let same_worker = answering(page).await == writer;
            Trial { seen, same_worker }
        })
        .await
}

/// Is it still there in a new tab, after the tab in which it was stored was closed?
pub(super) async fn survives_its_tab(scene: &mut Scene<'_>) -> Answer {
    scene
        .trials(async |scene, value| {
            let page = scene.anns_new_page().await;
            let writer = scene.lesson().store(&page, value, None).await;
            page.close().await;
            let page = scene.anns_new_page().await;
            let seen = scene.lesson().shows_when_opened(&page, value, None).await;
            let same_worker = answering(&page).await == writer;
            page.close().await;
            Trial { seen, same_worker }
        })
        .await
}

/// Does the same person find it in another browser, where they enter what they have entered in the first?
///
/// Where the app asks for a name of the session, they give the same in both.
pub(super) async fn survives_another_browser(scene: &mut Scene<'_>) -> Answer {
    let (here, there) = (scene.anns_page().await, scene.bobs_page().await);
    let answer = scene
        .trials(async |scene, value| {
            let name = Some("the same name");
            let writer = scene.lesson().store(here, value, name).await;
            there.reload().await;
            let seen = scene.lesson().shows_when_opened(there, value, name).await;
            let same_worker = answering(there).await == writer;
            Trial { seen, same_worker }
        })
        .await;
    answer.if_yes(scene.lesson().way_back().unwrap_or_default())
}

// ANCHOR: question
/// Does the page still get it after the worker that stored it was ended with `kill -9`, and replaced?
pub(super) async fn survives_a_killed_worker(scene: &mut Scene<'_>) -> Answer {
    let page = scene.anns_page().await;
    let value = scene.new_value();
    let writer = scene.lesson().store(page, &value, None).await;
    scene.kill([writer]).await;
    let seen = scene.lesson().shows_again(page, &value, None).await;
    Answer::of(seen)
}
// ANCHOR_END: question

/// Does the page still get it after all workers were ended with `kill -9`, and replaced?
pub(super) async fn survives_the_death_of_all(scene: &mut Scene<'_>) -> Answer {
    let page = scene.anns_page().await;
    let value = scene.new_value();
    scene.lesson().store(page, &value, None).await;
    scene.kill(1..=scene.workers).await;
    let seen = scene.lesson().shows_again(page, &value, None).await;
    Answer::of(seen)
}

/// Does the page, which stays open, still get it after the server was stopped and started again with the same folder for its data?
pub(super) async fn survives_a_restart(mut scene: Scene<'_>) -> (Scene<'_>, Answer) {
    let page = scene.anns_page().await;
    let value = scene.new_value();
    scene.lesson().store(page, &value, None).await;
    let scene = scene.restart().await;
    let seen = scene.lesson().shows_again(page, &value, None).await;
    (scene, Answer::of(seen))
}
