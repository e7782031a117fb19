//! What there is to measure with: browsers with people in front of them, and Redis.

use anyhow::anyhow;
use futures_util::future;
use harness::{Browser, Page, Person, RedisServer};

use crate::{
    failure::{Failure, catch},
    report::LeftOut,
    variant::Variant,
};

/// What is missing, as sentences call it.
pub(crate) const BROWSER: &str = "a browser";
pub(crate) const REDIS: &str = "Redis";

/// Browsers, and people in front of them.
pub(crate) struct Browsers {
    pub(crate) browser: Browser,
    /// Each two can be asked at the same time as the others.
    pub(crate) people: Vec<People>,
}

/// Two people with browsers of their own. Their windows stay open from one question to the next, because a window is slow to open; the app
/// in front of them changes.
pub(crate) struct People {
    /// Who stores. She has two windows.
    pub(crate) ann: Person,
    pub(crate) anns: [Page; 2],
    /// Somebody else's, or Ann's in another browser.
    pub(crate) bobs: Page,
}

/// What these variants need and is not on this machine.
pub(crate) fn missing(variants: &[Variant]) -> Vec<LeftOut> {
    let left_out = |what: &str, program: &str| LeftOut {
        what: what.to_owned(),
        why: format!("{program} is missing"),
    };
    let no_redis = need_redis(variants) && RedisServer::is_missing();
    let browser = Browser::missing().map(|program| left_out(BROWSER, program));
    let redis = no_redis.then(|| left_out(REDIS, "redis-server"));
    browser.into_iter().chain(redis).collect()
}

/// A Redis server, if one of these variants needs it.
pub(crate) async fn redis(variants: &[Variant]) -> anyhow::Result<Option<RedisServer>> {
    if !need_redis(variants) {
        return Ok(None);
    }
    let started = catch(RedisServer::start()).await;
    started.map(Some).map_err(|failure| broken(&failure))
}

/// Why a run ends: something is there, and does not start.
fn broken(failure: &Failure) -> anyhow::Error {
    let why = failure.0.trim_end_matches('.');
    anyhow!("{why}; nothing was written: start it by hand to see why, or install it again")
}

fn need_redis(variants: &[Variant]) -> bool {
    variants.iter().any(|variant| variant.needs_redis())
}

impl Browsers {
    /// Starts browsers for so many pairs of people. Only one that has opened a window is known to start.
    pub(crate) async fn start(pairs: usize) -> anyhow::Result<Self> {
        let browser = catch(Browser::start())
            .await
            .map_err(|failure| broken(&failure))?;
        let people = (0..pairs).map(|_| catch(People::of(&browser)));
        let people: Result<_, _> = future::join_all(people).await.into_iter().collect();
        match people {
            Ok(people) => Ok(Self { browser, people }),
            Err(failure) => {
                browser.close().await;
                Err(broken(&failure))
            }
        }
    }
}

impl People {
    async fn of(browser: &Browser) -> Self {
        let (ann, bob) = (browser.person().await, browser.person().await);
        let anns = [ann.tab().await, ann.tab().await];
        let bobs = bob.tab().await;
        Self { ann, anns, bobs }
    }
}
