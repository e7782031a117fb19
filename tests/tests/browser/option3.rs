//! The same as with a store, through JSON text in a div that is not displayed.

use harness::{App, Browser, Page};
use serde_json::{Value, json};

harness::tests! {
    Any: the_page_opens_with_no_values,
    One: a_field_completes_nothing_by_itself_and_its_label_leads_to_it,
    Any: a_click_writes_json_into_a_div_that_nobody_sees_but_everybody_can_read,
    Several: what_looks_like_markup_stays_text_in_the_div_too,
    Any: two_people_do_not_see_each_others_values_and_a_new_page_has_none,
}

async fn enter(page: &Page, first: &str, second: &str) {
    page.type_text("#input_1", first).await;
    page.type_text("#input_2", second).await;
    page.click("#button").await;
    page.settled().await;
}

/// The JSON in the hidden div.
async fn hidden(page: &Page) -> Value {
    let text = page.text("#cache").await;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("not JSON ({error}): {text}"))
}

async fn the_page_opens_with_no_values(browser: &Browser, workers: usize) {
    let app = App::start("option3").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(
        hidden(&page).await,
        json!({"input_1": null, "input_2": null})
    );
    assert_eq!(page.text("#content").await, "None None");
}

async fn a_field_completes_nothing_by_itself_and_its_label_leads_to_it(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option3").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(page.attribute("#input_1", "autocomplete").await, "off");
    page.click("label[for=input_2]").await;
    page.wait_until(
        "the focus is in the label's field",
        "document.activeElement.id === 'input_2'",
    )
    .await;
}

async fn a_click_writes_json_into_a_div_that_nobody_sees_but_everybody_can_read(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option3").workers(workers).await;
    let page = browser.open(&app).await;
    let calls = page.settled_calls().await;
    enter(&page, "a", "b").await;
    assert_eq!(page.text("#content").await, "a b");
    assert_eq!(
        page.settled_calls().await,
        calls + 2,
        "button to div, div to content"
    );

    assert_eq!(page.style("#cache", "display").await, "none");
    assert_eq!(hidden(&page).await, json!({"input_1": "a", "input_2": "b"}));
    assert_eq!(
        page.property("#react-entry-point", "innerText")
            .await
            .as_str()
            .map(|text| text.contains("input_1")),
        Some(false)
    );
    assert_eq!(
        page.property("#cache", "childElementCount").await,
        0,
        "text, not elements"
    );
}

async fn what_looks_like_markup_stays_text_in_the_div_too(browser: &Browser, workers: usize) {
    let app = App::start("option3").workers(workers).await;
    let page = browser.open(&app).await;
    enter(&page, "<i>a</i>", "\"b\"").await;
    assert_eq!(
        hidden(&page).await,
        json!({"input_1": "<i>a</i>", "input_2": "\"b\""})
    );
    assert_eq!(page.text("#content").await, "<i>a</i> \"b\"");
}

async fn two_people_do_not_see_each_others_values_and_a_new_page_has_none(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option3").workers(workers).await;
    let ann = browser.open(&app).await;
    let bob = browser.open(&app).await;
    enter(&ann, "a", "b").await;
    assert_eq!(bob.text("#content").await, "None None");
    enter(&bob, "c", "d").await;
    assert_eq!(ann.text("#content").await, "a b");
    assert_eq!(bob.text("#content").await, "c d");

    ann.reload().await;
    assert_eq!(ann.text("#content").await, "None None");
}
