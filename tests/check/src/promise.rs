//! What the manifest promises, beside what a history shows.

use std::fmt::Write as _;

use histories::{EventKind, Guarantee, History, Verdict};
use xtask::registry::{App, Promise};

/// Some of a manifest's words that are no guarantee's name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownGuarantee(pub(crate) String);

impl std::fmt::Display for UnknownGuarantee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the manifest promises `{}`, which is no guarantee of this operation; expected names such as `linearizable`",
            self.0
        )
    }
}

impl std::error::Error for UnknownGuarantee {}

/// A guarantee, and what the manifest says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    pub(crate) guarantee: Guarantee,
    /// Whether it holds or breaks; none if nothing is promised.
    pub(crate) holds: Option<bool>,
}

/// Each guarantee of the operation, with what is promised under so many workers and these faults.
pub(crate) fn expected(
    app: &App,
    guarantees: &[Guarantee],
    workers: u16,
    faults: &[&str],
) -> Result<Vec<Expected>, UnknownGuarantee> {
    let several = if workers > 1 { 8 } else { 1 };
    let is_meant = |promise: &&Promise| promise.workers.contains(&several);
    let promises: Vec<_> = app.promises.iter().filter(is_meant).collect();
    let is_name = |name: &&String| {
        !guarantees
            .iter()
            .any(|guarantee| guarantee.name() == **name)
    };
    let mut names = app
        .promises
        .iter()
        .flat_map(|promise| promise.holds.iter().chain(&promise.breaks));
    if let Some(unknown) = names.find(is_name) {
        return Err(UnknownGuarantee(unknown.clone()));
    }
    let holds = |guarantee: &Guarantee| {
        promises.iter().find_map(|promise| {
            let lists = |list: &[String]| list.iter().any(|name| name == guarantee.name());
            let covers = |fault: &&str| promise.faults.iter().any(|covered| covered == fault);
            if lists(&promise.breaks) {
                Some(false)
            } else {
                (lists(&promise.holds) && faults.iter().all(covers)).then_some(true)
            }
        })
    };
    let expected = guarantees.iter().map(|guarantee| Expected {
        guarantee: *guarantee,
        holds: holds(guarantee),
    });
    Ok(expected.collect())
}

/// One line a guarantee, and whether all is as promised.
pub(crate) fn table(expected: &[Expected], history: &History) -> (String, bool) {
    let width = expected
        .iter()
        .map(|expected| expected.guarantee.name().len())
        .max();
    let width = width.unwrap_or_default();
    let (mut table, mut kept) = (String::new(), true);
    let has_end = history
        .events()
        .iter()
        .any(|event| matches!(event.kind, EventKind::Ended(_)));
    for Expected { guarantee, holds } in expected {
        if *guarantee == Guarantee::SurvivesKill && !has_end {
            continue;
        }
        let verdict = guarantee.judge(history);
        let found = match &verdict {
            Verdict::Holds(_) => "holds",
            Verdict::Broken(_) => "broken",
            Verdict::Unknown(_) => "unknown",
        };
        let beside = match (holds, verdict.holds()) {
            (None, _) => "not promised",
            (Some(promised), Some(found)) if *promised == found => "as promised",
            (Some(_), _) => {
                kept = false;
                "NOT AS PROMISED"
            }
        };
        let why = match &verdict {
            Verdict::Holds(calls) => format!("{calls} calls"),
            Verdict::Broken(contradiction) => {
                let [first, second] = contradiction.calls;
                match first == second {
                    true => format!("call {first}: {}", contradiction.words),
                    false => format!("calls {first}, {second}: {}", contradiction.words),
                }
            }
            Verdict::Unknown(reason) => reason.clone(),
        };
        let _ = writeln!(
            table,
            "{:width$}  {found:7}  {beside:15}  {why}",
            guarantee.name()
        );
    }
    (table, kept)
}
