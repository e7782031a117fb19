//! Each guarantee with a history that keeps it and one that breaks it, and histories that are refused.

use histories::{Guarantee, History, Place, Verdict, picture};

/// A history of swaps of one key. A line is `person call..answer write <- read`; without an answer the call never ended.
fn history(lines: &str) -> History {
    let mut events = Vec::new();
    for (number, line) in (1..).zip(lines.trim().lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [person, times, operation, write, _, read] = words[..] else {
            panic!("{line}")
        };
        let (called, answered) = times
            .split_once("..")
            .expect("the test's line is well formed");
        let write = if write == "-" {
            "null".to_owned()
        } else {
            write.to_owned()
        };
        events.push((
            called.parse::<f64>().expect("the test's line is well formed"),
            format!(r#""event":"call","call":{number},"person":"{person}","operation":"{operation}","write":{write}"#),
        ));
        if let Ok(answered) = answered.parse::<f64>() {
            let more = match operation {
                "compute" => {
                    let (origin, age) = read
                        .split_once('/')
                        .expect("the test's line is well formed");
                    format!(r#""origin":"{origin}","age":{age}"#)
                }
                _ => format!(r#""read":{read}"#),
            };
            events.push((
                answered,
                format!(r#""event":"answer","call":{number},"worker":1,{more}"#),
            ));
        }
    }
    events.sort_by(|a, b| a.0.total_cmp(&b.0));
    let header = r#"{"history":1,"lesson":"small","workers":2}"#;
    let lines = events
        .iter()
        .map(|(at, event)| format!("{{\"at\":{at},{event}}}\n"));
    History::parse(&format!("{header}\n{}", lines.collect::<String>()))
        .expect("the test's line is well formed")
}

fn holds(guarantee: Guarantee, lines: &str) {
    let verdict = guarantee.judge(&history(lines));
    assert!(
        matches!(verdict, Verdict::Holds(_)),
        "{guarantee}: {verdict}"
    );
}

fn breaks(guarantee: Guarantee, lines: &str, calls: [u64; 2]) {
    match guarantee.judge(&history(lines)) {
        Verdict::Broken(contradiction) => {
            assert_eq!(contradiction.calls, calls, "{}", contradiction.words);
        }
        other => panic!("{guarantee}: {other}"),
    }
}

const CHAIN: &str = "
A 0..2 swap 1 <- 0
B 1..4 swap 2 <- 1
A 5..6 swap 3 <- 2";

#[test]
fn one_chain_in_time_is_linearizable() {
    holds(Guarantee::Linearizable, CHAIN);
    holds(Guarantee::NoLostUpdate, CHAIN);
    holds(Guarantee::NothingReadTwice, CHAIN);
}

#[test]
fn two_copies_lose_an_update() {
    let two_copies = "
A 0..1 swap 1 <- 0
B 2..3 swap 2 <- 0
A 4..5 swap 3 <- 1";
    breaks(Guarantee::Linearizable, two_copies, [1, 2]);
    breaks(Guarantee::NoLostUpdate, two_copies, [1, 2]);
    breaks(Guarantee::NothingReadTwice, two_copies, [1, 2]);
    holds(Guarantee::NothingInvented, two_copies);
}

#[test]
fn a_chain_against_time_is_not_linearizable() {
    // B's call was over before A's began, and reads what A's wrote.
    breaks(
        Guarantee::Linearizable,
        "
B 0..1 swap 2 <- 1
A 2..3 swap 1 <- 0",
        [2, 1],
    );
}

#[test]
fn two_calls_that_each_come_after_the_other_are_found() {
    breaks(
        Guarantee::Linearizable,
        "
A 0..3 swap 1 <- 2
B 1..4 swap 2 <- 1",
        [2, 1],
    );
}

#[test]
fn a_call_without_an_answer_may_have_happened_or_not() {
    // Somebody read what it wrote.
    holds(
        Guarantee::Linearizable,
        "
A 0..1 swap 1 <- 0
B 2..never swap 2 <- 0
A 5..6 swap 3 <- 2",
    );
    // Nobody did.
    holds(
        Guarantee::Linearizable,
        "
A 0..1 swap 1 <- 0
B 2..never swap 2 <- 0
A 5..6 swap 3 <- 1",
    );
    // It cannot have happened before it was made.
    breaks(
        Guarantee::Linearizable,
        "
A 0..1 swap 1 <- 0
A 2..3 swap 3 <- 2
B 4..never swap 2 <- 0",
        [3, 2],
    );
}

#[test]
fn pieces_that_time_cannot_order_are_found() {
    // Two calls without an answer, each followed by one that read it; the second piece is over before the first piece's calls are made, and
    // begins only after they have ended.
    breaks(
        Guarantee::Linearizable,
        "
A 0..never swap 1 <- 0
B 0..never swap 2 <- 0
A 1..2 swap 3 <- 1
B 3..4 swap 4 <- 2
A 5..6 swap 5 <- 3",
        [4, 5],
    );
}

#[test]
fn a_value_that_nobody_wrote_is_invented() {
    breaks(
        Guarantee::NothingInvented,
        "
A 0..1 swap 1 <- 0
A 2..3 swap 2 <- 7",
        [2, 2],
    );
    breaks(
        Guarantee::NothingInvented,
        "
A 0..1 swap 1 <- 2
B 2..3 swap 2 <- 1",
        [2, 1],
    );
}

#[test]
fn who_reads_something_older_than_the_own_write_is_told() {
    holds(Guarantee::ReadYourWrites, CHAIN);
    breaks(
        Guarantee::ReadYourWrites,
        "
A 0..1 put 1 <- null
A 2..3 put 2 <- null
A 4..5 get - <- 1",
        [2, 3],
    );
}

#[test]
fn who_reads_backwards_is_told() {
    let backwards = "
A 0..1 put 1 <- null
A 2..3 put 2 <- null
B 4..5 get - <- 2
B 6..7 get - <- 1";
    breaks(Guarantee::MonotonicReads, backwards, [3, 4]);
    breaks(Guarantee::Linearizable, backwards, [3, 4]);
}

#[test]
fn two_equal_sums_are_a_lost_update() {
    holds(
        Guarantee::NoLostUpdate,
        "
A 0..9 add 1 <- 1
A 1..9.5 add 1 <- 2",
    );
    breaks(
        Guarantee::NoLostUpdate,
        "
A 0..9 add 1 <- 1
A 1..9.5 add 1 <- 1",
        [1, 2],
    );
    breaks(
        Guarantee::Linearizable,
        "
A 0..9 add 1 <- 1
A 1..9.5 add 1 <- 1",
        [1, 2],
    );
}

#[test]
fn a_result_is_computed_once_while_it_lives() {
    let once = "
A 0..50 compute - <- miss/0
B 10..51 compute - <- wait/1
B 60..61 compute - <- hit/11
A 200..250 compute - <- miss/0";
    holds(Guarantee::ComputedOnce(100.0), once);
    breaks(Guarantee::ComputedOnce(300.0), once, [1, 4]);
    holds(Guarantee::NeverOlderThan(11.0), once);
    breaks(Guarantee::NeverOlderThan(10.0), once, [3, 3]);
}

#[test]
fn what_a_killed_worker_alone_knew_is_forgotten() {
    let text = |read: &str| {
        format!(
            r#"{{"history":1,"lesson":"small","workers":1}}
{{"at":1,"event":"call","call":1,"person":"A","operation":"swap","write":"A1"}}
{{"at":2,"event":"answer","call":1,"worker":1,"read":"Init"}}
{{"at":3,"event":"fault","kind":"kill","worker":1}}
{{"at":3,"event":"ended","worker":1}}
{{"at":4,"event":"started","worker":1,"life":2}}
{{"at":5,"event":"call","call":2,"person":"A","operation":"swap","write":"A2"}}
{{"at":6,"event":"answer","call":2,"worker":1,"life":2,"read":{read}}}"#
        )
    };
    let judge = |read| {
        Guarantee::SurvivesKill
            .judge(&History::parse(&text(read)).expect("the test's line is well formed"))
    };
    assert_eq!(judge("\"A1\"").holds(), Some(true));
    assert_eq!(judge("null").holds(), Some(false));
}

#[test]
fn a_history_that_cannot_be_judged_is_said_to_be() {
    let twice = history(
        "
A 0..1 swap 1 <- 0
B 2..3 swap 1 <- 1",
    );
    let verdict = Guarantee::Linearizable.judge(&twice);
    assert!(
        verdict.to_string().contains("calls 1 and 2 both write `1`"),
        "{verdict}"
    );

    // Sixty calls at once, and an answer that fits nowhere.
    let calls = (0..60).map(|number| {
        format!(
            "P{number} {number}..{} put {number} <- null\n",
            100 + number
        )
    });
    let lines: String = calls.collect();
    let verdict =
        Guarantee::Linearizable.judge(&history(&format!("{lines}A 200..201 get - <- 99")));
    assert!(verdict.to_string().contains("given up after"), "{verdict}");
}

#[test]
fn what_is_no_history_is_refused_with_its_line() {
    const HEADER: &str = r#"{"history":1,"lesson":"small","workers":1}"#;
    const CALL: &str =
        r#"{"at":2,"event":"call","call":1,"person":"A","operation":"swap","write":"x"}"#;
    for (text, part) in [
        (String::new(), "is empty"),
        ("hello".to_owned(), "line 1 is not the header"),
        (
            r#"{"history":2,"lesson":"small","workers":1}"#.to_owned(),
            "version 2",
        ),
        (format!("{HEADER}\n{{\"at\":1}}"), "line 2 is not an event"),
        (
            format!("{HEADER}\n{CALL}\n{CALL}"),
            "line 3: call 1 was made before",
        ),
        (
            format!("{HEADER}\n{{\"at\":1,\"event\":\"answer\",\"call\":1}}"),
            "line 2: call 1 is answered, but was not made",
        ),
        (
            format!("{HEADER}\n{CALL}\n{{\"at\":1,\"event\":\"fault\",\"kind\":\"kill\"}}"),
            "line 3: the event is at 1 ms",
        ),
    ] {
        let message = History::parse(&text).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_picture_marks_the_two_events_that_contradict_each_other() {
    let history = history(
        "
A 0..1 swap 1 <- 0
B 2..3 swap 2 <- 0",
    );
    let verdict = Guarantee::Linearizable.judge(&history);
    let svg = picture(&history, Place::Workers, &verdict);
    assert!(
        svg.contains("<desc>broken: calls 1 and 2 both read `0`</desc>"),
        "{svg}"
    );
    for event in [1, 3] {
        assert!(
            svg.contains(&format!("<text class=\"wrong\" data-event=\"{event}\"")),
            "{svg}"
        );
    }
    assert!(
        (0..4).all(|event| svg.contains(&format!("data-event=\"{event}\""))),
        "{svg}"
    );
}

#[test]
fn a_result_that_may_have_died_just_before_is_rightly_computed_again() {
    // Kept at 8 and dead at 108, when A looks; both answers and calls are a little later or earlier than that.
    let again = "
A 0..10 compute - <- miss/0
A 109..120 compute - <- miss/0";
    holds(Guarantee::ComputedOnce(100.0), again);
    // Two that overlap are two computations, whenever they were kept.
    let twice = "
A 0..10 compute - <- miss/0
B 5..15 compute - <- miss/0";
    breaks(Guarantee::ComputedOnce(100.0), twice, [1, 2]);
}
