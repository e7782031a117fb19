//! The questions, in the order of the table. Each is one small function, and what its comment asks is what it measures.

mod shared;
mod survives;
mod user;

use serde::{Deserialize, Serialize};

use crate::{answer::Answer, deployment::Deployment};

/// A question about where the data is, whom it reaches, and what it outlives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Question {
    AnotherUser,
    AnotherTab,
    Reload,
    NewTab,
    AnotherBrowser,
    AllKilled,
    Restart,
    UserReads,
    UserChanges,
}

impl Question {
    pub(crate) const ALL: [Self; 9] = [
        Self::AnotherUser,
        Self::AnotherTab,
        Self::Reload,
        Self::NewTab,
        Self::AnotherBrowser,
        Self::AllKilled,
        Self::Restart,
        Self::UserReads,
        Self::UserChanges,
    ];

    /// Asks it. What a question does to the deployment, such as killing its workers, does not matter to the next one.
    pub(crate) async fn ask(self, deployment: Deployment<'_>) -> (Deployment<'_>, Answer) {
        let mut deployment = deployment;
        let answer = match self {
            Self::AnotherUser => shared::seen_by_another_user(&mut deployment).await,
            Self::AnotherTab => shared::seen_by_another_tab(&mut deployment).await,
            Self::Reload => survives::survives_a_reload(&mut deployment).await,
            Self::NewTab => survives::survives_its_tab(&mut deployment).await,
            Self::AnotherBrowser => survives::survives_another_browser(&mut deployment).await,
            Self::AllKilled => survives::survives_the_death_of_all(&mut deployment).await,
            Self::Restart => return survives::survives_a_restart(deployment).await,
            Self::UserReads => user::user_can_read_it(&mut deployment).await,
            Self::UserChanges => user::user_can_change_it(&mut deployment).await,
        };
        (deployment, answer)
    }

    /// Whether it is about what a browser does.
    pub(crate) fn needs_browser(self) -> bool {
        self != Self::UserChanges
    }

    /// What stands over a narrow column.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::AnotherUser => "other user",
            Self::AnotherTab => "other tab",
            Self::Reload => "reload",
            Self::NewTab => "tab closed",
            Self::AnotherBrowser => "other browser",
            Self::AllKilled => "all killed",
            Self::Restart => "restart",
            Self::UserReads => "user reads",
            Self::UserChanges => "user forges",
        }
    }

    /// The whole question.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::AnotherUser => "Is what one person stores seen by another person?",
            Self::AnotherTab => "Is it seen by another tab of the same person?",
            Self::Reload => "Does it survive a reload of the page?",
            Self::NewTab => "Does it survive the end of its tab, in a new one?",
            Self::AnotherBrowser => "Does it survive a change to another browser?",
            Self::AllKilled => "Does it survive `kill -9` of all workers?",
            Self::Restart => "Does it survive a restart of the server?",
            Self::UserReads => "Can the user read it where the page does not show it?",
            Self::UserChanges => "Can the user forge it, and be believed?",
        }
    }
}
