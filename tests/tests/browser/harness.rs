//! The harness keeps its own promises: nothing is left behind, and nothing fails in silence.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    time::Duration,
};

use harness::{App, ProcessTable, in_browser};

const APP: &str = "global-variable";

/// What a test that panics says.
fn message_of(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("the test fails");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => panic
            .downcast_ref::<&str>()
            .expect("a panic has a message")
            .to_string(),
    }
}

#[test]
fn a_failing_test_leaves_no_process_and_no_folder_behind() {
    let mut started = Vec::new();
    let mut profile = PathBuf::new();
    let message = message_of(|| {
        in_browser(async |browser| {
            let app = App::start(APP).workers(2).await;
            let person = browser.person().await;
            person.open(&app).await;
            profile = person.profile().to_owned();
            let table = ProcessTable::read();
            started.extend([browser.driver(), app.supervisor()]);
            started.extend(table.descendants(browser.driver()));
            started.extend(table.descendants(app.supervisor()));
            started.extend(table.with_argument(&profile.display().to_string()));
            panic!("on purpose");
        });
    });
    assert_eq!(message, "on purpose");
    // Both programs, two workers, and a browser of several processes.
    assert!(started.len() > 6, "{started:?}");
    let table = ProcessTable::read();
    let left: Vec<_> = started
        .into_iter()
        .filter(|&pid| table.contains(pid))
        .collect();
    assert_eq!(left, [], "still running");
    assert!(!profile.exists(), "{} is still there", profile.display());
}

#[test]
fn an_error_on_the_console_fails_the_test_that_did_not_expect_it() {
    let page_with_a_mistake = |taken: bool| {
        in_browser(async |browser| {
            let app = App::start(APP).workers(2).await;
            let page = browser.open(&app).await;
            page.execute("reportError(new Error('a mistake'))").await;
            if taken {
                let errors = page.take_console_errors().await;
                assert_eq!(errors.len(), 1, "{errors:?}");
                assert!(errors[0].message.contains("a mistake"), "{}", errors[0]);
            }
        });
    };
    let message = message_of(|| page_with_a_mistake(false));
    assert!(
        message.contains("an error on the console that the test did not take"),
        "{message}"
    );
    assert!(message.contains("a mistake"), "{message}");
    page_with_a_mistake(true);
}

#[test]
fn two_people_share_nothing_and_two_windows_of_one_person_share_their_storage() {
    in_browser(async |browser| {
        let app = App::start(APP).workers(2).await;
        let ann = browser.person().await;
        let first = ann.open(&app).await;
        let second = ann.open(&app).await;
        let bob = browser.open(&app).await;

        first.execute("localStorage.setItem('who', 'Ann')").await;
        assert_eq!(second.execute("localStorage.getItem('who')").await, "Ann");
        assert_eq!(
            bob.execute("localStorage.getItem('who')").await,
            serde_json::Value::Null
        );
    });
}

#[test]
fn another_host_is_out_of_reach() {
    in_browser(async |browser| {
        let app = App::start(APP).workers(2).await;
        let page = browser.open(&app).await;
        // No policy of a page forbids to leave it, so that only the missing network can.
        page.execute("void (location.href = 'http://example.com/')")
            .await;
        let told = "document.body?.textContent.includes('ERR_NAME_NOT_RESOLVED')";
        page.wait_until("Chromium's own page about a name without an address", told)
            .await;
        page.take_console_errors().await;
    });
}

#[test]
fn a_page_that_asks_another_host_for_something_has_an_error_on_its_console() {
    in_browser(async |browser| {
        let app = App::start(APP).workers(2).await;
        let page = browser.open(&app).await;
        let answer = page
            .execute("fetch('http://example.com/').then(() => 'answered', () => 'refused')")
            .await;
        assert_eq!(answer, "refused");
        assert!(!page.take_console_errors().await.is_empty());
    });
}

#[test]
fn a_wait_in_vain_tells_what_was_wanted_and_all_that_is_known() {
    let message = message_of(|| {
        in_browser(async |browser| {
            let app = App::start(APP).workers(2).await;
            let page = browser.open(&app).await.within(Duration::from_millis(50));
            page.execute("console.error('a hint')").await;
            page.wait_for_text("#content", "something else").await;
        });
    });
    let told = [
        "wanted the text of #content to be \"something else\"",
        "this was seen: \"\"",
        "\"data-callbacks\":\"idle\"",
        "\"data-settled\":\"1\"",
        "a hint",
        "the last lines of global-variable with 2 workers:",
        "listening on http://127.0.0.1:",
    ];
    for part in told {
        assert!(message.contains(part), "{part:?} is missing in: {message}");
    }
}
