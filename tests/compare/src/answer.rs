//! What a question is answered with: more than yes and no, because chance is an answer too.

use std::{fmt, mem};

use serde::{Deserialize, Serialize};

/// An answer, and how it came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    #[serde(flatten)]
    pub(crate) kind: Kind,
    /// What goes on after "yes, " or "no, "; empty if there is nothing to add.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) how: String,
}

/// The answers that there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// In every trial.
    Yes,
    /// In no trial.
    No,
    /// In so many trials of so many. Whether that depends on which worker answers, the answer's `how` says.
    ByChance {
        /// In how many trials.
        seen: usize,
        /// Of how many.
        of: usize,
    },
    /// Something is missing on this machine.
    NotMeasured,
    /// The measurement went wrong.
    Failed,
}

/// One look at what was stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trial {
    /// Whether it was there.
    pub(crate) seen: bool,
    /// Whether the worker that was asked is the one that had stored it.
    pub(crate) same_worker: bool,
}

impl Answer {
    pub(crate) fn new(kind: Kind, how: impl Into<String>) -> Self {
        Self {
            kind,
            how: how.into(),
        }
    }

    /// `Yes` or `No`, from one trial that chance has no part in.
    pub(crate) fn of(seen: bool) -> Self {
        Self::new(if seen { Kind::Yes } else { Kind::No }, "")
    }

    /// What several trials say together.
    pub(crate) fn of_trials(trials: &[Trial]) -> Self {
        let seen = trials.iter().filter(|trial| trial.seen).count();
        match (seen, trials.len()) {
            (0, _) => Self::of(false),
            (seen, of) if seen == of => Self::of(true),
            (seen, of) => {
                let by_worker = trials.iter().all(|trial| trial.seen == trial.same_worker);
                let how = match by_worker {
                    true => "when the worker that stored it answers",
                    false => "",
                };
                Self::new(Kind::ByChance { seen, of }, how)
            }
        }
    }

    /// The same, with what is to add to a yes.
    pub(crate) fn if_yes(self, how: &str) -> Self {
        match self.kind {
            Kind::Yes => Self::new(Kind::Yes, how),
            _ => self,
        }
    }

    /// Whether this says the same as `other`. How often it was so, by chance, says nothing.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        mem::discriminant(&self.kind) == mem::discriminant(&other.kind) && self.how == other.how
    }

    /// In a column of a table.
    pub(crate) fn short(&self) -> String {
        match self.kind {
            Kind::Yes => "yes".to_owned(),
            Kind::No => "no".to_owned(),
            Kind::ByChance { seen, of } => format!("{seen}/{of}"),
            Kind::NotMeasured => "?".to_owned(),
            Kind::Failed => "failed".to_owned(),
        }
    }
}

/// As a sentence without its end.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Yes => f.write_str("yes")?,
            Kind::No => f.write_str("no")?,
            Kind::ByChance { seen, of } => write!(f, "by chance, {seen} of {of}")?,
            Kind::NotMeasured => f.write_str("not measured")?,
            Kind::Failed => f.write_str("failed")?,
        }
        match (&self.kind, self.how.as_str()) {
            (_, "") => Ok(()),
            (Kind::NotMeasured | Kind::Failed, how) => write!(f, ": {how}"),
            (_, how) => write!(f, ", {how}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(of: &[(bool, bool)]) -> Answer {
        let trial = |&(seen, same_worker): &(bool, bool)| Trial { seen, same_worker };
        Answer::of_trials(&of.iter().map(trial).collect::<Vec<_>>())
    }

    #[test]
    fn trials_that_agree_are_a_yes_or_a_no() {
        assert_eq!(trials(&[(true, false), (true, true)]).to_string(), "yes");
        assert_eq!(trials(&[(false, false), (false, true)]).to_string(), "no");
    }

    #[test]
    fn trials_that_differ_are_chance_and_say_what_it_depends_on() {
        assert_eq!(
            trials(&[(true, true), (false, false), (false, false)]).to_string(),
            "by chance, 1 of 3, when the worker that stored it answers"
        );
        assert_eq!(
            trials(&[(true, false), (false, false)]).to_string(),
            "by chance, 1 of 2"
        );
    }

    #[test]
    fn two_answers_by_chance_agree_whatever_their_numbers() {
        let once = trials(&[(true, true), (false, false)]);
        let twice = trials(&[(true, true), (true, true), (false, false)]);
        assert!(once.agrees_with(&twice));
        assert!(!once.agrees_with(&Answer::of(true)));
        assert!(!Answer::of(true).agrees_with(&Answer::of(true).if_yes("with a name")));
    }
}
