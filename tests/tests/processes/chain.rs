//! The chain of a session: each click reads what one other has stored, and stores what one other will read.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;
use harness::Address;
use hyper::Method;

use crate::{
    UPDATE,
    lessons::{Shown, click},
};

/// One click that was answered: what it read, and what it stored in its place.
#[derive(Debug)]
pub(crate) struct Link {
    read: String,
    stored: String,
}

/// What came of many clicks on one session.
#[derive(Debug, Default)]
pub(crate) struct Clicks {
    answered: Vec<Link>,
    /// The values of those clicks whose worker was killed before it answered. Nobody can say whether they were stored.
    unanswered: HashSet<String>,
}

impl Clicks {
    /// `clients` people click at the same time, each again and again with values of their own, until `enough` says that one has clicked enough.
    ///
    /// Any of `servers` may get a click.
    pub(crate) async fn by(
        clients: usize,
        servers: &[Address],
        session: &str,
        enough: impl Fn(usize) -> bool,
    ) -> Self {
        let enough = &enough;
        let clicking = (0..clients).map(async |client| {
            let mut clicks = Self::default();
            let mut turn = 0;
            while !enough(turn) {
                let server = servers[(client + turn) % servers.len()];
                clicks
                    .add(server, session, format!("{client}-{turn}"))
                    .await;
                turn += 1;
            }
            clicks
        });
        let mut all = Self::default();
        for clicks in join_all(clicking).await {
            all.answered.extend(clicks.answered);
            all.unanswered.extend(clicks.unanswered);
        }
        all
    }

    /// One more click.
    pub(crate) async fn add(&mut self, server: Address, session: &str, value: String) {
        let body = click(Some(session), &value);
        match server.request(Method::POST, UPDATE, Some(&body)).await {
            Ok(answer) => {
                let shown = Shown::of(&answer);
                self.answered.push(Link {
                    stored: shown.stored(),
                    read: shown.held,
                });
            }
            Err(_) => drop(self.unanswered.insert(value)),
        }
    }

    /// How many clicks were answered.
    pub(crate) fn answered(&self) -> usize {
        self.answered.len()
    }

    /// How many were not.
    pub(crate) fn unanswered(&self) -> usize {
        self.unanswered.len()
    }

    /// No value was read twice, none was made up, and none was lost but by a click without an answer.
    ///
    /// The clicks with an answer are pieces of one chain, which begins with `None`. A worker that is killed after it has stored
    /// a click's value, and before it has answered, tears out one link: nobody sees what that click read, and its own value stands
    /// in the session for the next one. So there are at most as many gaps as clicks without an answer, and if each was answered
    /// there is one piece: each value was read exactly once.
    pub(crate) fn assert_chain(&self) {
        let mut next = HashMap::new();
        for link in &self.answered {
            let other = next.insert(&link.read, &link.stored);
            assert_eq!(other, None, "{:?} was read twice", link.read);
        }
        let stored: HashSet<_> = next.values().copied().collect();
        assert_eq!(
            stored.len(),
            self.answered.len(),
            "a value was stored twice"
        );

        let mut reached = 0;
        for beginning in next.keys().filter(|read| !stored.contains(*read)) {
            assert!(self.may_begin(beginning), "nobody has stored {beginning:?}");
            let mut value = *beginning;
            while let Some(after) = next.get(value) {
                value = after;
                reached += 1;
            }
        }
        assert_eq!(
            reached,
            self.answered.len(),
            "some clicks have read in a circle"
        );
    }

    /// Whether a piece of the chain may begin with a value that no answered click has stored.
    fn may_begin(&self, value: &str) -> bool {
        // The first click of all stores `Init` and not its own value.
        let first_unanswered = value == "Init" && !self.unanswered.is_empty();
        value == "None" || first_unanswered || self.unanswered.contains(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(answered: &[(&str, &str)], unanswered: &[&str]) -> Clicks {
        let link = |(read, stored): &(&str, &str)| Link {
            read: (*read).to_owned(),
            stored: (*stored).to_owned(),
        };
        Clicks {
            answered: answered.iter().map(link).collect(),
            unanswered: unanswered.iter().map(|&value| value.to_owned()).collect(),
        }
    }

    #[test]
    fn a_chain_holds_in_any_order_and_with_the_gaps_of_unanswered_clicks() {
        clicks(&[("a", "b"), ("None", "Init"), ("Init", "a")], &[]).assert_chain();
        clicks(&[("None", "Init"), ("x", "b")], &["x", "y"]).assert_chain();
        clicks(&[("Init", "a")], &["x"]).assert_chain();
    }

    #[test]
    #[should_panic(expected = "\"a\" was read twice")]
    fn a_value_that_two_have_read_is_found() {
        clicks(
            &[("None", "Init"), ("Init", "a"), ("a", "b"), ("a", "c")],
            &[],
        )
        .assert_chain();
    }

    #[test]
    #[should_panic(expected = "nobody has stored \"b\"")]
    fn a_value_that_nobody_stored_is_found() {
        clicks(&[("None", "Init"), ("b", "c")], &["x"]).assert_chain();
    }

    #[test]
    #[should_panic(expected = "in a circle")]
    fn a_circle_is_found() {
        clicks(&[("None", "Init"), ("a", "b"), ("b", "a")], &[]).assert_chain();
    }
}
