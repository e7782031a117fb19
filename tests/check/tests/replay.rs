//! Recorded histories, judged again by what the manifests promise.

use std::{fs, process::Command};

/// Judges this history of `lesson`: the exit code, and all that was said.
fn replay(lesson: &str, history: &str) -> (Option<i32>, String) {
    let file = tempfile::NamedTempFile::new().expect("the temporary folder can be written to");
    fs::write(file.path(), history).expect("a temporary file can be written to");
    let output = Command::new(env!("CARGO_BIN_EXE_check"))
        .args([lesson, "--replay"])
        .arg(file.path())
        .output()
        .expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// Two clicks of two people, which read these values.
fn clicks(lesson: &str, workers: u32, reads: [&str; 2]) -> String {
    let [first, second] = reads;
    format!(
        r#"{{"history":1,"lesson":"{lesson}","workers":{workers}}}
{{"at":1,"event":"call","call":1,"person":"A","operation":"swap","write":"A1"}}
{{"at":2,"event":"answer","call":1,"worker":1,"read":{first}}}
{{"at":3,"event":"call","call":2,"person":"B","operation":"swap","write":"B2"}}
{{"at":4,"event":"answer","call":2,"worker":2,"read":{second}}}
"#
    )
}

#[test]
fn a_session_that_keeps_its_promises_ends_with_0() {
    let (code, said) = replay("option1", &clicks("option1", 8, ["\"Init\"", "\"A1\""]));
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("linearizable        holds    as promised"),
        "{said}"
    );
}

#[test]
fn a_session_that_loses_a_click_ends_with_1_and_names_both_calls() {
    let (code, said) = replay("option1", &clicks("option1", 8, ["\"Init\"", "\"Init\""]));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("no lost update      broken   NOT AS PROMISED  calls 1, 2: "),
        "{said}"
    );
}

#[test]
fn a_global_variable_that_looks_right_with_eight_workers_is_as_suspicious() {
    let history = clicks("global-variable", 8, ["null", "\"A1\""]);
    let (code, said) = replay("global-variable", &history);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("linearizable        holds    NOT AS PROMISED"),
        "{said}"
    );
    // With one worker it is right.
    let history = clicks("global-variable", 1, ["null", "\"A1\""]);
    assert_eq!(replay("global-variable", &history).0, Some(0));
}

#[test]
fn what_is_no_history_and_what_keeps_nothing_are_refused_in_words() {
    let (code, said) = replay("option1", "{\"at\":1}\n");
    assert_eq!(code, Some(1));
    assert!(
        said.contains("line 1 is not the header of a history"),
        "{said}"
    );
    let (code, said) = replay("option3", "");
    assert_eq!(code, Some(2));
    assert!(
        said.contains("option3 keeps nothing on the server"),
        "{said}"
    );
    let (code, said) = replay("option9", "");
    assert_eq!(code, Some(2));
    assert!(said.contains("did you mean"), "{said}");
}
