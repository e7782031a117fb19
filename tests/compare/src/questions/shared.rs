//! Who else sees what one person has stored.

use harness::Page;

use crate::{
    answer::{Answer, Trial},
    deployment::Deployment,
    lesson::answering,
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
