//! The questions, in the order of the table. Each is one small function, and what its comment asks is what it measures.

mod shared;
mod survives;
mod user;

use serde::{Deserialize, Serialize};

use crate::{answer::Answer, scene::Scene};

/// A question about where the data is, whom it reaches, and what it outlives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    AnotherUser,
    AnotherTab,
    AnotherWorker,
    Reload,
    NewTab,
    AnotherBrowser,
    KilledWorker,
    AllKilled,
    Restart,
    UserReads,
    UserChanges,
}

/// A question as the report describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Described {
    pub(crate) id: String,
    /// What the row of a table says; with the group before it, a question.
    pub(crate) text: String,
    /// Is it seen by, does it survive, can the user.
    pub(crate) group: String,
}

impl Question {
    pub(crate) const ALL: [Self; 11] = [
        Self::AnotherUser,
        Self::AnotherTab,
        Self::AnotherWorker,
        Self::Reload,
        Self::NewTab,
        Self::AnotherBrowser,
        Self::KilledWorker,
        Self::AllKilled,
        Self::Restart,
        Self::UserReads,
        Self::UserChanges,
    ];

    /// Asks it. What a question does to the scene, such as killing its workers, does not matter to the next one.
    pub(crate) async fn ask(self, scene: Scene<'_>) -> (Scene<'_>, Answer) {
        let mut scene = scene;
        let answer = match self {
            Self::AnotherUser => shared::seen_by_another_user(&mut scene).await,
            Self::AnotherTab => shared::seen_by_another_tab(&mut scene).await,
            Self::AnotherWorker => shared::seen_by_another_worker(&mut scene).await,
            Self::Reload => survives::survives_a_reload(&mut scene).await,
            Self::NewTab => survives::survives_its_tab(&mut scene).await,
            Self::AnotherBrowser => survives::survives_another_browser(&mut scene).await,
            Self::KilledWorker => survives::survives_a_killed_worker(&mut scene).await,
            Self::AllKilled => survives::survives_the_death_of_all(&mut scene).await,
            Self::Restart => return survives::survives_a_restart(scene).await,
            Self::UserReads => user::user_can_read_it(&mut scene).await,
            Self::UserChanges => user::user_can_change_it(&mut scene).await,
        };
        (scene, answer)
    }

    /// Whether it is about what a browser does.
    pub(crate) fn needs_browser(self) -> bool {
        !matches!(self, Self::AnotherWorker | Self::UserChanges)
    }

    pub(crate) fn id(self) -> &'static str {
        self.words().0
    }

    pub(crate) fn described(self) -> Described {
        let (id, group, text) = self.words();
        Described {
            id: id.to_owned(),
            text: text.to_owned(),
            group: group.to_owned(),
        }
    }

    /// Id, group and text.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        const SEEN: &str = "Is what one person stores seen by";
        const SURVIVES: &str = "Does it survive";
        const USER: &str = "Can the user";
        match self {
            Self::AnotherUser => ("another-user", SEEN, "another person"),
            Self::AnotherTab => ("another-tab", SEEN, "another tab of the same person"),
            Self::AnotherWorker => ("another-worker", SEEN, "another worker"),
            Self::Reload => ("reload", SURVIVES, "a reload of the page"),
            Self::NewTab => ("new-tab", SURVIVES, "the end of its tab, in a new one"),
            Self::AnotherBrowser => ("another-browser", SURVIVES, "a change to another browser"),
            Self::KilledWorker => (
                "killed-worker",
                SURVIVES,
                "`kill -9` of the worker that stored it",
            ),
            Self::AllKilled => ("all-killed", SURVIVES, "`kill -9` of all workers"),
            Self::Restart => ("restart", SURVIVES, "a restart of the server"),
            Self::UserReads => (
                "user-reads",
                USER,
                "read it where the page does not show it",
            ),
            Self::UserChanges => ("user-changes", USER, "forge it, and be believed"),
        }
    }
}
