//! What stored data outlives.

use super::shared::seen_from;
use crate::{
    answer::{Answer, Trial},
    deployment::Deployment,
    lesson::answering,
};

/// Is it still there after the page was loaded again?
pub(super) async fn survives_a_reload(deployment: &mut Deployment<'_>) -> Answer {
    let page = deployment.anns_page().await;
    seen_from(deployment, page, page, None).await
}

/// Is it still there in a new tab, after the tab in which it was stored was closed?
pub(super) async fn survives_its_tab(deployment: &mut Deployment<'_>) -> Answer {
    deployment
        .trials(async |deployment, value| {
            let page = deployment.anns_new_page().await;
            let writer = deployment.lesson().store(&page, value, None).await;
            page.close().await;
            let page = deployment.anns_new_page().await;
            let seen = deployment.lesson().opens_with(&page, value, None).await;
            let same_worker = answering(&page).await == writer;
            page.close().await;
            Trial { seen, same_worker }
        })
        .await
}

/// Does the same person find it in another browser, where they enter what they have entered in the first?
///
/// Where the app asks for a name of the session, they give the same in both.
pub(super) async fn survives_another_browser(deployment: &mut Deployment<'_>) -> Answer {
    let (here, there) = (deployment.anns_page().await, deployment.bobs_page().await);
    let answer = seen_from(deployment, here, there, Some("the same name")).await;
    let session = deployment.lesson().session();
    answer.if_yes(session.map_or("", |_| "with the session's name"))
}

// ANCHOR: question
/// Does the page still get it after all workers were ended with `kill -9`, and replaced?
pub(super) async fn survives_the_death_of_all(deployment: &mut Deployment<'_>) -> Answer {
    let page = deployment.anns_page().await;
    let value = deployment.new_value();
    deployment.lesson().store(page, &value, None).await;
    deployment.kill(1..=deployment.workers).await;
    let seen = deployment.lesson().shows_again(page, &value, None).await;
    Answer::of(seen)
}
// ANCHOR_END: question

/// Does the page, which stays open, still get it after the server was stopped and started again with the same folder for its data?
pub(super) async fn survives_a_restart(mut deployment: Deployment<'_>) -> (Deployment<'_>, Answer) {
    let page = deployment.anns_page().await;
    let value = deployment.new_value();
    deployment.lesson().store(page, &value, None).await;
    let deployment = deployment.restart().await;
    let seen = deployment.lesson().shows_again(page, &value, None).await;
    (deployment, Answer::of(seen))
}
