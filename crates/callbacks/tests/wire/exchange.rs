//! Asking a router, and the shapes of requests.

use std::cell::RefCell;
use std::sync::Once;

use axum::Router;
use axum::body::{Body, Bytes};
use callbacks::App;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) ran: Option<callbacks::CallbackTiming>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The sentence of a refused or failed call.
    pub(crate) fn sentence(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// An app under test.
pub(crate) struct Server(Router);

impl Server {
    pub(crate) fn of(app: App) -> Self {
        Self::around(app.into_router().unwrap_or_else(|error| panic!("{error}")))
    }

    pub(crate) fn around(router: Router) -> Self {
        Self(router)
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self
            .0
            .clone()
            .oneshot(request)
            .await
            .expect("a router cannot fail");
        let (mut parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            ran: parts.extensions.remove(),
            headers: parts.headers,
            body: axum::body::to_bytes(body, usize::MAX).await.unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Posts these bytes to the update route.
    pub(crate) async fn post(&self, body: impl Into<Body>) -> Answer {
        let request = Request::post("/_dash-update-component")
            .header("content-type", "application/json")
            .body(body.into());
        self.ask(request.unwrap()).await
    }

    pub(crate) async fn layout(&self) -> Value {
        self.get("/_dash-layout").await.json()
    }

    /// The dependencies, of each only what its app decides.
    pub(crate) async fn dependencies(&self) -> Value {
        let mut listed = self.get("/_dash-dependencies").await.json();
        for callback in listed.as_array_mut().unwrap() {
            let callback = callback.as_object_mut().unwrap();
            callback.retain(|key, _| {
                ["output", "inputs", "state", "prevent_initial_call"].contains(&key.as_str())
            });
        }
        listed
    }
}

/// A callback as `/_dash-dependencies` lists it, from names such as `input.value`.
pub(crate) fn dependency(output: &str, inputs: &[&str], state: &[&str], prevented: bool) -> Value {
    let named = |names: &[&str]| names.iter().map(|name| property(name)).collect::<Vec<_>>();
    json!({
        "output": output, "inputs": named(inputs), "state": named(state),
        "prevent_initial_call": prevented,
    })
}

fn property(name: &str) -> Value {
    let (id, property) = name.split_once('.').unwrap();
    json!({"id": id, "property": property})
}

/// What a part of a test gives, and what it has written to the log.
///
/// All tests share one subscriber, and each thread has its own lines. A subscriber for each test would miss lines now and then: which
/// places in the code are of interest is decided for the whole process, while other tests are running.
pub(crate) fn log_of<T>(run: impl FnOnce() -> T) -> (T, String) {
    static SUBSCRIBED: Once = Once::new();
    SUBSCRIBED.call_once(|| {
        tracing_subscriber::fmt()
            .with_writer(|| ThreadLog)
            .with_ansi(false)
            .init();
    });
    LINES.with_borrow_mut(Vec::clear);
    let given = run();
    let lines = LINES.with_borrow_mut(std::mem::take);
    (given, String::from_utf8(lines).unwrap())
}

thread_local! {
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The log of the thread that writes to it.
struct ThreadLog;

impl std::io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
