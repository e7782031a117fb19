//! Requests without a browser.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    client::conn::http1::{SendRequest, handshake},
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub SocketAddr);

/// One connection to a server, for as many requests as the server allows.
pub struct Connection {
    address: Address,
    /// This side's address.
    pub local: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

/// What a server answered.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Address {
    /// The address as a browser takes it.
    pub fn url(self, path: &str) -> String {
        format!("http://{}{path}", self.0)
    }

    /// Opens a connection.
    pub async fn connect(self) -> Result<Connection, String> {
        let stream = TcpStream::connect(self.0)
            .await
            .map_err(|error| format!("cannot connect to {}: {error}", self.0))?;
        let local = stream
            .local_addr()
            .map_err(|error| format!("the connection to {} is gone: {error}", self.0))?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|error| format!("{} closed the connection: {error}", self.0))?;
        // The connection's errors reach the one who waits for an answer.
        tokio::spawn(connection);
        Ok(Connection {
            address: self,
            local,
            sender,
        })
    }

    /// Sends one request over a connection of its own.
    pub async fn request(
        self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response, String> {
        self.connect().await?.request(method, path, body).await
    }
}

impl Connection {
    /// Sends a request and reads the whole answer.
    pub async fn request(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response, String> {
        let body = body.map(|body| body.to_string().into());
        self.send(method, path, body).await
    }

    /// Sends a request with these bytes as if they were JSON, and reads the whole answer.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<Response, String> {
        let failed = |error: hyper::Error| format!("{path} has no answer: {error}");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.address.0.to_string());
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Full::new(body.unwrap_or_default()))
            .map_err(|error| format!("{path} is no path: {error}"))?;
        self.sender.ready().await.map_err(failed)?;
        let answer = self.sender.send_request(request).await.map_err(failed)?;
        let (head, body) = answer.into_parts();
        Ok(Response {
            status: head.status,
            headers: head.headers,
            body: body.collect().await.map_err(failed)?.to_bytes(),
        })
    }

    /// Whether the server has closed its side, looked at once the current answer is complete.
    pub async fn is_closed(&mut self) -> bool {
        self.sender.ready().await.is_err()
    }
}

impl Response {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "the body is not JSON ({error}): {}",
                String::from_utf8_lossy(&self.body)
            )
        })
    }

    /// A header that must be there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_else(|| panic!("the answer has no header {name}: {:?}", self.headers))
    }

    /// An entry of `Server-Timing`: its description, and its duration in milliseconds.
    pub fn timing(&self, name: &str) -> (String, f64) {
        let header = self.header("server-timing");
        let mut entries = header.split(", ").map(|entry| entry.split(';'));
        let entry = entries.find_map(|mut entry| (entry.next() == Some(name)).then_some(entry));
        let parameter = |key: &str| entry.clone()?.find_map(|pair| pair.strip_prefix(key));
        let description = parameter("desc=").map(|desc| desc.trim_matches('"').to_owned());
        let duration = parameter("dur=").and_then(|dur| dur.parse().ok());
        let Some(timing) = description.zip(duration) else {
            panic!("Server-Timing tells nothing of {name}: {header}")
        };
        timing
    }

    /// The number of the worker that answered.
    pub fn worker(&self) -> usize {
        let number = self.header("x-worker");
        number
            .parse()
            .unwrap_or_else(|_| panic!("X-Worker is {number:?}: expected a number"))
    }
}
