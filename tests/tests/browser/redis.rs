//! What a person sees of a Redis server that is gone, and of its return.

use harness::{App, Browser, Page, RedisServer};

harness::tests! {
    Any: a_server_that_is_gone_is_a_sentence_on_the_page_and_once_it_is_back_the_page_goes_on,
}

/// The page still shows what it did, and says that the server at this address is gone.
async fn assert_told(page: &Page, server: &RedisServer) {
    let told = page.text("[role=alert]").await;
    assert!(told.contains(&server.address().to_string()), "{told}");
    let state = page.calls().await.last().map(|call| call.state.clone());
    assert_eq!(state.as_deref(), Some("failed"));
    assert!(!page.take_console_errors().await.is_empty());
}

async fn click(page: &Page) -> String {
    page.click("#button").await;
    page.settled().await;
    page.text("#content").await
}

async fn a_server_that_is_gone_is_a_sentence_on_the_page_and_once_it_is_back_the_page_goes_on(
    browser: &Browser,
    workers: usize,
) {
    let mut server = RedisServer::start().await;
    let sessions = App::start("option1").workers(workers);
    let sessions = sessions.options(["--store".to_owned(), server.url()]).await;
    let cache = App::start("option4").workers(workers);
    let cache = cache.options(["--cache".to_owned(), server.url()]);
    let cache = cache.options(["--compute-seconds", "0"]).await;

    let person = browser.person().await;
    let session = person.open(&sessions).await;
    session.type_text("#session_name", "a").await;
    assert_eq!(
        (click(&session).await, click(&session).await),
        ("None".to_owned(), "Init".to_owned())
    );
    let computation = person.open(&cache).await;
    computation.type_text("#input", "A").await;
    assert_eq!(click(&computation).await, "A");

    server.stop();
    assert_eq!(click(&session).await, "Init", "the outputs stay");
    assert_told(&session, &server).await;
    assert_eq!(click(&computation).await, "A");
    assert_told(&computation, &server).await;

    server.start_again().await;
    assert_eq!(
        click(&session).await,
        "None",
        "what the server held went with it"
    );
    assert_eq!(click(&computation).await, "A");
    let line = computation.text("#cache").await;
    assert!(line.starts_with("miss: "), "{line}");
}
