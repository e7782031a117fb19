//! The numbers: bytes, times, memory, and the first limit.

mod limit;
mod memory;
mod times;
mod traffic;

use std::time::Instant;

use anyhow::Context;
use harness::Page;
use serde::{Deserialize, Serialize};

pub(crate) use self::{limit::Limit, memory::Memory, times::Timed, traffic::Traffic};
use crate::{
    deployment::{Conditions, Deployment},
    failure::catch,
    output,
    tools::Browsers,
    variant::Variant,
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

/// Takes the numbers of one option after the other. With browsers the bytes come last, because no browser is to run beside the rest.
pub(crate) async fn numbers(
    variants: &[Variant],
    conditions: Conditions<'_>,
    with_browser: bool,
    since: Instant,
) -> anyhow::Result<Vec<Numbers>> {
    let mut all = Vec::new();
    for &variant in variants {
        let numbers = catch(in_peace(variant, conditions)).await;
        all.push(numbers.with_context(|| variant.name())?);
        output::done(since, &format!("{}: times, memory, limits", variant.name()));
    }
    if with_browser {
        let browsers = Browsers::start(1).await?;
        for (&variant, numbers) in variants.iter().zip(&mut all) {
            let page = &browsers.people[0].anns[0];
            let traffic = catch(on_the_wire(variant, conditions, page)).await;
            numbers.traffic = traffic.with_context(|| variant.name())?;
            output::done(since, &format!("{}: bytes on the wire", variant.name()));
        }
        browsers.browser.close().await;
    }
    Ok(all)
}

async fn in_peace(variant: Variant, conditions: Conditions<'_>) -> Numbers {
    let deployment = Deployment::start(variant, WORKERS, conditions).await;
    let times = times::measure(&deployment).await;
    let memory = memory::measure(&deployment.app);
    Numbers {
        option: variant.id().to_owned(),
        traffic: Vec::new(),
        times,
        memory,
        limits: limit::measure(&deployment, conditions.redis).await,
    }
}

async fn on_the_wire(variant: Variant, conditions: Conditions<'_>, page: &Page) -> Vec<Traffic> {
    let deployment = Deployment::start(variant, TRAFFIC_WORKERS, conditions).await;
    traffic::measure(&deployment, page).await
}
