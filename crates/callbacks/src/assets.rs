//! The files that a page loads: each is in the program, compressed when the program was built.

use std::hash::{DefaultHasher, Hasher as _};

use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::app::{App, AppFile, FileKind};

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// The version of the text face, which the style sheets name in its address.
const FACE_VERSION: &str = "5.3.0";

/// A file that every app has, as it is and compressed. The build script has made both.
struct EmbeddedFile {
    name: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    /// None for what is compressed by its own format.
    gzip: Option<&'static [u8]>,
}

/// A file of the build script's folder.
macro_rules! embedded {
    ($name:literal, $content_type:expr) => {
        EmbeddedFile {
            name: $name,
            content_type: $content_type,
            plain: include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
            gzip: Some(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz"))),
        }
    };
}

const EMBEDDED: &[EmbeddedFile] = &[
    embedded!("client.js", JAVASCRIPT),
    embedded!("stage.js", JAVASCRIPT),
    embedded!("stage-panel.js", JAVASCRIPT),
    embedded!("stage.css", CSS),
    embedded!("reload.js", JAVASCRIPT),
    embedded!("graph.js", JAVASCRIPT),
    embedded!("dropdown.js", JAVASCRIPT),
    embedded!("loading.js", JAVASCRIPT),
    embedded!("style.css", CSS),
    embedded!("plain.css", CSS),
    #[cfg(feature = "graph")]
    EmbeddedFile {
        name: "plotly.min.js",
        content_type: JAVASCRIPT,
        plain: include_bytes!(concat!(env!("OUT_DIR"), "/plotly.min.js")),
        gzip: Some(include_bytes!("../vendor/plotly-3.0.1.min.js.gz")),
    },
    EmbeddedFile {
        name: "figtree.woff2",
        content_type: "font/woff2",
        plain: include_bytes!("../vendor/figtree-5.3.0-latin.woff2"),
        gzip: None,
    },
];

/// The components that have a file of their own, which only a page with one of them loads.
pub(crate) const COMPONENT_FILES: [(&str, &str); 3] = [
    ("Graph", "graph.js"),
    ("Dropdown", "dropdown.js"),
    ("Loading", "loading.js"),
];

/// The files of one app.
#[derive(Debug)]
pub(crate) struct Assets {
    assets: Vec<AssetFile>,
}

/// A file and the headers that do not depend on the request.
#[derive(Debug)]
pub(crate) struct AssetFile {
    name: &'static str,
    content_type: HeaderValue,
    etag: HeaderValue,
    version: String,
    plain: Bytes,
    gzip: Option<GzipBytes>,
}

/// The compressed bytes are others, so that a strong tag of theirs is another too.
#[derive(Debug)]
struct GzipBytes {
    etag: HeaderValue,
    bytes: Bytes,
}

impl Assets {
    pub(crate) fn of(app: &App) -> Self {
        let embedded = EMBEDDED.iter().map(AssetFile::embedded);
        let own = app.files.iter().map(AssetFile::own);
        Self {
            assets: embedded.chain(own).collect(),
        }
    }

    /// Whether the crate itself serves a file of this name.
    pub(crate) fn is_embedded(name: &str) -> bool {
        EMBEDDED.iter().any(|asset| asset.name == name)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&AssetFile> {
        self.assets.iter().find(|asset| asset.name == name)
    }

    /// The address under which a browser may keep the file for ever, below the app's root: it has the version in it.
    pub(crate) fn address(&self, name: &str) -> String {
        let version = self.find(name).map_or("", |asset| asset.version.as_str());
        format!("assets/{name}?v={version}")
    }

    /// The name of plotly.js, if it is served.
    pub(crate) fn plotly(&self) -> Option<&'static str> {
        let mut names = self.assets.iter().map(|asset| asset.name);
        names.find(|name| name.starts_with("plotly"))
    }
}

impl AssetFile {
    fn embedded(file: &EmbeddedFile) -> Self {
        let version = match file.gzip {
            Some(gzip) => version(gzip),
            None => FACE_VERSION.to_owned(),
        };
        Self {
            name: file.name,
            content_type: HeaderValue::from_static(file.content_type),
            etag: quoted(&version),
            gzip: file.gzip.map(|gzip| GzipBytes {
                etag: quoted(&format!("{version}-gzip")),
                bytes: Bytes::from_static(gzip),
            }),
            version,
            plain: Bytes::from_static(file.plain),
        }
    }

    fn own(file: &AppFile) -> Self {
        let version = version(file.text.as_bytes());
        let content_type = match file.kind {
            FileKind::Script => JAVASCRIPT,
            FileKind::Style => CSS,
        };
        Self {
            name: file.name,
            content_type: HeaderValue::from_static(content_type),
            etag: quoted(&version),
            gzip: None,
            version,
            plain: Bytes::from_static(file.text.as_bytes()),
        }
    }
}

/// Changes when the content does.
fn version(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{:016x}", hasher.finish())
}

fn quoted(version: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\""))
        .expect("a version is made of hexadecimal digits and `-gzip`")
}

pub(crate) fn answer(asset: &AssetFile, query: Option<&str>, request: &HeaderMap) -> Response {
    let for_ever = query.and_then(|query| query.strip_prefix("v=")) == Some(&asset.version);
    let cache = if for_ever {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, asset.content_type.clone());
    let gzip = asset.gzip.as_ref().filter(|_| takes_gzip(request));
    let (etag, bytes) = gzip.map_or((&asset.etag, &asset.plain), |gzip| {
        (&gzip.etag, &gzip.bytes)
    });
    headers.insert(ETAG, etag.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if known(request, etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if gzip.is_some() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    (headers, bytes.clone()).into_response()
}

/// Whether the browser has this version already.
fn known(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let (Some(known), Ok(etag)) = (request.get(IF_NONE_MATCH), etag.to_str()) else {
        return false;
    };
    let known = known.to_str().unwrap_or_default();
    known
        .split(',')
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == etag || known == "*")
}

fn takes_gzip(request: &HeaderMap) -> bool {
    let encodings = request
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    encodings
        .flat_map(|value| value.split(','))
        .any(|encoding| {
            let mut parts = encoding.split(';').map(str::trim);
            let gzip = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            gzip && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}
