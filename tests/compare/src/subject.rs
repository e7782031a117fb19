//! What is compared: the apps of the tutorials, each with the place in which it keeps what is stored.

use clap::builder::PossibleValuesParser;
use harness::{App, RedisServer, Start};
use serde::{Deserialize, Serialize};

use crate::lesson::Lesson;

/// How long option 4 computes, in seconds, unless a measurement wants none of it.
pub(crate) const COMPUTE_SECONDS: &str = "0.1";

/// One app with one place for its data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// What `--options` takes.
    pub(crate) id: &'static str,
    /// The option, as the book calls it.
    pub(crate) option: &'static str,
    /// Which of its places; empty if there is one only.
    pub(crate) place: &'static str,
    /// The tutorial's id.
    pub(crate) app: &'static str,
    pub(crate) lesson: Lesson,
    /// The options of the app. `REDIS` stands for the address of a server.
    options: &'static [&'static str],
}

/// A subject as the report describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Described {
    pub(crate) id: String,
    pub(crate) option: String,
    pub(crate) place: String,
    /// The command line that runs it, with eight workers.
    pub(crate) command: String,
}

/// Stands for the address of a Redis server.
const REDIS: &str = "redis://127.0.0.1";

/// In the order of the book.
pub(crate) const SUBJECTS: [Subject; 10] = [
    Subject {
        id: "global-variable",
        option: "Global variable",
        place: "",
        app: "global-variable",
        lesson: Lesson::GlobalVariable,
        options: &[],
    },
    Subject {
        id: "option1",
        option: "Option 1",
        place: "files",
        app: "option1",
        lesson: Lesson::Session,
        options: &["--store", "file"],
    },
    Subject {
        id: "option1-sqlite",
        option: "Option 1",
        place: "SQLite",
        app: "option1",
        lesson: Lesson::Session,
        options: &["--store", "sqlite"],
    },
    Subject {
        id: "option1-redis",
        option: "Option 1",
        place: "Redis",
        app: "option1",
        lesson: Lesson::Session,
        options: &["--store", REDIS],
    },
    Subject {
        id: "option2",
        option: "Option 2",
        place: "memory",
        app: "option2-inputs",
        lesson: Lesson::Store,
        options: &["--storage", "memory"],
    },
    Subject {
        id: "option2-session",
        option: "Option 2",
        place: "session",
        app: "option2-inputs",
        lesson: Lesson::Store,
        options: &["--storage", "session"],
    },
    Subject {
        id: "option2-local",
        option: "Option 2",
        place: "local",
        app: "option2-inputs",
        lesson: Lesson::Store,
        options: &["--storage", "local"],
    },
    Subject {
        id: "option3",
        option: "Option 3",
        place: "",
        app: "option3",
        lesson: Lesson::HiddenDiv,
        options: &[],
    },
    Subject {
        id: "option4",
        option: "Option 4",
        place: "files",
        app: "option4",
        lesson: Lesson::Cache,
        options: &["--cache", "file"],
    },
    Subject {
        id: "option4-redis",
        option: "Option 4",
        place: "Redis",
        app: "option4",
        lesson: Lesson::Cache,
        options: &["--cache", REDIS],
    },
];

impl Subject {
    /// Whether a Redis server must run for it.
    pub(crate) fn needs_redis(&self) -> bool {
        self.options.contains(&REDIS)
    }

    /// The options of the app, as its reader gives them.
    pub(crate) fn options(&self) -> &'static [&'static str] {
        self.options
    }

    /// Such as `Option 1, files`.
    pub(crate) fn name(&self) -> String {
        name(self.option, &[self.place])
    }

    /// The app, about to start with so many workers. Its results take no time to compute if they need not.
    pub(crate) fn start(&self, workers: usize, redis: Option<&RedisServer>, slow: bool) -> Start {
        let address = redis.map(RedisServer::url);
        let place = |option: &&'static str| match (*option, &address) {
            (REDIS, Some(address)) => address.clone(),
            (option, _) => option.to_owned(),
        };
        let mut options: Vec<String> = self.options.iter().map(place).collect();
        if self.lesson == Lesson::Cache {
            let seconds = if slow { COMPUTE_SECONDS } else { "0" };
            options.extend(["--compute-seconds", seconds].map(str::to_owned));
        }
        // The lens shows every call, and with it what was stored: to look for that in the page, it has to go.
        options.extend(["--lens", "off"].map(str::to_owned));
        App::start(self.app).workers(workers).options(options)
    }

    pub(crate) fn described(&self) -> Described {
        let options = match self.options {
            [] => String::new(),
            options => format!(" -- {}", options.join(" ")),
        };
        Described {
            id: self.id.to_owned(),
            option: self.option.to_owned(),
            place: self.place.to_owned(),
            command: format!("cargo xtask run {} --workers 8{options}", self.app),
        }
    }
}

/// The one with this id.
///
/// # Panics
///
/// When there is none.
pub(crate) fn named(id: &str) -> &'static Subject {
    let subject = SUBJECTS.iter().find(|subject| subject.id == id);
    subject.unwrap_or_else(|| panic!("wanted an option that is compared; saw {id}"))
}

/// The ids, as the command line checks them.
pub(crate) fn ids() -> PossibleValuesParser {
    PossibleValuesParser::new(SUBJECTS.iter().map(|subject| subject.id))
}

/// Such as `Option 1 (files, SQLite)` for two places of one option.
pub(crate) fn name(option: &str, places: &[&str]) -> String {
    let places: Vec<_> = places
        .iter()
        .copied()
        .filter(|place| !place.is_empty())
        .collect();
    match places.as_slice() {
        [] => option.to_owned(),
        [place] => format!("{option}, {place}"),
        places => format!("{option} ({})", places.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_begin_with_the_option() {
        for (index, subject) in SUBJECTS.iter().enumerate() {
            assert!(SUBJECTS[..index].iter().all(|other| other.id != subject.id));
            let option = subject.option.to_lowercase().replace("option ", "option");
            let option = option.replace(' ', "-");
            assert!(subject.id.starts_with(&option), "{}", subject.id);
        }
    }

    #[test]
    fn places_of_one_option_share_its_name() {
        assert_eq!(name("Option 3", &[""]), "Option 3");
        assert_eq!(name("Option 1", &["files"]), "Option 1, files");
        assert_eq!(
            name("Option 1", &["files", "SQLite"]),
            "Option 1 (files, SQLite)"
        );
    }

    #[test]
    fn the_command_is_the_readers_own() {
        assert_eq!(
            SUBJECTS[3].described().command,
            "cargo xtask run option1 --workers 8 -- --store redis://127.0.0.1"
        );
    }
}
