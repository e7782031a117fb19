//! What one click costs on the wire: every byte between a real browser and the app, counted on its way.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use harness::{Address, Page};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};

use crate::deployment::Deployment;

/// How large the data is, in bytes.
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];

/// The bytes of one click with all the callbacks that follow from it, the heads of requests and answers included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Traffic {
    /// How large the stored value is.
    pub(crate) size: usize,
    /// From the browser to the server.
    pub(crate) up: u64,
    /// From the server to the browser.
    pub(crate) down: u64,
}

/// Counts the bytes of one click for each size.
///
/// The click stores a value of this size where one of the same size is stored already: an app that shows the value before has that to show.
pub(super) async fn measure(deployment: &Deployment<'_>, page: &Page) -> Vec<Traffic> {
    let meter = Meter::before(deployment.app.address().0).await;
    page.open_through(&deployment.app, Address(meter.address), "/")
        .await;
    page.settled().await;
    let (lesson, mut traffic) = (deployment.lesson(), Vec::new());
    for size in SIZES {
        lesson.store(page, &"a".repeat(size), None).await;
        let again = "b".repeat(size);
        let click = lesson.store(page, &again, None);
        traffic.push(meter.count(size, click).await);
    }
    traffic
}

/// Stands before the app, passes everything on and counts it.
struct Meter {
    address: SocketAddr,
    passed: Arc<Passed>,
    /// Stops when this is dropped.
    _accepting: JoinSet<()>,
}

#[derive(Default)]
struct Passed {
    up: AtomicU64,
    down: AtomicU64,
}

impl Meter {
    async fn before(app: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("127.0.0.1 has a free port");
        let address = listener.local_addr();
        let passed = Arc::new(Passed::default());
        let counted = Arc::clone(&passed);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(pass(browser, app, Arc::clone(&counted)));
            }
        });
        Self {
            address: address.expect("a bound socket has an address"),
            passed,
            _accepting: accepting,
        }
    }

    /// What passes until `click` is over.
    async fn count<T>(&self, size: usize, click: impl Future<Output = T>) -> Traffic {
        let Passed { up, down } = &*self.passed;
        up.store(0, Ordering::Relaxed);
        down.store(0, Ordering::Relaxed);
        click.await;
        Traffic {
            size,
            up: up.load(Ordering::Relaxed),
            down: down.load(Ordering::Relaxed),
        }
    }
}

/// Passes one connection on, in both directions, until both are closed. One that breaks is the browser's affair.
async fn pass(browser: TcpStream, app: SocketAddr, passed: Arc<Passed>) {
    let Ok(server) = TcpStream::connect(app).await else {
        return;
    };
    let (from_browser, to_browser) = browser.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(
        copy(from_browser, to_server, &passed.up),
        copy(from_server, to_browser, &passed.down),
    );
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, count: &AtomicU64) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        count.fetch_add(length as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_byte_is_counted_once_in_its_direction() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let meter = Meter::before(server.local_addr().unwrap()).await;
        let traffic = meter.count(7, async {
            let mut browser = TcpStream::connect(meter.address).await.unwrap();
            browser.write_all(b"question").await.unwrap();
            let (mut app, _) = server.accept().await.unwrap();
            let mut asked = [0; 8];
            app.read_exact(&mut asked).await.unwrap();
            app.write_all(b"yes").await.unwrap();
            drop(app);
            let mut answer = Vec::new();
            browser.read_to_end(&mut answer).await.unwrap();
            assert_eq!((&asked[..], &answer[..]), (&b"question"[..], &b"yes"[..]));
        });
        let (size, up, down) = (7, 8, 3);
        assert_eq!(traffic.await, Traffic { size, up, down });
    }
}
