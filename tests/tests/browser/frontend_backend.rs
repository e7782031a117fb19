//! The five steps of a page's life, listed by the page as they happen.

use harness::{App, Browser, Page};
use serde_json::Value;

harness::tests! {
    Any: when_the_server_makes_the_first_calls_the_page_arrives_with_its_outputs,
    Any: when_the_browser_makes_the_first_calls_they_come_after_the_page,
    One: the_browser_is_who_dash_lets_make_the_first_calls,
    Any: each_key_is_a_fifth_step_with_its_time_and_its_worker,
}

/// One step as the page lists it.
#[derive(Debug)]
struct Step {
    number: u64,
    place: String,
    time: f64,
    text: String,
}

async fn steps(page: &Page) -> Vec<Step> {
    let items = page
        .execute(
            "Array.from(document.querySelectorAll('#steps li'), (item) => ({
                step: Number(item.dataset.step),
                place: item.dataset.place,
                badge: item.querySelector('.badge').textContent,
                text: item.textContent,
            }))",
        )
        .await;
    let step = |item: &Value| {
        let text = |key: &str| item[key].as_str().expect("the list holds text").to_owned();
        let badge = text("badge");
        let time = badge
            .rsplit(", ")
            .next()
            .and_then(|time| time.strip_suffix(" ms")?.parse().ok());
        Step {
            number: item["step"].as_u64().expect("a step has a number"),
            place: text("place"),
            time: time.unwrap_or_else(|| panic!("no time in milliseconds: {badge}")),
            text: text("text"),
        }
    };
    items.as_array().expect("a list").iter().map(step).collect()
}

fn numbers(steps: &[Step]) -> Vec<u64> {
    steps.iter().map(|step| step.number).collect()
}

/// The number in `server, worker 3`.
fn worker(step: &Step) -> Option<usize> {
    step.place.strip_prefix("server, worker ")?.parse().ok()
}

fn start(initial: &'static str, workers: usize) -> harness::Start {
    App::start("frontend-backend")
        .workers(workers)
        .options(["--initial", initial])
}

async fn when_the_server_makes_the_first_calls_the_page_arrives_with_its_outputs(
    browser: &Browser,
    workers: usize,
) {
    let app = start("server", workers).await;
    let layout = app.get("/").await;
    let layout = String::from_utf8_lossy(&layout.body).into_owned();
    assert!(layout.contains("Hello, Montreal!"), "{layout}");

    let page = browser.open(&app).await;
    assert_eq!(page.text("#greeting").await, "Hello, Montreal!");
    assert_eq!(page.settled_calls().await, 0);
    let posts = page
        .requests()
        .await
        .into_iter()
        .filter(|request| request.initiator == "fetch");
    assert_eq!(posts.count(), 0, "the browser has nothing left to ask for");

    let steps = steps(&page).await;
    assert_eq!(numbers(&steps), [1, 2, 3, 4], "{steps:#?}");
    assert!(worker(&steps[0]).is_some(), "{steps:#?}");
    assert_eq!(
        worker(&steps[0]),
        worker(&steps[1]),
        "one answer is made by one worker: {steps:#?}"
    );
}

async fn when_the_browser_makes_the_first_calls_they_come_after_the_page(
    browser: &Browser,
    workers: usize,
) {
    let app = start("browser", workers).await;
    let layout = app.get("/").await;
    let layout = String::from_utf8_lossy(&layout.body).into_owned();
    assert!(!layout.contains("Hello"), "{layout}");

    let page = browser.open(&app).await;
    assert_eq!(page.text("#greeting").await, "Hello, Montreal!");
    assert_eq!(
        page.settled_calls().await,
        1,
        "one request for the one callback"
    );

    let steps = steps(&page).await;
    assert_eq!(numbers(&steps), [1, 3, 4, 2], "{steps:#?}");
    let answered = page.calls().await[0].worker;
    assert!(
        answered.is_some_and(|worker| (1..=workers).contains(&worker)),
        "{answered:?}"
    );
    assert_eq!(worker(&steps[3]), answered, "{steps:#?}");
}

async fn the_browser_is_who_dash_lets_make_the_first_calls(browser: &Browser, workers: usize) {
    let app = App::start("frontend-backend").workers(workers).await;
    let page = browser.open(&app).await;
    assert_eq!(numbers(&steps(&page).await), [1, 3, 4, 2]);
    assert!(page.text("#explanation").await.contains("as in Dash"));
}

async fn each_key_is_a_fifth_step_with_its_time_and_its_worker(browser: &Browser, workers: usize) {
    for initial in ["server", "browser"] {
        let app = start(initial, workers).await;
        let page = browser.open(&app).await;
        for (count, greeting) in [(1, "Hello, Montreal1!"), (2, "Hello, Montreal12!")] {
            page.type_text("#city", &count.to_string()).await;
            page.settled().await;
            assert_eq!(page.text("#greeting").await, greeting);

            let steps = steps(&page).await;
            assert_eq!(numbers(&steps)[4..], vec![5; count], "{steps:#?}");
            let last = steps.last().expect("a list with steps");
            assert_eq!(
                worker(last),
                page.calls().await.last().and_then(|call| call.worker)
            );
            assert!(last.text.contains("outputs"), "{}", last.text);
            assert!(steps.is_sorted_by(|a, b| a.time <= b.time), "{steps:#?}");
        }
    }
}
