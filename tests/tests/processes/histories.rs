//! Recorded histories, judged again by what the manifests promise.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use ::histories::{EventKind, Guarantee, History};

/// Where the book has its histories.
const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/histories");

/// The program, which is built together with this test.
fn program() -> PathBuf {
    let test = env::current_exe().expect("a running program has a file");
    let folder = test.ancestors().nth(2);
    folder.expect("cargo puts tests into `deps`").join("check")
}

/// Judges this history of `lesson`: the exit code, and all that was said.
fn replay(lesson: &str, history: &str) -> (Option<i32>, String) {
    let file = tempfile::NamedTempFile::new().expect("the temporary folder can be written to");
    fs::write(file.path(), history).expect("a temporary file can be written to");
    replay_file(lesson, file.path(), &[])
}

fn replay_file(lesson: &str, file: &Path, options: &[&Path]) -> (Option<i32>, String) {
    let output = Command::new(program())
        .args(["check", lesson, "--replay"])
        .arg(file)
        .args(options)
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
        said.contains("linearizable                        holds    as promised"),
        "{said}"
    );
}

#[test]
fn a_session_that_loses_a_click_ends_with_1_and_names_both_calls() {
    let (code, said) = replay("option1", &clicks("option1", 8, ["\"Init\"", "\"Init\""]));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("no lost update                      broken   NOT AS PROMISED  calls 1, 2: "),
        "{said}"
    );
}

#[test]
fn a_global_variable_that_looks_right_with_eight_workers_is_as_suspicious() {
    let history = clicks("global-variable", 8, ["null", "\"A1\""]);
    let (code, said) = replay("global-variable", &history);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("linearizable                        holds    NOT AS PROMISED"),
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
    let (code, said) = replay("frontend-backend", "");
    assert_eq!(code, Some(2));
    assert!(said.contains("frontend-backend keeps nothing"), "{said}");
    let (code, said) = replay("option9", "");
    assert_eq!(code, Some(2));
    assert!(said.contains("did you mean"), "{said}");
}

#[test]
fn a_history_of_another_lesson_is_refused() {
    let history = clicks("option1", 8, ["\"Init\"", "\"A1\""]);
    let (code, said) = replay("global-variable", &history);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("line 1: this is a history of option1; expected one of global-variable"),
        "{said}"
    );
}

#[test]
fn the_books_histories_are_judged_as_promised_and_its_pictures_are_theirs() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written to");
    let picture = folder.path().join("picture.svg");
    let mut seen = 0;
    for entry in fs::read_dir(BOOK).expect("the book has histories") {
        let file = entry.expect("the folder can be read").path();
        if file.extension().is_none_or(|kind| kind != "jsonl") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a history is text");
        let header: serde_json::Value =
            serde_json::from_str(text.lines().next().unwrap_or_default()).expect("a header");
        let lesson = header["lesson"].as_str().expect("a lesson");
        let (code, said) = replay_file(lesson, &file, &[Path::new("--picture"), &picture]);
        assert_eq!(code, Some(0), "{}: {said}", file.display());
        let [committed, drawn] = [&file.with_extension("svg"), &picture].map(fs::read_to_string);
        assert_eq!(committed.ok(), drawn.ok(), "{}", file.display());
        seen += 1;
    }
    assert!(seen > 0, "{BOOK} is empty");
}

#[test]
fn eight_copies_break_every_promise_together_and_keep_it_each_alone() {
    let text = fs::read_to_string(Path::new(BOOK).join("global-variable-8.jsonl"));
    let history = History::parse(&text.expect("the book has it")).expect("it is a history");
    assert_eq!(Guarantee::Linearizable.judge(&history).holds(), Some(false));
    let by = |event: &::histories::Event| match &event.kind {
        EventKind::Answer(answer) => answer.by,
        _ => None,
    };
    let workers: BTreeSet<_> = history.events().iter().filter_map(by).collect();
    assert!(workers.len() > 1, "{workers:?}");
    for worker in workers {
        let verdict = Guarantee::Linearizable.judge(&history.answered_by(worker));
        assert_eq!(verdict.holds(), Some(true), "{worker:?}: {verdict}");
    }
}
