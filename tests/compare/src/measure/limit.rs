//! What ends the growth of the data, and what that looks like.

use harness::{RedisServer, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{deployment::Deployment, lesson::UPDATE};

/// The first size that is tried, and what the last one does not exceed.
const SIZES: (usize, usize) = (1_000, 4_100_000);

/// How close the largest that is taken and the smallest that is refused come to each other: a hundredth of it.
const PRECISION: usize = 100;

/// More entries than any cache here keeps.
const MOST_ENTRIES: usize = 1_000;

/// A limit that was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "limit", rename_all = "kebab-case")]
pub(crate) enum Limit {
    /// A value of this size was refused.
    Size {
        /// The largest that was taken, in bytes.
        taken: usize,
        /// The smallest that was refused, in bytes: at most a hundredth larger.
        refused: usize,
        status: u16,
        /// What the answer says.
        sentence: String,
    },
    /// So many newer results push out the oldest, which is then computed again.
    Entries { newer: usize },
}

/// Doubles the value until a call is refused, and looks for the limit between the last two sizes; and where there is a cache, adds results until the first is gone.
pub(super) async fn measure(
    deployment: &Deployment<'_>,
    redis: Option<&RedisServer>,
) -> Vec<Limit> {
    let mut limits = vec![size(deployment).await];
    if deployment.lesson().computes() {
        limits.push(entries(deployment, redis).await);
    }
    limits
}

async fn size(deployment: &Deployment<'_>) -> Limit {
    let (mut taken, mut next, mut smallest) = (0, SIZES.0, None);
    loop {
        match refusal(deployment, next).await {
            Some(answer) => smallest = Some((next, answer)),
            None => taken = next,
        }
        next = match &smallest {
            None if taken * 2 > SIZES.1 => panic!("wanted a limit; {taken} bytes were taken"),
            None => taken * 2,
            Some((refused, answer)) if refused - taken <= taken / PRECISION => {
                let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                return Limit::Size {
                    taken,
                    refused: *refused,
                    status: answer.status.as_u16(),
                    sentence: body["error"].as_str().unwrap_or_default().to_owned(),
                };
            }
            Some((refused, _)) => taken.midpoint(*refused),
        };
    }
}

/// The first answer that is an error, of a click that stores a value of this size, and of what follows from it.
async fn refusal(deployment: &Deployment<'_>, size: usize) -> Option<Response> {
    let (lesson, value) = (deployment.lesson(), "x".repeat(size));
    let mut held = None;
    for call in lesson.write(&value, "growing") {
        let answer = deployment.app.post(UPDATE, &call).await;
        if !answer.status.is_success() {
            return Some(answer);
        }
        held = lesson.left_in_browser(&answer);
    }
    let read = lesson.read(&value, "growing", held.as_ref());
    let answer = deployment.app.post(UPDATE, &read).await;
    (!answer.status.is_success()).then_some(answer)
}

/// Its results take no time here: only how many there are counts.
async fn entries(deployment: &Deployment<'_>, redis: Option<&RedisServer>) -> Limit {
    // Keys are those of a new server's: another app's results would count too.
    let own = match redis {
        Some(_) => Some(RedisServer::start().await),
        None => None,
    };
    let app = deployment.quick(own.as_ref()).await;
    let lesson = deployment.lesson();
    for call in lesson.write("first", "") {
        app.post(UPDATE, &call).await;
    }
    for newer in 1..=MOST_ENTRIES {
        for call in lesson.write(&format!("newer {newer}"), "") {
            app.post(UPDATE, &call).await;
        }
        let answer = app.post(UPDATE, &lesson.read("first", "", None)).await;
        if !lesson.has(&answer, "first") {
            return Limit::Entries { newer };
        }
    }
    panic!("wanted the oldest result to be pushed out; {MOST_ENTRIES} newer ones have not")
}
