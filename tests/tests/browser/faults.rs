//! What a person sees of a worker that dies, of a call that fails, and of a server that is gone.

use harness::{App, Browser, Page};

harness::tests! {
    Any: a_page_goes_on_when_every_worker_is_killed_in_turn,
    Any: a_call_that_is_refused_is_told_on_the_page_and_the_next_one_goes_on,
    Any: a_callback_that_fails_is_named_on_the_page_and_its_worker_lives_on,
    Any: a_server_that_is_gone_is_told_on_the_page,
}

async fn a_page_goes_on_when_every_worker_is_killed_in_turn(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    page.type_text("#input_2", "b").await;
    for number in 1..=workers {
        let old = app.kill_worker(number).await;
        page.type_text("#input_1", "a").await;
        page.click("#button").await;
        page.settled().await;
        assert_eq!(
            page.text("#content").await,
            format!("{} b", "a".repeat(number))
        );
        app.replaced(number, old).await;
    }
    assert_eq!(
        page.take_console_errors().await,
        [""; 0],
        "the death of a worker is no error of the page's"
    );
}

/// The sentences in the page's error panel.
async fn errors(page: &Page) -> String {
    page.text("[role=alert]").await
}

async fn a_call_that_is_refused_is_told_on_the_page_and_the_next_one_goes_on(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(errors(&page).await, "");

    // Three million characters are more than a request may have.
    let paste = "(() => {
        const input = document.querySelector('#input_1');
        input.value = 'x'.repeat(3e6);
        input.dispatchEvent(new Event('input', {bubbles: true}));
    })()";
    page.execute(paste).await;
    page.click("#button").await;
    page.settled().await;
    assert_eq!(
        page.calls()
            .await
            .last()
            .map(|call| call.state.clone())
            .as_deref(),
        Some("failed")
    );
    let told = errors(&page).await;
    assert!(
        told.contains("cache.data") && told.contains("2097152 bytes"),
        "{told}"
    );
    assert_eq!(page.text("#content").await, "None None", "the outputs stay");
    assert!(!page.take_console_errors().await.is_empty());

    page.execute("void (document.querySelector('#input_1').value = '')")
        .await;
    page.type_text("#input_1", "a").await;
    page.type_text("#input_2", "b").await;
    page.click("#button").await;
    page.settled().await;
    assert_eq!(page.text("#content").await, "a b");
}

async fn a_callback_that_fails_is_named_on_the_page_and_its_worker_lives_on(
    browser: &Browser,
    workers: usize,
) {
    let app = App::start("option3").workers(workers).await;
    let before = app.workers();
    let page = browser.open(&app).await;

    // Somebody changes the hidden div's text on its way to the callback that reads it.
    let meddle = "(() => {
        const send = window.fetch;
        window.fetch = (address, request) => {
            const call = JSON.parse(new TextDecoder().decode(request.body));
            if (call.output !== 'content.children') return send(address, request);
            call.inputs[0].value = 'not JSON';
            window.fetch = send;
            return send(address, {...request, body: JSON.stringify(call)});
        };
    })()";
    page.execute(meddle).await;
    page.click("#button").await;
    page.settled().await;
    let told = errors(&page).await;
    assert!(
        told.contains("The callback for `content.children` failed."),
        "{told}"
    );
    assert!(
        !told.contains("expected"),
        "the reason is the server's affair: {told}"
    );
    assert!(
        app.log()
            .iter()
            .any(|line| line.contains("content.children") && line.contains("expected"))
    );
    assert!(!page.take_console_errors().await.is_empty());
    assert_eq!(app.workers(), before);

    page.type_text("#input_1", "a").await;
    page.click("#button").await;
    page.settled().await;
    assert_eq!(page.text("#content").await, "a None");
}

async fn a_server_that_is_gone_is_told_on_the_page(browser: &Browser, workers: usize) {
    let app = App::start("option2-inputs").workers(workers).await;
    let page = browser.open(&app).await;
    app.stop();
    page.click("#button").await;
    page.settled().await;
    let told = errors(&page).await;
    assert!(
        told.contains("The server did not answer: the connection failed. Is it still running?"),
        "{told}"
    );
    assert_eq!(page.text("#content").await, "None None", "the outputs stay");
    assert!(!page.take_console_errors().await.is_empty());
}
