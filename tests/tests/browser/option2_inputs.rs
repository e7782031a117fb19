//! Two inputs are stored together at a click; the store's change shows them.

use harness::{App, Browser, Page};

harness::tests! {
    Any: the_page_opens_with_no_values,
    Any: a_click_stores_both_values_and_typing_stores_none,
    Several: strings_from_people_are_text_and_never_markup,
    Any: two_people_do_not_see_each_others_values,
    Several: two_windows_of_one_person_have_a_store_each,
    Any: loading_the_page_again_empties_a_memory_store,
    Any: a_session_store_survives_a_reload_and_belongs_to_its_window,
    Any: a_local_store_survives_a_reload_and_is_shared_by_all_windows_of_one_person,
    One: a_store_that_the_browser_has_no_room_for_is_told_on_the_page_and_kept_until_it_closes,
}

async fn enter(page: &Page, first: &str, second: &str) {
    page.type_text("#input_1", first).await;
    page.type_text("#input_2", second).await;
    page.click("#button").await;
    page.settled().await;
}

async fn the_page_opens_with_no_values(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(page.text("#content").await, "None None");
}

async fn a_click_stores_both_values_and_typing_stores_none(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    let calls = page.settled_calls().await;
    page.type_text("#input_1", "a").await;
    page.type_text("#input_2", "b").await;
    page.settled().await;
    assert_eq!(
        page.settled_calls().await,
        calls,
        "the inputs are State: they trigger nothing"
    );
    assert_eq!(page.text("#content").await, "None None");

    page.click("#button").await;
    page.settled().await;
    assert_eq!(page.text("#content").await, "a b");
    assert_eq!(
        page.settled_calls().await,
        calls + 2,
        "button to store, store to content"
    );
}

async fn strings_from_people_are_text_and_never_markup(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    enter(&page, "<b>é\"&amp;</b>", "</script>").await;
    assert_eq!(page.text("#content").await, "<b>é\"&amp;</b> </script>");
}

async fn two_people_do_not_see_each_others_values(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let ann = browser.open(&app).await;
    let bob = browser.open(&app).await;
    enter(&ann, "a", "b").await;
    assert_eq!(bob.text("#content").await, "None None");
    enter(&bob, "c", "d").await;
    assert_eq!(bob.text("#content").await, "c d");
    assert_eq!(ann.text("#content").await, "a b");
}

async fn two_windows_of_one_person_have_a_store_each(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let ann = browser.person().await;
    let first = ann.open(&app).await;
    let second = ann.open(&app).await;
    enter(&first, "a", "b").await;
    enter(&second, "c", "d").await;
    assert_eq!(first.text("#content").await, "a b");
    assert_eq!(second.text("#content").await, "c d");
}

async fn loading_the_page_again_empties_a_memory_store(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    enter(&page, "a", "b").await;
    assert_eq!(page.text("#content").await, "a b");
    page.reload().await;
    assert_eq!(page.text("#content").await, "None None");
}

async fn a_session_store_survives_a_reload_and_belongs_to_its_window(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2-inputs")
        .workers(workers)
        .options(["--storage", "session"])
        .await;
    let ann = browser.person().await;
    let page = ann.open(&app).await;
    assert_eq!(page.text("#content").await, "");
    enter(&page, "a", "b").await;
    page.reload().await;
    page.wait_for_text("#content", "a b").await;

    let window = ann.open(&app).await;
    assert_eq!(window.text("#content").await, "");
}

async fn a_local_store_survives_a_reload_and_is_shared_by_all_windows_of_one_person(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2-inputs")
        .workers(workers)
        .options(["--storage", "local"])
        .await;
    let ann = browser.person().await;
    let page = ann.open(&app).await;
    enter(&page, "a", "b").await;
    page.reload().await;
    page.wait_for_text("#content", "a b").await;

    let window = ann.open(&app).await;
    window.wait_for_text("#content", "a b").await;
    enter(&window, "c", "d").await;
    page.wait_for_text("#content", "c d").await;
    assert_eq!(browser.open(&app).await.text("#content").await, "");
}

async fn a_store_that_the_browser_has_no_room_for_is_told_on_the_page_and_kept_until_it_closes(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2-inputs")
        .workers(workers)
        .options(["--storage", "local", "--body-limit", "20000000"])
        .await;
    let page = browser.open(&app).await;
    page.execute(
        "(() => { const input = document.querySelector('#input_1'); input.value = 'x'.repeat(6e6); \
         input.dispatchEvent(new Event('input', { bubbles: true })); })()",
    )
    .await;
    page.click("#button").await;
    page.settled().await;
    let told = page.text("[role=alert]").await;
    assert!(
        told.contains("The browser's storage did not take the data"),
        "{told}"
    );
    let shown = page
        .execute("document.querySelector('#content').textContent.length")
        .await;
    assert_eq!(shown, "x".repeat(6_000_000).len() + " None".len());
    assert!(!page.take_console_errors().await.is_empty());
    page.reload().await;
    assert_eq!(page.text("#content").await, "");
}
