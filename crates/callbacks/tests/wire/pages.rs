//! The page and its files.

use std::time::Duration;

use callbacks::{App, Context, Ctx, Input, Output, Timing, Worker, dcc, html};
use http::{Request, StatusCode};
use serde_json::Value;

use crate::exchange::Server;

fn app() -> App {
    let (input, content) = (dcc::Input::new("input"), html::Div::new("content"));
    App::new("Pages & <titles>")
        .callback(
            Output(content.children()),
            (Input(input.value()), Ctx),
            describe,
        )
        .layout(html::div((
            input,
            content,
            html::p("</script><script>alert(1)</script>"),
        )))
}

async fn describe(_: Option<String>, ctx: Context) -> String {
    ctx.time(
        Timing::new("cache")
            .desc("hit")
            .dur(Duration::from_micros(2_500)),
    );
    let worker = ctx.worker();
    format!("{worker:?} {:?} {}", ctx.triggered_id(), ctx.request().uri)
}

/// The JSON of a data block of the page.
fn block(page: &str, id: &str) -> Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let block = page
        .split(&start)
        .nth(1)
        .and_then(|rest| rest.split("</script>").next());
    serde_json::from_str(block.unwrap_or_else(|| panic!("no {id} in {page}"))).unwrap()
}

#[tokio::test]
async fn the_page_holds_the_layout_and_the_dependencies() {
    let server = Server::of(app());
    let page = server.get("/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let text = page.text();
    assert_eq!(block(&text, "_dash-layout"), server.layout().await);
    assert_eq!(
        block(&text, "_dash-dependencies"),
        server.get("/_dash-dependencies").await.json()
    );
    let config = block(&text, "_dash-config");
    assert_eq!(config["requests_pathname_prefix"], "./");
    assert_eq!(config["callbacks"]["initial_calls"], "browser");
    assert!(text.contains("<title>Pages &amp; &lt;titles&gt;</title>"));
}

#[tokio::test]
async fn text_of_the_layout_cannot_end_its_block_of_the_page() {
    let page = Server::of(app()).get("/").await.text();
    assert!(!page.contains("<script>alert"), "{page}");
    assert_eq!(
        block(&page, "_dash-layout")["props"]["children"][2]["props"]["children"],
        "</script><script>alert(1)</script>"
    );
}

#[tokio::test]
async fn a_page_may_link_to_another_that_explains_it() {
    let page = Server::of(app()).get("/").await.text();
    assert!(!page.contains("rel=\"help\""), "{page}");
    let app = app().about("/book/a.html?b=\"c\"", "Why & how");
    let page = Server::of(app).get("/").await.text();
    let link = r#"<a rel="help" href="./book/a.html?b=&quot;c&quot;">Why &amp; how</a>"#;
    let (before, _) = page
        .split_once(link)
        .unwrap_or_else(|| panic!("no {link} in {page}"));
    assert!(!before.contains("<script type=\"application/json\""));
}

#[tokio::test]
async fn a_page_asks_no_other_host_unless_it_is_told_to() {
    let addresses = |page: &str| page.matches("https://").count();
    let page = Server::of(app()).get("/").await.text();
    assert_eq!(addresses(&page), 0);
    let page = Server::of(app().external_stylesheets(["https://example.org/a.css"]))
        .get("/")
        .await
        .text();
    assert!(page.contains(r#"<link rel="stylesheet" href="https://example.org/a.css">"#));
}

/// The addresses of the scripts and style sheets of the page.
fn files(page: &str) -> Vec<String> {
    let address = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
    let quoted = page
        .split("src=\"")
        .skip(1)
        .chain(page.split("href=\"").skip(1))
        .map(address);
    quoted
        .filter_map(|address| address.strip_prefix('.').map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn files_are_compressed_and_kept_for_ever_by_their_version() {
    let server = Server::of(app().script("own.js", "export const own = 1;"));
    let files = files(&server.get("/").await.text());
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let request = Request::get(&file).header("accept-encoding", "br, gzip;q=0.8");
        let small = server
            .ask(request.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!(small.status, StatusCode::OK, "{file}");
        assert_eq!(
            small.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let plain = server.get(&file).await;
        assert_eq!(plain.header("content-encoding"), "");
        if !file.contains("own.js") {
            assert_eq!(small.header("content-encoding"), "gzip");
            assert!(small.body.len() * 2 < plain.body.len(), "{file}");
        }
        let request = Request::get(&file).header("if-none-match", plain.header("etag"));
        let same = server
            .ask(request.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!(
            (same.status, same.body.len()),
            (StatusCode::NOT_MODIFIED, 0)
        );
        let unversioned = server.get(file.split('?').next().unwrap()).await;
        assert_eq!(unversioned.header("cache-control"), "no-cache");
    }
    assert_eq!(
        server.get("/assets/nothing.js").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_client_and_the_style_of_a_page_stay_small() {
    let server = Server::of(app());
    let mut bytes = 0;
    for name in ["client.js", "style.css"] {
        let request = Request::get(format!("/assets/{name}")).header("accept-encoding", "gzip");
        bytes += server
            .ask(request.body(axum::body::Body::empty()).unwrap())
            .await
            .body
            .len();
    }
    assert!(bytes <= 18 * 1024, "{bytes} bytes");
}

#[tokio::test]
async fn the_text_face_is_kept_for_ever_under_the_address_in_the_style_sheet() {
    let server = Server::of(app());
    let style = server.get("/assets/style.css").await.text();
    let address = style.split("url(\"").nth(1).unwrap();
    let address = address.split('"').next().unwrap();
    let face = server.get(&format!("/assets/{address}")).await;
    assert_eq!(face.status, StatusCode::OK, "{address}");
    assert_eq!(face.header("content-type"), "font/woff2");
    assert_eq!(
        face.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(face.body.len() <= 25 * 1024, "{} bytes", face.body.len());
}

#[tokio::test]
async fn the_stage_and_the_commands_are_in_the_page_if_the_app_was_told() {
    let page = Server::of(app()).get("/").await.text();
    assert!(!page.contains("stage") && !page.contains("Started by"));
    let told =
        serde_json::json!({"workers": 8, "orders": true, "command": "run <a>", "options": " -- b"});
    let page = Server::of(app().stage(told)).get("/").await.text();
    assert!(page.contains("<code data-copy>run &lt;a&gt; --workers 8 -- b</code>"));
    assert!(page.contains("assets/stage.js?v="), "{page}");
    let stage = &block(&page, "_dash-config")["callbacks"]["stage"];
    assert_eq!(
        (&stage["workers"], &stage["orders"]),
        (&8.into(), &true.into())
    );
    assert!(
        stage["script"]
            .as_str()
            .unwrap()
            .contains("assets/stage-panel.js?v=")
    );
}

#[cfg(feature = "graph")]
#[tokio::test]
async fn plotly_is_served_by_the_app_itself() {
    let server = Server::of(app());
    let config = block(&server.get("/").await.text(), "_dash-config");
    let address = config["callbacks"]["plotly"].as_str().unwrap();
    let plotly = server.get(&address[1..]).await;
    assert!(plotly.text().contains("plotly.js v3."));
    assert!(!plotly.text().contains("</script>"));
    assert_eq!(
        plotly.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
}

#[tokio::test]
async fn a_callback_knows_its_worker_its_trigger_and_its_request_and_adds_to_the_timing() {
    let server = Server::of(app());
    let mut request = Request::post("/_dash-update-component?endId=1")
        .header("content-type", "application/json")
        .body(r#"{"output":"content.children","outputs":{"id":"content","property":"children"},"inputs":[{"id":"input","property":"value"}],"changedPropIds":["input.value"]}"#.into())
        .unwrap();
    request.extensions_mut().insert(Worker(3));
    let answer = server.ask(request).await;
    let text = answer.json()["response"]["content"]["children"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        text,
        r#"Worker(3) Some("input") /_dash-update-component?endId=1"#
    );
    let ran = answer.ran.unwrap();
    assert_eq!(&*ran.callback, "content.children");
    assert_eq!(
        ran.timings,
        [Timing::new("cache")
            .desc("hit")
            .dur(Duration::from_micros(2_500))]
    );
}

#[tokio::test]
async fn a_layout_function_runs_for_each_page() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PAGES: AtomicU32 = AtomicU32::new(0);
    let server = Server::of(
        App::new("Layout")
            .layout_with(|| html::p(PAGES.fetch_add(1, Ordering::SeqCst).to_string())),
    );
    let page =
        async || block(&server.get("/").await.text(), "_dash-layout")["props"]["children"].clone();
    // The first run is the check at the start.
    assert_eq!(page().await, "1");
    assert_eq!(page().await, "2");
}

#[tokio::test]
async fn health_and_reload_are_answered() {
    let server = Server::of(app());
    assert_eq!(server.get("/health").await.text(), "OK");
    assert_eq!(
        server.get("/_reload-hash").await.json()["reloadHash"],
        Value::Null
    );
}

#[tokio::test]
async fn the_compressed_bytes_have_a_tag_of_their_own() {
    let server = Server::of(app());
    let ask = async |encoding: &str, known: &str| {
        let request = Request::get("/assets/client.js")
            .header("accept-encoding", encoding)
            .header("if-none-match", known)
            .body(axum::body::Body::empty());
        server.ask(request.unwrap()).await
    };
    let (plain, gzip) = (ask("identity", "").await, ask("gzip", "").await);
    assert_ne!(plain.body, gzip.body);
    assert_ne!(plain.header("etag"), gzip.header("etag"));
    for (encoding, answer) in [("identity", &plain), ("gzip", &gzip)] {
        let again = ask(encoding, answer.header("etag")).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{encoding}");
    }
    assert_eq!(
        ask("identity", gzip.header("etag")).await.status,
        StatusCode::OK
    );
}

#[test]
fn one_bad_timing_spoils_no_other() {
    let bad = Timing::new("bad name\n").desc("a\r\nb;c=\"d\\é\"");
    assert_eq!(bad.to_string(), "timing;desc=\"ab;c=d\"");
    assert_eq!(Timing::new("").to_string(), "timing");
    assert_eq!(Timing::new("db-2").desc(7).to_string(), "db-2;desc=\"7\"");
}

#[tokio::test]
async fn what_a_call_does_to_the_data_is_in_the_page_if_the_app_was_told() {
    let config = async |app| block(&Server::of(app).get("/").await.text(), "_dash-config");
    let operation = serde_json::json!({"kind": "swap", "read": "content.children"});
    let told = config(app().operation(operation.clone())).await;
    assert_eq!(told["callbacks"]["operation"], operation);
    assert_eq!(config(app()).await["callbacks"]["operation"], Value::Null);
}
