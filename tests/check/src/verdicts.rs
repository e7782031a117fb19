//! What the manifest promises, beside what a history shows.

use std::fmt::Write as _;

use anyhow::bail;
use histories::{EventKind, Fault, Guarantee, History, Operation, Verdict};
use xtask::registry::App;

/// A guarantee, and what the manifest says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    pub(crate) guarantee: Guarantee,
    /// Whether it holds or breaks; none if nothing is promised.
    pub(crate) holds: Option<bool>,
}

/// Each guarantee of the operation, with what is promised under so many workers, with these options and faults.
pub(crate) fn expected(
    app: &App,
    operation: Operation,
    workers: u16,
    options: &[String],
    faults: &[Fault],
) -> anyhow::Result<Vec<Expected>> {
    let guarantees = Guarantee::of(operation, ttl(options));
    let is_known = |name: &&String| {
        guarantees
            .iter()
            .any(|guarantee| guarantee.name() == **name)
    };
    let mut named = app
        .promises
        .iter()
        .flat_map(|promise| promise.holds.iter().chain(&promise.breaks));
    if let Some(unknown) = named.find(|name| !is_known(name)) {
        let known: Vec<_> = guarantees.iter().map(Guarantee::name).collect();
        bail!(
            "{} promises `{unknown}`; expected one of: {}",
            app.id,
            known.join(", ")
        );
    }
    let expected = guarantees.iter().map(|guarantee| Expected {
        guarantee: *guarantee,
        holds: app.promised(guarantee.name(), workers, options, faults),
    });
    Ok(expected.collect())
}

/// The time to live of results in milliseconds, as the app's options have it.
fn ttl(options: &[String]) -> f64 {
    let words: Vec<&str> = options
        .iter()
        .flat_map(|option| option.split('='))
        .collect();
    let given = words.windows(2).find(|pair| pair[0] == "--ttl-seconds");
    let seconds = given.and_then(|pair| pair[1].parse::<f64>().ok());
    seconds.unwrap_or(60.0) * 1000.0
}

/// One line a guarantee, and whether all is as promised.
pub(crate) fn table(expected: &[Expected], history: &History) -> (String, bool) {
    let (mut table, mut kept) = (String::new(), true);
    let has_end = history
        .events()
        .iter()
        .any(|event| matches!(event.kind, EventKind::Ended(_)));
    let judged = expected
        .iter()
        .filter(|expected| expected.guarantee != Guarantee::SurvivesKill || has_end);
    for Expected { guarantee, holds } in judged {
        let verdict = guarantee.judge(history);
        let beside = match (holds, verdict.holds()) {
            (None, _) => "not promised",
            (Some(promised), Some(found)) if *promised == found => "as promised",
            (Some(_), _) => {
                kept = false;
                "NOT AS PROMISED"
            }
        };
        let (found, why) = match &verdict {
            Verdict::Holds(calls) => ("holds", format!("{calls} calls")),
            Verdict::Unknown(reason) => ("unknown", reason.clone()),
            Verdict::Broken(contradiction) => {
                let [first, second] = contradiction.calls;
                let calls = match first == second {
                    true => format!("call {first}"),
                    false => format!("calls {first}, {second}"),
                };
                ("broken", format!("{calls}: {}", contradiction.words))
            }
        };
        let _ = writeln!(
            table,
            "{:35} {found:7}  {beside:15}  {why}",
            guarantee.name()
        );
    }
    (table, kept)
}
