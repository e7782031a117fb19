//! A new lesson: each answer depends only on what came with the call, so any worker can give it.

use harness::{App, Browser};

harness::tests! {
    Any: each_key_is_counted,
    Any: two_people_do_not_count_each_others_text,
}

async fn each_key_is_counted(browser: &Browser, workers: usize) {
    let app = App::start("new-lesson").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(page.text("#content").await, "0 characters");
    for (key, counted) in [("é", "1 character"), ("a", "2 characters")] {
        page.type_text("#input", key).await;
        page.settled().await;
        assert_eq!(page.text("#content").await, counted, "after {key}");
    }
}

async fn two_people_do_not_count_each_others_text(browser: &Browser, workers: usize) {
    let app = App::start("new-lesson").workers(workers).await;
    let ann = browser.open(&app).await;
    let bob = browser.open(&app).await;
    ann.type_text("#input", "ab").await;
    ann.settled().await;
    bob.type_text("#input", "c").await;
    bob.settled().await;
    assert_eq!(ann.text("#content").await, "2 characters");
    assert_eq!(bob.text("#content").await, "1 character");
}
