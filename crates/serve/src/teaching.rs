//! `POST /_workers/3/kill` and `/_workers/3/pause?seconds=2`: what a lesson's page may do to the workers.
//!
//! The worker that is asked passes the order on to the supervisor, which alone knows the others.

use std::{
    io,
    path::{self, PathBuf},
    sync::Arc,
};

use axum::{
    Extension, Router,
    extract::{Path, RawQuery, rejection::PathRejection},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use handover::order::{self, Done, Order, Reason, Refusal};
use tracing::debug;

use crate::{
    Worker,
    sentence::{json, sentence},
};

/// Adds the two routes, if the supervisor takes orders.
pub(crate) fn add(router: Router, worker: &Worker) -> Router {
    let Some(socket) = &worker.control else {
        return router;
    };
    let desk = Desk {
        socket: socket.as_path().into(),
        own: Done {
            worker: worker.number,
            life: worker.life,
        },
    };
    let orders = Router::new()
        .route("/_workers/{worker}/kill", post(kill))
        .route("/_workers/{worker}/pause", post(pause))
        .method_not_allowed_fallback(async || {
            let text = "A worker is killed or paused by a POST.";
            sentence(StatusCode::METHOD_NOT_ALLOWED, text)
        })
        .layer(Extension(desk));
    router.merge(orders)
}

/// What this worker does to itself, once its answer is on its way.
#[derive(Clone, Debug)]
pub(crate) struct LastAct(Desk, Order);

impl LastAct {
    pub(crate) async fn perform(&self) {
        let Self(desk, order) = self;
        let outcome = desk.give(*order).await;
        debug!(?outcome, "ordered for this worker itself");
    }
}

/// Where orders are given.
#[derive(Clone, Debug)]
struct Desk {
    socket: Arc<path::Path>,
    own: Done,
}

/// What the address has in the place of a number.
type Number = Result<Path<String>, PathRejection>;

async fn kill(desk: Extension<Desk>, worker: Number, headers: HeaderMap) -> Response {
    desk.answer(Order::kill(&text(worker)), &headers).await
}

async fn pause(
    desk: Extension<Desk>,
    worker: Number,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let mut entries = query.split('&');
    let seconds = entries.find_map(|entry| entry.strip_prefix("seconds="));
    let order = Order::pause(&text(worker), seconds.unwrap_or_default());
    desk.answer(order, &headers).await
}

/// Nothing, if it is no text: that is no number either.
fn text(worker: Number) -> String {
    worker.map(|Path(text)| text).unwrap_or_default()
}

impl Desk {
    async fn answer(&self, order: Result<Order, Refusal>, headers: &HeaderMap) -> Response {
        if !is_own_page(headers) {
            let text = "The order comes from a page of another site, expected this app's own.";
            return sentence(StatusCode::FORBIDDEN, text);
        }
        let order = match order {
            Ok(order) => order,
            Err(refusal) => return refused(&refusal),
        };
        if order.worker() == self.own.worker {
            // It could not answer afterwards.
            let close = [(header::CONNECTION, "close")];
            let act = Extension(LastAct(self.clone(), order));
            return (close, act, done(self.own)).into_response();
        }
        match self.give(order).await {
            Ok(Ok(met)) => done(met),
            Ok(Err(refusal)) => refused(&refusal),
            Err(error) => sentence(
                StatusCode::SERVICE_UNAVAILABLE,
                &format!("The supervisor does not reply: {error}."),
            ),
        }
    }

    async fn give(&self, order: Order) -> io::Result<Result<Done, Refusal>> {
        let socket = PathBuf::from(&*self.socket);
        let given = tokio::task::spawn_blocking(move || order::give(&socket, order)).await;
        given.map_err(io::Error::other)?
    }
}

/// Whether a page of this app gives the order, or something that is no browser.
///
/// On a loopback address each browser sends `Sec-Fetch-Site`, which no page can set.
fn is_own_page(headers: &HeaderMap) -> bool {
    const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    match headers.get(SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => !headers.contains_key(header::ORIGIN),
    }
}

fn done(met: Done) -> Response {
    let Done { worker, life } = met;
    let value = serde_json::json!({ "worker": worker, "life": life });
    json(StatusCode::OK, &value)
}

fn refused(refusal: &Refusal) -> Response {
    let status = match refusal.refused {
        Reason::Order => StatusCode::BAD_REQUEST,
        Reason::Worker | Reason::Teaching => StatusCode::NOT_FOUND,
        Reason::State => StatusCode::CONFLICT,
    };
    sentence(status, &refusal.error)
}
