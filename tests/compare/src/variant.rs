//! What is compared: each app whose manifest names places for its data, with each of these places.

use std::sync::LazyLock;

use clap::builder::PossibleValuesParser;
use harness::{App, RedisServer, Start};
use histories::Operation as Kind;
use xtask::registry::{self, Place, Registry, Tutorial};

use crate::lesson::REDIS;

/// How long an app computes that keeps results, in seconds, unless a measurement wants none of it.
const COMPUTE_SECONDS: &str = "0.1";

/// The manifests, which say all about the lessons.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    Registry::load().unwrap_or_else(|error| panic!("wanted the registry; {error:#}"))
});

/// One app with one place for its data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    tutorial: &'static Tutorial,
    pub(crate) app: &'static registry::App,
    place: &'static Place,
}

/// All of them, in the order of the book.
pub(crate) fn all() -> impl Iterator<Item = Variant> {
    REGISTRY.apps().flat_map(|(tutorial, app)| {
        let places = app.places.iter();
        places.map(move |place| Variant {
            tutorial,
            app,
            place,
        })
    })
}

/// The ids, as the command line checks them.
pub(crate) fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(all().map(Variant::id))
}

impl Variant {
    /// What `--options` takes.
    pub(crate) fn id(self) -> &'static str {
        &self.place.id
    }

    /// Such as `Option 1`.
    pub(crate) fn option(self) -> &'static str {
        let title = self.tutorial.entry.title.split(':').next();
        title.unwrap_or_default()
    }

    /// Such as `Option 1, files`.
    pub(crate) fn name(self) -> String {
        let (option, place) = (self.option(), &*self.place.name);
        match place {
            "" => option.to_owned(),
            place => format!("{option}, {place}"),
        }
    }

    /// Whether a Redis server must run for it.
    pub(crate) fn needs_redis(self) -> bool {
        self.options().iter().any(|option| option == REDIS)
    }

    /// The options of the app, as its reader gives them.
    pub(crate) fn options(self) -> &'static [String] {
        &self.place.options
    }

    /// The app, about to start with so many workers. Its results take no time to compute unless `slow`.
    pub(crate) fn start(self, workers: usize, redis: Option<&RedisServer>, slow: bool) -> Start {
        let option = |option: &String| match (option.as_str(), redis) {
            (REDIS, Some(server)) => server.url(),
            (option, _) => option.to_owned(),
        };
        let mut start = App::start(&self.app.id)
            .workers(workers)
            .options(self.options().iter().map(option));
        let operation = self.app.operation.as_ref();
        if operation.is_some_and(|operation| operation.kind == Kind::Compute) {
            start = start.options([
                "--compute-seconds",
                if slow { COMPUTE_SECONDS } else { "0" },
            ]);
        }
        // The stage shows every call, and with it what was stored: to look for that in the page, it has to go.
        start.options(["--stage", "off"])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_places_have_one_id() {
        let ids: HashSet<_> = all().map(Variant::id).collect();
        assert_eq!(ids.len(), all().count());
    }
}
