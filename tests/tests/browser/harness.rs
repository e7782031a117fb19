//! The harness keeps its own promises: nothing is left behind, nothing fails in silence, and a failure says where and what.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use harness::{App, Browser, Emulated, ProcessTable, alone};
use serde_json::{Value, json};
use tempfile::TempDir;

harness::tests! {
    Once: a_failing_test_leaves_no_process_and_no_folder_behind,
    Once: a_failing_test_names_its_line_its_command_and_the_folder_with_what_was_seen,
    Once: an_error_on_the_console_fails_the_test_that_did_not_expect_it,
    Once: two_people_share_nothing_and_two_windows_of_one_person_share_their_storage,
    Once: a_browser_that_was_given_back_knows_nothing_of_who_had_it,
    Once: another_host_is_out_of_reach,
    Once: a_page_that_asks_another_host_for_something_has_an_error_on_its_console,
    Once: a_wait_in_vain_tells_what_was_wanted_and_all_that_is_known,
}

const APP: &str = "global-variable";

/// Names the file in which a program with a test that fails tells which processes it has started.
pub(crate) const ON_PURPOSE: &str = "E2E_ON_PURPOSE";

fn folder() -> TempDir {
    TempDir::new().expect("the temporary folder can be written to")
}

/// What a test says that fails.
async fn message_of(test: impl AsyncFnOnce(&Browser)) -> String {
    let outcome = alone(folder().path(), test).await;
    outcome.expect_err("the test fails")
}

/// Those of these processes that still run.
fn running(processes: &[i32]) -> Vec<i32> {
    let table = ProcessTable::read();
    let runs = |pid: &i32| table.contains(harness::Pid::from_raw(*pid));
    processes.iter().copied().filter(runs).collect()
}

/// The processes of the app and of all browsers.
fn started(browser: &Browser, app: &App, profile: &Path) -> Vec<i32> {
    let table = ProcessTable::read();
    let driver = browser.driver().expect("somebody has a browser");
    let mut started = vec![driver, app.supervisor()];
    started.extend(table.descendants(driver));
    started.extend(table.descendants(app.supervisor()));
    started.extend(table.with_argument(&profile.display().to_string()));
    started.into_iter().map(harness::Pid::as_raw).collect()
}

async fn a_failing_test_leaves_no_process_and_no_folder_behind(_: &Browser) {
    let mut processes = Vec::new();
    let mut profile = PathBuf::new();
    let message = message_of(async |browser| {
        let app = App::start(APP).workers(2).await;
        let person = browser.person().await;
        person.open(&app).await;
        profile = person.profile().to_owned();
        processes = started(browser, &app, &profile);
        panic!("on purpose");
    })
    .await;
    assert!(message.starts_with("on purpose\n"), "{message}");
    // Both programs, two workers, and a browser of several processes.
    assert!(processes.len() > 6, "{processes:?}");
    assert_eq!(running(&processes), [0; 0], "still running");
    assert!(!profile.exists(), "{} is still there", profile.display());
}

/// The test that fails in a program that [`ON_PURPOSE`] is set for.
pub(crate) mod on_purpose {
    use std::{env, fs, time::Duration};

    use harness::{App, Browser, Page};

    harness::tests! {
        Once: fails,
    }

    async fn fails(browser: &Browser) {
        let app = App::start(super::APP).workers(2).await;
        let person = browser.person().await;
        let page = person.open(&app).await.within(Duration::from_millis(50));
        page.execute("console.error('a hint')").await;
        let processes = super::started(browser, &app, person.profile());
        let file = env::var_os(super::ON_PURPOSE).expect("a file for the processes");
        let list = serde_json::to_string(&processes).expect("numbers are JSON");
        fs::write(file, list).expect("the file can be written");
        wait_in_vain(&page).await;
    }

    async fn wait_in_vain(page: &Page) {
        let text = "a text that never comes";
        page.wait_for_text("#content", text).await;
    }
}

async fn a_failing_test_names_its_line_its_command_and_the_folder_with_what_was_seen(_: &Browser) {
    let folder = folder();
    let list = folder.path().join("processes");
    let program = env::current_exe().expect("this program has a file");
    let output = Command::new(program)
        .args(["--exact", "harness::on_purpose::fails"])
        .env(ON_PURPOSE, &list)
        .output()
        .expect("this program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(101), "{said}");

    let line = |text: &str| {
        let lines = include_str!("harness.rs").lines();
        let number = lines
            .zip(1..)
            .find(|(line, _)| line.trim().starts_with(text));
        let (_, number) = number.unwrap_or_else(|| panic!("no line begins with {text}"));
        format!("at tests/tests/browser/harness.rs:{number}\n")
    };
    for part in [
        "wanted the text of #content to be \"a text that never comes\"",
        &line("page.wait_for_text(\"#content\", text)"),
        &format!("called {}", line("wait_in_vain(&page)")),
        "once more: cargo xtask test browser -- harness::on_purpose::fails\n",
    ] {
        assert!(said.contains(part), "{part:?} is missing in: {said}");
    }
    let kept = said.split("pictures, pages and logs: ").nth(1);
    let kept = kept.and_then(|rest| rest.lines().next());
    let kept = PathBuf::from(kept.unwrap_or_else(|| panic!("no folder is named: {said}")));
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(&kept)
        .expect("the folder is there")
        .flatten()
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            (name, fs::read(file.path()).expect("the file can be read"))
        })
        .collect();
    files.sort();
    let wanted = [
        ("app-", "listening on http://127.0.0.1:"),
        ("person-1.console.txt", "a hint"),
        ("person-1.html", "<div id=\"_dash-app-content\"|<h1"),
        ("person-1.png", "PNG"),
    ];
    assert_eq!(files.len(), wanted.len(), "{}", kept.display());
    for ((name, content), (begin, part)) in files.iter().zip(wanted) {
        let content = String::from_utf8_lossy(content);
        assert!(name.starts_with(begin), "{name}: expected {begin}");
        let has_part = part.split('|').any(|part| content.contains(part));
        assert!(has_part, "{name} has no {part:?}: {content}");
    }

    let processes = fs::read_to_string(&list).expect("the program has written its processes");
    let processes: Vec<i32> = serde_json::from_str(&processes).expect("they are a list");
    assert!(processes.len() > 6, "{processes:?}");
    assert_eq!(running(&processes), [0; 0], "still running");
}

async fn an_error_on_the_console_fails_the_test_that_did_not_expect_it(_: &Browser) {
    let page_with_a_mistake = async |taken: bool| {
        let test = async |browser: &Browser| {
            let app = App::start(APP).workers(2).await;
            let page = browser.open(&app).await;
            page.execute("reportError(new Error('a mistake'))").await;
            if taken {
                let errors = page.take_console_errors().await;
                assert_eq!(errors.len(), 1, "{errors:?}");
                assert!(errors[0].contains("a mistake"), "{}", errors[0]);
            }
        };
        alone(folder().path(), test).await
    };
    let message = page_with_a_mistake(false).await.expect_err("it fails");
    assert!(
        message.contains("an error on the console that the test did not take"),
        "{message}"
    );
    assert!(message.contains("a mistake"), "{message}");
    assert_eq!(page_with_a_mistake(true).await, Ok(()));
}

async fn two_people_share_nothing_and_two_windows_of_one_person_share_their_storage(
    browser: &Browser,
) {
    let app = App::start(APP).workers(2).await;
    let ann = browser.person().await;
    let first = ann.open(&app).await;
    let second = ann.open(&app).await;
    let bob = browser.open(&app).await;

    first.execute("localStorage.setItem('who', 'Ann')").await;
    assert_eq!(second.execute("localStorage.getItem('who')").await, "Ann");
    let bobs = bob.execute("localStorage.getItem('who')").await;
    assert_eq!(bobs, Value::Null);
}

async fn a_browser_that_was_given_back_knows_nothing_of_who_had_it(_: &Browser) {
    let folder = folder();
    let outcome = alone(folder.path(), async |browser| {
        let app = App::start(APP).workers(2).await;
        let known = "[localStorage.who, sessionStorage.who, document.cookie, innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]";
        let ann = browser.person().await;
        let (page, other) = (ann.open(&app).await, ann.open(&app).await);
        let before = page.execute(known).await;
        page.execute("(localStorage.who = sessionStorage.who = document.cookie = 'who=Ann')")
            .await;
        page.emulate(&Emulated {
            width: 500,
            height: 400,
            scale: 1.0,
            dark: true,
        })
        .await;
        let anns = page.execute(known).await;
        assert_eq!(anns, json!(["who=Ann", "who=Ann", "who=Ann", 500, true]));
        let profile = ann.profile().to_owned();
        drop((page, other, ann));
        browser.everybody_leaves().await;

        let bob = browser.person().await;
        assert_eq!(bob.profile(), profile, "it is the same browser");
        let page = bob.open(&app).await;
        assert_eq!(page.execute(known).await, before);
        let requests = page.requests().await;
        let cached = |request: &&harness::Request| request.transferred == 0;
        assert_eq!(requests.iter().find(cached), None, "from Ann's cache");
    });
    assert_eq!(outcome.await, Ok(()));
}

async fn another_host_is_out_of_reach(browser: &Browser) {
    let app = App::start(APP).workers(2).await;
    let page = browser.open(&app).await;
    // No policy of a page forbids to leave it, so that only the missing network can.
    page.execute("void (location.href = 'http://example.com/')")
        .await;
    let told = "document.body?.textContent.includes('ERR_NAME_NOT_RESOLVED')";
    page.wait_until("Chromium's own page about a name without an address", told)
        .await;
    page.take_console_errors().await;
}

async fn a_page_that_asks_another_host_for_something_has_an_error_on_its_console(
    browser: &Browser,
) {
    let app = App::start(APP).workers(2).await;
    let page = browser.open(&app).await;
    let answer = page
        .execute("fetch('http://example.com/').then(() => 'answered', () => 'refused')")
        .await;
    assert_eq!(answer, "refused");
    assert!(!page.take_console_errors().await.is_empty());
}

async fn a_wait_in_vain_tells_what_was_wanted_and_all_that_is_known(_: &Browser) {
    let message = message_of(async |browser| {
        let app = App::start(APP).workers(2).await;
        let page = browser.open(&app).await.within(Duration::from_millis(50));
        page.execute("console.error('a hint')").await;
        page.wait_for_text("#content", "something else").await;
    })
    .await;
    let told = [
        "wanted the text of #content to be \"something else\"",
        "this was seen: \"\"",
        "\"data-callbacks\":\"idle\"",
        "\"data-settled\":\"1\"",
        "a hint",
        "the last lines of global-variable with 2 workers:",
        "listening on http://127.0.0.1:",
        "at tests/tests/browser/harness.rs:",
    ];
    for part in told {
        assert!(message.contains(part), "{part:?} is missing in: {message}");
    }
}
