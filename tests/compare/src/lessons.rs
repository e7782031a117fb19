//! The lessons that are compared, in the order of the book. Who adds a lesson adds it here, and nowhere else.

use crate::lesson::{Answers, Lesson, Operation, Place, REDIS, Session};

pub(crate) static LESSONS: [Lesson; 5] = [
    Lesson {
        option: "Global variable",
        app: "global-variable",
        places: &[place("global-variable", "", &[])],
        value: "input.value",
        session: None,
        write: GLOBAL_VARIABLE,
        read: GLOBAL_VARIABLE,
        answers: Answers::WhatWasThere,
        shows: "content.children",
    },
    Lesson {
        option: "Option 1",
        app: "option1",
        places: &[
            place("option1", "files", &["--store", "file"]),
            place("option1-sqlite", "SQLite", &["--store", "sqlite"]),
            place("option1-redis", "Redis", &["--store", REDIS]),
        ],
        value: "input.value",
        session: Some(Session {
            name: "session_name.value",
            kept: "#kept",
        }),
        write: SESSION,
        read: SESSION,
        answers: Answers::WhatWasThere,
        shows: "content.children",
    },
    Lesson {
        option: "Option 2",
        app: "option2-inputs",
        places: &[
            place("option2", "memory", &["--storage", "memory"]),
            place("option2-session", "session", &["--storage", "session"]),
            place("option2-local", "local", &["--storage", "local"]),
        ],
        value: "input_1.value",
        session: None,
        write: Operation {
            input: "button.n_clicks",
            state: &["input_1.value", "input_2.value"],
            outputs: "cache.data",
        },
        read: Operation {
            input: "cache.data",
            state: &[],
            outputs: "content.children",
        },
        answers: Answers::WhatIsSent("cache.data"),
        shows: "content.children",
    },
    Lesson {
        option: "Option 3",
        app: "option3",
        places: &[place("option3", "", &[])],
        value: "input_1.value",
        session: None,
        write: Operation {
            input: "button.n_clicks",
            state: &["input_1.value", "input_2.value"],
            outputs: "cache.children",
        },
        read: Operation {
            input: "cache.children",
            state: &[],
            outputs: "content.children",
        },
        answers: Answers::WhatIsSent("cache.children"),
        shows: "content.children",
    },
    Lesson {
        option: "Option 4",
        app: "option4",
        places: &[
            place("option4", "files", &["--cache", "file"]),
            place("option4-redis", "Redis", &["--cache", REDIS]),
        ],
        value: "input.value",
        session: None,
        write: Operation {
            input: "button.n_clicks",
            state: &["input.value"],
            outputs: "..content.children...cache.children..",
        },
        read: Operation {
            input: "button2.n_clicks",
            state: &["input.value"],
            outputs: "..content_2.children...cache_2.children..",
        },
        answers: Answers::WhetherComputed,
        shows: "cache_2.children",
    },
];

const fn place(id: &'static str, name: &'static str, options: &'static [&'static str]) -> Place {
    Place { id, name, options }
}

/// A key press: it stores, and answers with what was there before.
const GLOBAL_VARIABLE: Operation = Operation {
    input: "input.value",
    state: &[],
    outputs: "content.children",
};

/// A click: the same, in a session.
const SESSION: Operation = Operation {
    input: "button.n_clicks",
    state: &["session_name.value", "input.value"],
    outputs: "..content.children...writers.children...place.children...kept.children..",
};
