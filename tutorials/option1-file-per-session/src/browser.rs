//! The session of a browser that gives no name, found by a cookie.

use callbacks::{CallbackError, Context};
use session_store::{SessionName, SessionRecords};
use time::{Duration, OffsetDateTime};
use tower_sessions::{Expiry, Session, SessionManagerLayer, cookie::SameSite, session::Id};

/// Browsers ignore the port of a cookie. With one name, the apps of two ports would share it.
const COOKIE: &str = "option1.sid";

/// How long the session lasts after its last click.
const IDLE: Duration = Duration::DAY;

/// The key of the session's token in the cookie's record. The token is not the cookie's id, which no page may show.
const TOKEN: &str = "token";

/// The layer that finds a browser's session by its cookie.
pub type Cookies = SessionManagerLayer<SessionRecords>;

// ANCHOR: cookies
/// The cookie: a random id that scripts cannot read, that other sites cannot make the browser send, and that expires.
#[must_use]
pub fn cookies(records: SessionRecords, secure: bool) -> Cookies {
    SessionManagerLayer::new(records)
        .with_name(COOKIE)
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_secure(secure)
        .with_expiry(Expiry::OnInactivity(IDLE))
}
// ANCHOR_END: cookies

/// The session with this name, or else the browser's own, and when it expires. A session with a name does not expire.
pub(crate) async fn session(
    name: Option<String>,
    ctx: &Context,
) -> Result<(SessionName, Option<OffsetDateTime>), CallbackError> {
    match name.filter(|name| !name.is_empty()) {
        Some(name) => {
            let name = SessionName::new(name).map_err(CallbackError::refused)?;
            Ok((name, None))
        }
        None => {
            let (name, expires) = own_session(ctx).await?;
            Ok((name, Some(expires)))
        }
    }
}

/// The browser's own session. Each click puts off its end.
///
/// A browser without a cookie gets one, and so does a browser whose cookie has an id that the server does not know: the layer never
/// adopts an id, it makes a new one.
async fn own_session(ctx: &Context) -> Result<(SessionName, OffsetDateTime), CallbackError> {
    let session = ctx.request().extensions.get::<Session>();
    let session =
        session.ok_or_else(|| CallbackError::private("there is no layer for sessions"))?;
    let token = match session.get(TOKEN).await.map_err(CallbackError::public)? {
        Some(token) => token,
        None => {
            let token = Id::default().to_string();
            let inserted = session.insert(TOKEN, &token).await;
            inserted.map_err(CallbackError::public)?;
            token
        }
    };
    session.set_expiry(session.expiry());
    Ok((SessionName::of_browser(&token), session.expiry_date()))
}
