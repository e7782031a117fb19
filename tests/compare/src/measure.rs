//! The numbers: bytes, times, memory, and the first limit.

mod limit;
mod memory;
mod statistics;
mod times;
mod traffic;

use serde::{Deserialize, Serialize};

pub(crate) use self::{limit::Limit, memory::Memory, times::Timed, traffic::Traffic};
use crate::{
    people::People,
    scene::{Scene, Setting},
    subject::Subject,
};

/// Under how many workers time and memory are taken: enough for each call to have a connection of its own.
pub(crate) const WORKERS: usize = 8;

/// Under how many the bytes are counted: with several, chance would decide whether a global variable has anything to send.
pub(crate) const TRAFFIC_WORKERS: usize = 1;

/// The numbers of one option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Numbers {
    /// The option's id.
    pub(crate) option: String,
    /// What a click costs on the wire, for each size of data; none without a browser.
    pub(crate) traffic: Vec<Traffic>,
    /// How long a callback takes.
    pub(crate) times: Vec<Timed>,
    /// What a worker needs after these calls.
    pub(crate) memory: Memory,
    /// What ends the growth of the data.
    pub(crate) limits: Vec<Limit>,
}

/// What is measured while nothing else runs, no browser least of all.
pub(crate) async fn in_peace(subject: &'static Subject, setting: Setting<'_>) -> Numbers {
    let scene = Scene::open(subject, WORKERS, setting).await;
    let times = times::measure(&scene).await;
    let memory = memory::measure(&scene.app);
    Numbers {
        option: subject.id.to_owned(),
        traffic: Vec::new(),
        times,
        memory,
        limits: limit::measure(&scene, setting.redis).await,
    }
}

/// The bytes between a browser and the app.
pub(crate) async fn on_the_wire(
    subject: &'static Subject,
    setting: Setting<'_>,
    people: &People,
) -> Vec<Traffic> {
    let scene = Scene::open(subject, TRAFFIC_WORKERS, setting).await;
    traffic::measure(&scene, &people.anns[0]).await
}
