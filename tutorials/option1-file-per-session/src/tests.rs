//! The app by itself: a click is a request, and a browser is a kept cookie.

mod recorded;

use std::{fmt::Display, fs};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use clap::Parser;
use harness::call;
use serde_json::{Value, json};
use session_store::{
    Backend, BoxFuture, Change, Error, Outcome, Place, SessionName, SessionRecords, StoreKind,
};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tower::ServiceExt;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

use super::*;

/// An app, and a folder that is removed with it.
struct Server {
    router: Router,
    store: Store,
    _data: TempDir,
}

/// A person whose browser keeps this app's cookie.
#[derive(Default)]
struct Person {
    cookie: Option<String>,
}

impl Server {
    async fn start() -> Self {
        Self::start_with(false).await
    }

    async fn start_with(secure: bool) -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreKind::File, data.path(), "test")
            .await
            .unwrap();
        Self {
            router: router(store.clone(), secure),
            store,
            _data: data,
        }
    }
}

fn router(store: Store, secure: bool) -> Router {
    let records = SessionRecords::new(store.clone(), 1);
    app(store, cookies(records, secure)).into_router().unwrap()
}

/// A click.
fn click(clicks: u64, name: Option<&str>, value: Option<&str>) -> Value {
    call(
        "..content.children...writers.children...place.children...kept.children..",
        &[("button", "n_clicks", json!(clicks))],
        &[
            ("session_name", "value", json!(name)),
            ("input", "value", json!(value)),
        ],
        &["button.n_clicks"],
    )
}

fn request(clicks: u64, name: Option<&str>, value: Option<&str>) -> Request<Body> {
    Request::post("/_dash-update-component")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(click(clicks, name, value).to_string()))
        .unwrap()
}

async fn json_of(response: Response<Body>) -> Value {
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

impl Person {
    fn with_cookie(id: impl Display) -> Self {
        Self {
            cookie: Some(id.to_string()),
        }
    }

    async fn send(&mut self, server: &Server, mut request: Request<Body>) -> Response<Body> {
        if let Some(cookie) = &self.cookie {
            let cookie = format!("option1.sid={cookie}").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        let response = server.router.clone().oneshot(request).await.unwrap();
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let cookie = cookie
                .to_str()
                .unwrap()
                .strip_prefix("option1.sid=")
                .unwrap();
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        response
    }

    /// What the page holds after a click.
    async fn page(&mut self, server: &Server, name: Option<&str>, value: Option<&str>) -> Value {
        let response = self.send(server, request(1, name, value)).await;
        assert_eq!(response.status(), StatusCode::OK);
        json_of(response).await["response"].take()
    }

    /// What the heading shows after a click.
    async fn click(&mut self, server: &Server, name: Option<&str>, value: &str) -> String {
        let page = self.page(server, name, Some(value)).await;
        page["content"]["children"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_page_that_is_opened_calls_nothing_and_keeps_nothing() {
    let server = Server::start().await;
    let mut person = Person::default();
    for (path, prevents) in [("/", false), ("/_dash-dependencies", true)] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = person.send(&server, request).await;
        assert!(!response.headers().contains_key(header::SET_COOKIE));
        if prevents {
            let callbacks = json_of(response).await;
            assert_eq!(callbacks[0]["prevent_initial_call"], true);
        }
    }
}

#[tokio::test]
async fn a_session_begins_with_init_and_then_gives_what_was_stored_before() {
    let server = Server::start().await;
    let mut person = Person::default();
    for (value, shown) in [("v1", "None"), ("v2", "Init"), ("v3", "v2"), ("v4", "v3")] {
        assert_eq!(person.click(&server, Some("Montréal"), value).await, shown);
    }
    assert_eq!(person.cookie, None, "a session with a name needs no cookie");
}

#[tokio::test]
async fn an_input_that_was_never_touched_is_stored_as_none() {
    let server = Server::start().await;
    let mut person = Person::default();
    person.click(&server, Some("a"), "x").await;
    person.page(&server, Some("a"), None).await;
    assert_eq!(person.click(&server, Some("a"), "").await, "None");
    assert_eq!(person.click(&server, Some("a"), "").await, "");
}

#[tokio::test]
async fn each_session_sees_only_its_own_and_people_with_one_name_share_it() {
    let server = Server::start().await;
    let (mut anna, mut bert) = (Person::default(), Person::default());
    anna.click(&server, Some("anna"), "").await;
    anna.click(&server, Some("anna"), "hers").await;
    assert_eq!(bert.click(&server, Some("Anna"), "his").await, "None");
    assert_eq!(bert.click(&server, Some("anna"), "shared").await, "hers");
    assert_eq!(anna.click(&server, Some("anna"), "").await, "shared");
}

#[tokio::test]
async fn the_page_shows_the_file_its_content_and_who_wrote_it() {
    let server = Server::start().await;
    let mut person = Person::default();
    person.click(&server, Some("a"), "").await;
    let mut click = request(2, Some("a"), Some("new"));
    click.extensions_mut().insert(callbacks::Worker(3));
    let page = json_of(person.send(&server, click).await).await["response"].take();

    let Place::File(path) = server.store.place(&SessionName::new("a").unwrap()) else {
        panic!("not a file");
    };
    let sentence = format!("Now the file {} holds:", path.display());
    assert_eq!(page["place"]["children"], sentence);
    assert_eq!(
        page["writers"]["children"],
        "Written by worker 1, read by worker 3."
    );
    let kept = page["kept"]["children"].as_str().unwrap();
    assert_eq!(kept, fs::read_to_string(path).unwrap().trim_end());
    assert!(
        kept.contains("\"value\": \"new\",\n  \"worker\": 3,"),
        "{kept}"
    );
}

#[tokio::test]
async fn a_name_that_is_too_long_is_a_sentence_on_the_page() {
    let server = Server::start().await;
    let long = "é".repeat(201);
    let response = Person::default()
        .send(&server, request(1, Some(&long), None))
        .await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let sentence = json_of(response).await["error"].to_string();
    assert!(
        sentence.contains("at most 200 characters, and this one has 201"),
        "{sentence}"
    );
    let mut person = Person::default();
    assert_eq!(person.click(&server, Some(&long[..400]), "").await, "None");
}

#[tokio::test]
async fn the_cookie_is_for_this_app_alone_and_out_of_reach_for_scripts() {
    for (secure, word) in [(true, true), (false, false)] {
        let server = Server::start_with(secure).await;
        let response = Person::default()
            .send(&server, request(1, None, None))
            .await;
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let mut parts = cookie.split("; ");
        let id = parts.next().unwrap().strip_prefix("option1.sid=").unwrap();
        assert_eq!(id.len(), 22, "128 random bits in base64");
        let attributes: Vec<_> = parts.filter(|part| *part != "Secure").collect();
        assert_eq!(
            attributes,
            ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=86400"]
        );
        assert_eq!(cookie.contains("; Secure"), word);
    }
}

#[tokio::test]
async fn two_tabs_share_a_browsers_own_session_and_two_browsers_do_not() {
    let server = Server::start().await;
    let mut person = Person::default();
    assert_eq!(person.click(&server, None, "a").await, "None");
    let mut tab = Person::with_cookie(person.cookie.as_ref().unwrap());
    assert_eq!(tab.click(&server, Some(""), "from the tab").await, "Init");
    assert_eq!(person.click(&server, None, "").await, "from the tab");
    assert_eq!(
        tab.cookie, person.cookie,
        "the id stays while the session lasts"
    );

    let mut other = Person::default();
    assert_eq!(other.click(&server, None, "").await, "None");
    assert_ne!(other.cookie, person.cookie);
}

#[tokio::test]
async fn the_name_that_the_page_shows_does_not_open_a_browsers_own_session() {
    let server = Server::start().await;
    let mut person = Person::default();
    let page = person.page(&server, None, None).await;
    let kept: Entry = serde_json::from_str(page["kept"]["children"].as_str().unwrap()).unwrap();
    let id = person.cookie.unwrap();
    assert!(
        !page.to_string().contains(&id),
        "scripts would learn the cookie's id"
    );
    for name in [kept.session.as_str(), id.as_str()] {
        assert_eq!(
            Person::default().click(&server, Some(name), "").await,
            "None"
        );
    }
}

#[tokio::test]
async fn an_id_that_the_server_did_not_give_is_not_adopted() {
    let server = Server::start().await;
    for foreign in [
        Id::default().to_string(),
        "made-up".to_owned(),
        "../../etc/passwd".to_owned(),
    ] {
        let mut victim = Person::with_cookie(&foreign);
        assert_eq!(victim.click(&server, None, "secret").await, "None");
        victim.click(&server, None, "secret").await;
        assert_ne!(victim.cookie.as_ref(), Some(&foreign));
        let mut attacker = Person::with_cookie(&foreign);
        assert_eq!(attacker.click(&server, None, "").await, "None");
    }
}

#[tokio::test]
async fn a_session_ends_at_its_time_also_for_a_browser_that_keeps_the_cookie() {
    let server = Server::start().await;
    let records = SessionRecords::new(server.store.clone(), 1);
    for (minutes, shown) in [(-1, "None"), (1, "kept")] {
        let token = format!("token {minutes}");
        let name = SessionName::of_browser(&token);
        let entry = Entry::new(&name, "kept", 1);
        server
            .store
            .update(&name, move |_| entry.clone())
            .await
            .unwrap();
        let mut record = Record {
            id: Id::default(),
            data: [("token".to_owned(), token.into())].into(),
            expiry_date: OffsetDateTime::now_utc() + Duration::minutes(minutes),
        };
        records.create(&mut record).await.unwrap();

        let mut person = Person::with_cookie(record.id);
        assert_eq!(person.click(&server, None, "").await, shown);
        let kept_id = person.cookie == Some(record.id.to_string());
        assert_eq!(kept_id, shown == "kept");
        if kept_id {
            // A click has put its end off.
            let renewed = records.load(&record.id).await.unwrap().unwrap();
            assert!(renewed.expiry_date > record.expiry_date);
        }
    }
}

/// A store whose server has gone.
#[derive(Debug)]
struct Gone;

impl Backend for Gone {
    fn update<'a>(
        &'a self,
        _: &'a SessionName,
        _: Change,
    ) -> BoxFuture<'a, Result<Outcome, Error>> {
        Box::pin(std::future::ready(Err(Error::Ending)))
    }

    fn get<'a>(&'a self, _: &'a SessionName) -> BoxFuture<'a, Result<Option<Entry>, Error>> {
        Box::pin(std::future::ready(Err(Error::Ending)))
    }

    fn remove<'a>(&'a self, _: &'a SessionName) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(std::future::ready(Err(Error::Ending)))
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, Error>> {
        Box::pin(std::future::ready(Err(Error::Ending)))
    }

    fn place(&self, _: &SessionName) -> Place {
        Place::File("gone".into())
    }
}

#[tokio::test]
async fn a_store_that_fails_is_a_sentence_on_the_page() {
    let named = request(1, Some("a"), None);
    let new = request(1, None, None);
    let mut known = request(1, None, None);
    let cookie = format!("option1.sid={}", Id::default()).parse().unwrap();
    known.headers_mut().insert(header::COOKIE, cookie);
    for request in [named, new, known] {
        let response = router(Store::new(Gone), false)
            .oneshot(request)
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!response.headers().contains_key(header::SET_COOKIE));
        let sentence = json_of(response).await["error"].to_string();
        assert!(sentence.contains(&Error::Ending.to_string()), "{sentence}");
    }
}

#[test]
fn the_store_is_an_option_and_a_file_unless_it_is_given() {
    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }
    let read = |line: &str| Line::try_parse_from(line.split(' '));
    assert_eq!(read("option1").unwrap().options.store, StoreKind::File);
    assert_eq!(
        read("option1 --store sqlite").unwrap().options.store,
        StoreKind::Sqlite
    );
    let error = read("option1 --store sqlit").unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(
        error
            .to_string()
            .contains("it is `file`, `sqlite`, or the address"),
        "{error}"
    );
}
