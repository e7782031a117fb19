//! What is compared: each lesson's app, with each place in which it can keep what is stored.

use clap::builder::PossibleValuesParser;
use harness::{App, RedisServer, Start};

use crate::{
    lesson::{Lesson, Place, REDIS},
    lessons::LESSONS,
};

/// How long an app computes that keeps results, in seconds, unless a measurement wants none of it.
const COMPUTE_SECONDS: &str = "0.1";

/// One app with one place for its data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    pub(crate) lesson: &'static Lesson,
    place: &'static Place,
}

/// All of them, in the order of the book.
pub(crate) fn all() -> impl Iterator<Item = Variant> {
    LESSONS.iter().flat_map(|lesson| {
        let places = lesson.places.iter();
        places.map(move |place| Variant { lesson, place })
    })
}

/// The ids, as the command line checks them.
pub(crate) fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(all().map(Variant::id))
}

impl Variant {
    /// What `--options` takes.
    pub(crate) fn id(self) -> &'static str {
        self.place.id
    }

    /// Such as `Option 1, files`.
    pub(crate) fn name(self) -> String {
        let (option, place) = (self.lesson.option, self.place.name);
        match place {
            "" => option.to_owned(),
            place => format!("{option}, {place}"),
        }
    }

    /// Whether a Redis server must run for it.
    pub(crate) fn needs_redis(self) -> bool {
        self.place.options.contains(&REDIS)
    }

    /// The options of the app, as its reader gives them.
    pub(crate) fn options(self) -> &'static [&'static str] {
        self.place.options
    }

    /// The app, about to start with so many workers. Its results take no time to compute unless `slow`.
    pub(crate) fn start(self, workers: usize, redis: Option<&RedisServer>, slow: bool) -> Start {
        let option = |option: &&'static str| match (*option, redis) {
            (REDIS, Some(server)) => server.url(),
            (option, _) => option.to_owned(),
        };
        let mut start = App::start(self.lesson.app)
            .workers(workers)
            .options(self.options().iter().map(option));
        if self.lesson.computes() {
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
