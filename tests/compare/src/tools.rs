//! What there is to measure with: browsers with people in front of them, and Redis.

use futures_util::future;
use harness::{Browser, RedisServer};

use crate::{
    failure::{Failure, catch},
    people::People,
    report::LeftOut,
    variant::Variant,
};

/// Why a run does not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolError {
    #[error(
        "{why}, and `{option}` leaves nothing out: install it, or ask with `--facts`, which leaves out what needs {what}"
    )]
    Missing {
        what: String,
        why: String,
        option: &'static str,
    },
    #[error("{}; nothing was written: start it by hand to see why, or install it again", .0.0.trim_end_matches('.'))]
    Broken(Failure),
}

/// What is missing, as sentences call it.
pub(crate) const BROWSER: &str = "a browser";
pub(crate) const REDIS: &str = "Redis";

/// Browsers, and people in front of them.
pub(crate) struct Browsers {
    browser: Browser,
    /// Each two can be asked at the same time as the others.
    pub(crate) people: Vec<People>,
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
pub(crate) async fn redis(variants: &[Variant]) -> Result<Option<RedisServer>, ToolError> {
    if !need_redis(variants) {
        return Ok(None);
    }
    let started = catch(RedisServer::start()).await;
    started.map(Some).map_err(ToolError::Broken)
}

fn need_redis(variants: &[Variant]) -> bool {
    variants.iter().any(|variant| variant.needs_redis())
}

impl Browsers {
    /// Starts browsers for so many pairs of people. Only one that has opened a window is known to start.
    pub(crate) async fn start(pairs: usize) -> Result<Self, ToolError> {
        let browser = catch(Browser::start()).await.map_err(ToolError::Broken)?;
        let people = (0..pairs).map(|_| catch(People::of(&browser)));
        let people: Result<_, _> = future::join_all(people).await.into_iter().collect();
        match people {
            Ok(people) => Ok(Self { browser, people }),
            Err(failure) => {
                browser.close().await;
                Err(ToolError::Broken(failure))
            }
        }
    }

    /// Ends all of them.
    pub(crate) async fn close(self) {
        self.browser.close().await;
    }
}
