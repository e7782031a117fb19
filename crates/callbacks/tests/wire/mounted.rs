//! The page wherever it is mounted, and the settings of its frame.

use axum::Router;
use axum::body::Body;
use callbacks::{App, InitialCalls, Input, Mistake, Output, dcc, html};
use http::{Request, StatusCode};
use serde_json::json;

use crate::exchange::{Answer, Server};

fn app() -> App {
    let (input, content) = (dcc::Input::new("input"), html::P::new("content"));
    App::new("Mounted")
        .callback(Output(content.children()), Input(input.value()), echo)
        .layout(html::div((input, content)))
}

async fn echo(value: Option<String>) -> Option<String> {
    value
}

fn nested(path: &str, app: App) -> Server {
    Server::around(Router::new().nest(path, app.into_router().unwrap()))
}

/// All that a page asks for: its files, and where its calls go.
fn addresses(page: &str) -> Vec<String> {
    let quoted = |start: &'static str| {
        let end = |rest: &str| rest.split('"').next().unwrap_or_default().to_owned();
        page.split(start).skip(1).map(end).collect::<Vec<_>>()
    };
    [
        quoted("src=\""),
        quoted("stylesheet\" href=\""),
        quoted("requests_pathname_prefix\":\""),
    ]
    .concat()
}

/// The path of an address in the page at `base`, as a browser makes it.
fn resolved(base: &str, address: &str) -> String {
    let mut parts: Vec<&str> = match address.strip_prefix('/') {
        Some(_) => vec![""],
        None => base.rsplit_once('/').unwrap().0.split('/').collect(),
    };
    for part in address.trim_start_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

async fn html_of(server: &Server, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "text/html");
    server.ask(request.body(Body::empty()).unwrap()).await
}

async fn post(server: &Server, path: &str) -> Answer {
    let body = json!({"output": "content.children", "outputs": {"id": "content", "property": "children"},
        "inputs": [{"id": "input", "property": "value", "value": "a"}], "changedPropIds": []});
    let request = Request::post(path).header("content-type", "application/json");
    server
        .ask(request.body(body.to_string().into()).unwrap())
        .await
}

#[tokio::test]
async fn a_page_below_a_path_finds_its_files_and_its_calls_there() {
    let nest = |path: &str| Router::new().nest(path, app().into_router().unwrap());
    let service = |path: &str| Router::new().nest_service(path, app().into_router().unwrap());
    for (router, page) in [
        (nest("/dash"), "/dash"),
        (nest("/dash/"), "/dash/"),
        (nest("/tools/dash"), "/tools/dash"),
        (service("/dash"), "/dash"),
        (service("/dash"), "/dash/"),
    ] {
        let server = Server::around(router);
        let path = page.trim_end_matches('/');
        let text = server.get(page).await.text();
        let addresses = addresses(&text);
        assert_eq!(addresses.len(), 3, "{text}");
        for address in addresses {
            let address = resolved(page, &address);
            assert!(address.starts_with(&format!("{path}/")), "{address}");
            let answer = if address.ends_with('/') {
                post(&server, &format!("{address}_dash-update-component")).await
            } else {
                server.get(&address).await
            };
            assert_eq!(answer.status, StatusCode::OK, "{address} of {page}");
        }
    }
}

#[tokio::test]
async fn a_page_behind_a_proxy_that_takes_a_prefix_away_asks_below_its_own_address() {
    let page = Server::of(app()).get("/").await.text();
    for address in addresses(&page) {
        assert!(address.starts_with("./"), "{address}");
    }
}

#[tokio::test]
async fn a_prefix_that_is_set_stands_in_all_addresses() {
    let server = Server::of(app().requests_pathname_prefix("/dash/"));
    let page = server.get("/").await.text();
    for address in addresses(&page) {
        assert!(address.starts_with("/dash/"), "{address}");
    }
    let missing = html_of(&server, "/a/b").await.text();
    assert!(missing.contains("<a href=\"/dash/\">"), "{missing}");
}

#[tokio::test]
async fn a_page_that_is_missing_leads_to_the_root_from_any_depth() {
    for (path, missing) in [
        ("", "/nothing"),
        ("", "/a/b/c"),
        ("/dash", "/dash/a/b"),
        ("/dash", "/dash/nothing"),
    ] {
        let server = if path.is_empty() {
            Server::of(app())
        } else {
            nested(path, app())
        };
        let answer = html_of(&server, missing).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let text = answer.text();
        let root = text
            .split("<a href=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        assert_eq!(
            resolved(missing, root.unwrap()),
            format!("{path}/"),
            "{missing}"
        );
    }
}

#[tokio::test]
async fn a_link_to_the_apps_own_pages_is_below_its_root_and_no_other_is() {
    for (address, link) in [
        ("/book/a.html", "./dash/book/a.html"),
        ("//example.org/a", "//example.org/a"),
        ("https://example.org/a", "https://example.org/a"),
    ] {
        let page = nested("/dash", app().about(address, "Why"))
            .get("/dash")
            .await
            .text();
        assert!(page.contains(&format!("href=\"{link}\"")), "{page}");
    }
}

#[test]
fn a_prefix_without_its_slashes_is_a_mistake() {
    let error = app()
        .requests_pathname_prefix("dash")
        .into_router()
        .unwrap_err();
    assert_eq!(
        error.mistakes(),
        [Mistake::UnusablePrefix("dash".to_owned())]
    );
    assert!(error.to_string().contains("such as `/dash/`"), "{error}");
}

#[tokio::test]
async fn a_page_has_a_language_a_landmark_and_a_heading() {
    let page = Server::of(app()).get("/").await.text();
    assert!(page.contains("<html lang=\"en\""), "{page}");
    assert_eq!(page.matches("<main>").count(), 1);
    assert_eq!(page.matches("<h1>Mounted</h1>").count(), 1);
    let page = Server::of(app().lang("pt-BR").heading(false))
        .get("/")
        .await
        .text();
    assert!(page.contains("<html lang=\"pt-BR\""), "{page}");
    assert!(!page.contains("<h1>"), "{page}");
}

#[tokio::test]
async fn the_title_of_a_busy_page_is_a_setting() {
    for (app, title) in [
        (app(), json!("Updating...")),
        (
            app().update_title("Bitte warten".to_owned()),
            json!("Bitte warten"),
        ),
        (app().update_title(None), json!(null)),
        (app().update_title(String::new()), json!(null)),
    ] {
        let page = Server::of(app).get("/").await.text();
        assert!(
            page.contains(&format!("\"update_title\":{title}")),
            "{page}"
        );
    }
}

#[tokio::test]
async fn an_apps_own_style_sheet_comes_last() {
    let server = Server::of(app().style("own.css", "p { color: teal }"));
    let sheets = addresses(&server.get("/").await.text());
    let sheets: Vec<_> = sheets
        .iter()
        .filter(|address| address.contains(".css"))
        .collect();
    assert!(
        sheets[0].contains("style.css") && sheets[1].contains("own.css"),
        "{sheets:?}"
    );
    let sheet = server.get(&resolved("/", sheets[1])).await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(sheet.text(), "p { color: teal }");
    let plain = Server::of(app().look(false)).get("/").await.text();
    let sheets = addresses(&plain);
    assert!(sheets.iter().any(|address| address.contains("plain.css")));
    assert!(!sheets.iter().any(|address| address.contains("style.css")));
    let error = app().style("style.css", "").into_router().unwrap_err();
    assert_eq!(
        error.mistakes(),
        [Mistake::DuplicateFile { name: "style.css" }]
    );
}

#[tokio::test]
async fn a_page_that_never_changes_is_written_once() {
    let server = Server::of(app());
    let [first, second] = [server.get("/").await.body, server.get("/").await.body];
    assert_eq!(first, second);
    assert_eq!(first.as_ptr(), second.as_ptr());
    let twice = app().into_router().unwrap();
    let twice = Router::new().nest("/a", twice.clone()).nest("/b", twice);
    let twice = Server::around(twice);
    for path in ["/a", "/b", "/a"] {
        let text = twice.get(path).await.text();
        assert!(
            addresses(&text)[0].starts_with(&format!(".{path}/")),
            "{text}"
        );
    }
    let filled = Server::of(app().initial_calls(InitialCalls::Server));
    let [first, second] = [filled.get("/").await.body, filled.get("/").await.body];
    assert_ne!(first.as_ptr(), second.as_ptr());
}

#[tokio::test]
async fn a_page_that_reloads_itself_knows_the_program_that_wrote_it() {
    let answer = json!({"reloadHash": "7.0", "hard": true, "files": [], "packages": []});
    let plain = Server::of(app()).get("/").await.text();
    assert!(!plain.contains("reload"), "{plain}");
    let known = answer.clone();
    let server = Server::of(app().hot_reload(move || known.clone()));
    let page = server.get("/").await.text();
    assert!(page.contains("\"hot_reload\":{\"interval\":"), "{page}");
    assert!(page.contains("\"reloadHash\":\"7.0\""), "{page}");
    assert!(page.contains("assets/reload.js"), "{page}");
    assert_eq!(server.get("/_reload-hash").await.json(), answer);
}
